import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labelledZip } from '../helpers/node/photos.ts';
import {
  cardCounts,
  headline,
  importEnded,
  pickZip,
  pressTrain,
  ready,
  runs,
  setEpochs,
  startLongRun,
} from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

/** Ends the engine's worker from inside, which tells the page nothing. */
async function endEngineWorker(page: Page): Promise<void> {
  for (const worker of page.workers()) {
    if ((await worker.evaluate(() => self.name)) !== 'graft-engine') continue;
    await worker.evaluate(() => self.close());
    return;
  }
  throw new Error('There is no engine to end.');
}

describe('when the browser takes the engine away during training', () => {
  let studio: Studio;
  let page: Page;
  let counts: Record<string, number>;

  beforeAll(async () => {
    studio = await openStudio();
    page = studio.page;
    const photos = await labelledZip(12);
    counts = photos.counts;
    await pickZip(page, photos.zip);
    await importEnded(page);
    await ready(page);
  });
  afterAll(() => studio.close());

  test('the page says so and what to do, beside the button and in a message', async () => {
    await startLongRun(page);
    await endEngineWorker(page);
    const alert = page.getByRole('alert').filter({ hasText: 'The engine stopped unexpectedly.' });
    await alert.waitFor({ timeout: 10_000 });
    expect(await alert.textContent()).toContain('Your images, labels and finished runs are kept.');
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('The engine stopped and is starting again.').waitFor();
  });

  test('the data is still there and no half run is in the list', async () => {
    await expect.poll(() => cardCounts(page)).toEqual(counts);
    expect(await runs(page)).toEqual([]);
  });

  test('the engine comes back by itself and a second training works', async () => {
    await page.getByRole('button', { name: /^Device: WebAssembly/ }).waitFor({ timeout: 60_000 });
    await setEpochs(page, 5);
    await pressTrain(page);
    expect(await headline(page)).toMatch(/% of test images right/);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
