import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { inject } from 'vitest';
import { LAUNCH, oneChromium } from './one-chromium.ts';

export interface Studio {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Everything the page logged as an error or threw. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export interface StudioOptions {
  readonly query?: string;
  /** Kept between two studios to test restarts, each in a browser of its own; nothing is kept otherwise. */
  readonly profileDir?: string;
  /** Another host than the preview server. */
  readonly url?: string;
  /** Blocked unless wanted: every request of the page then passes the routes of the context, and nothing is fetched ahead. */
  readonly serviceWorkers?: 'allow' | 'block';
  /** Runs before the page is opened, for example to set routes. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
}

function openContext(options: StudioOptions): Promise<BrowserContext> {
  const context: BrowserContextOptions = {
    viewport: { width: 1440, height: 1000 },
    serviceWorkers: options.serviceWorkers ?? 'block',
  };
  return options.profileDir === undefined
    ? oneChromium().then((browser) => browser.newContext(context))
    : chromium.launchPersistentContext(options.profileDir, { ...LAUNCH, ...context });
}

/** Opens the built page in a real Chromium, as at a first visit. wasm unless the query says otherwise. */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const context = await openContext(options);
  await options.prepare?.(context);
  const problems: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  await page.goto(`${options.url ?? inject('pageUrl')}${options.query ?? '?backend=wasm'}`);
  return { context, page, problems, close: () => context.close() };
}
