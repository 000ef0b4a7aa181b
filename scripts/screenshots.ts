import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { preview } from 'vite';
import { buildWhenStale } from './build-when-stale.ts';
import { CHROMIUM_ARGS, ensureChromium } from './chromium.ts';
import { prepare } from './prepare.ts';

/**
 * Makes docs/screenshots/{light,dark}-{1440,390}-{empty,training,done,results}.png from the built page with the sample
 * drawings. Seeds are fixed; times and speeds in the pictures are those of the machine.
 */
const OUT = join('docs', 'screenshots');
const WIDTHS = [1440, 390] as const;
const SCHEMES = ['light', 'dark'] as const;
const HEIGHT_PX = { 1440: 1000, 390: 844 } as const;

/** What is to be seen on a narrow screen, where not everything fits. */
type Sight = 'top' | 'train' | 'results';

/** Every scheme and width of the page as it stands. */
async function shoot(page: Page, name: string, sight: Sight): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT_PX[width] });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await lookAt(page, width === 390 || sight === 'results' ? sight : 'top');
      await page.screenshot({ path: join(OUT, `${colorScheme}-${width}-${name}.png`), animations: 'disabled' });
    }
  }
  console.log(`${name}: ${WIDTHS.length * SCHEMES.length} pictures`);
}

async function lookAt(page: Page, sight: Sight): Promise<void> {
  await page.mouse.move(0, 0);
  if (sight === 'top') await page.evaluate(() => scrollTo(0, 0));
  else {
    const region = page.getByRole('region', { name: sight === 'train' ? 'Train' : 'Results', exact: true });
    await region.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  }
  // Two frames: the charts measure themselves in the first and draw in the second.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function takeAll(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'graft' in window);
  await page.evaluate(() => (window as unknown as { graft: { ready(): Promise<void> } }).graft.ready());
  await shoot(page, 'empty', 'top');

  await page.getByRole('button', { name: 'Try with sample images' }).click();
  await page
    .getByText(/images added$/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: /^Dismiss: .* added/ }).click();
  // A long run warms up slowly: it is still going when its pictures are taken.
  await page.getByRole('textbox', { name: 'Epochs' }).fill('500');
  await page.getByRole('textbox', { name: 'Epochs' }).press('Enter');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByText(/^Epoch ([4-9]|\d\d+) of/).waitFor({ timeout: 120_000 });
  await shoot(page, 'training', 'train');
  if (await page.getByRole('button', { name: 'Train', exact: true }).isVisible()) {
    throw new Error('The run ended before its pictures were taken; run the command again.');
  }
  await page.getByRole('button', { name: 'See the results' }).waitFor({ timeout: 120_000 });
  await shoot(page, 'done', 'train');
  await page.getByRole('button', { name: 'See the results' }).click();
  await page.getByRole('heading', { name: 'Scores of every class' }).waitFor();
  await shoot(page, 'results', 'results');
}

const root = process.cwd();
await prepare(root);
await buildWhenStale(root);
mkdirSync(OUT, { recursive: true });
const server = await preview({
  root,
  preview: { port: 4320, strictPort: false, host: 'localhost' },
  logLevel: 'warn',
});
const profileDir = mkdtempSync(join(tmpdir(), 'graft-pictures-'));
try {
  const executablePath = ensureChromium();
  const context = await chromium.launchPersistentContext(profileDir, {
    headless: true,
    args: CHROMIUM_ARGS,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  await takeAll(await context.newPage(), `${server.resolvedUrls?.local[0] ?? ''}?backend=wasm`);
  await context.close();
} finally {
  rmSync(profileDir, { recursive: true, force: true });
  await server.close();
}
