import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { preview } from 'vite';
import type {} from '../src/commands/graft-api.ts';
import type { TrainingSettings } from '../src/domain/settings.ts';
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

/** Starts a run through the door for scripts; a run that is cancelled rejects, which is as it should be here. */
async function train(page: Page, settings: Partial<TrainingSettings>): Promise<void> {
  await page.evaluate((change) => {
    graft.train(change).catch(() => undefined);
  }, settings);
}

async function takeAll(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'graft' in window);
  await page.evaluate(() => graft.ready());
  await shoot(page, 'empty', 'top');

  await page.getByRole('button', { name: 'Try with sample images' }).click();
  await page
    .getByText(/images added$/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: /^Dismiss: .* added/ }).click();
  // With the usual settings the run would be over before its pictures are taken: this one is slow, and thrown away.
  await train(page, { epochs: 1000, patience: 0, hiddenUnits: 1024, batchSize: 4, learningRate: 0.0002 });
  await page.getByText(/^Epoch (1[2-9]|[2-9]\d) of/).waitFor({ timeout: 120_000 });
  await shoot(page, 'training', 'train');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
  await train(page, { epochs: 50, patience: 5, hiddenUnits: 'auto', batchSize: 32, learningRate: 0.001 });
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
