import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { inject } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.ts';

export interface Studio {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Everything the page logged as an error or threw. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export interface StudioOptions {
  readonly query?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Kept between two studios to test restarts; a fresh one otherwise. */
  readonly profileDir?: string;
  /** Another host than the preview server. */
  readonly url?: string;
  /** Without a service worker every request of the page passes the routes of the context. */
  readonly serviceWorkers?: 'allow' | 'block';
  /** Runs before the page is opened, for example to set routes. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
}

/** Opens the built page in a real Chromium with a profile of its own. wasm unless the query says otherwise. */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const ownProfile = options.profileDir === undefined;
  const profileDir = options.profileDir ?? mkdtempSync(join(tmpdir(), 'graft-e2e-'));
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profileDir, {
    headless: true,
    args: CHROMIUM_ARGS,
    ...(executablePath === null ? {} : { executablePath }),
    viewport: { width: options.width ?? 1440, height: options.height ?? 1000 },
    colorScheme: options.colorScheme ?? 'light',
    acceptDownloads: true,
    serviceWorkers: options.serviceWorkers ?? 'allow',
  });
  await options.prepare?.(context);
  const problems: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  await page.goto(`${options.url ?? inject('pageUrl')}${options.query ?? '?backend=wasm'}`);
  return {
    context,
    page,
    problems,
    close: async () => {
      await context.close();
      if (ownProfile) rmSync(profileDir, { recursive: true, force: true });
    },
  };
}
