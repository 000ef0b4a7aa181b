import type { Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
  total,
} from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

let studio: Studio;
let page: Page;
beforeEach(async () => {
  studio = await openStudio();
  page = studio.page;
});
afterEach(() => studio.close());

/** Reloads the moment the import says that some images are in, and some are not. @returns how many it said. */
async function reloadInTheMiddleOfImport(): Promise<number> {
  const reloaded = page.waitForEvent('load');
  await page.evaluate(() => {
    const look = () => {
      const running = document.querySelector('[role="progressbar"]') !== null;
      const said = Number(/(\d+) images? added/.exec(document.body.textContent ?? '')?.[1] ?? 0);
      if (!running || said === 0) return void requestAnimationFrame(look);
      sessionStorage.setItem('said', String(said));
      location.reload();
    };
    look();
  });
  await reloaded;
  return page.evaluate(() => Number(sessionStorage.getItem('said')));
}

/** How many images the page said it had to prepare, at most, since this was called. */
async function watchPreparing(): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    document.documentElement.dataset.toPrepare = '0';
    new MutationObserver(() => {
      const [, count = '0'] = /Preparing features: \d+ of (\d+) images/.exec(document.body.textContent ?? '') ?? [];
      const most = Math.max(Number(count), Number(document.documentElement.dataset.toPrepare));
      document.documentElement.dataset.toPrepare = String(most);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => Number(document.documentElement.dataset.toPrepare));
}

test('a reload in the middle of an import keeps every image that was said to be in; the rest comes in by adding again', async () => {
  const { zip, counts } = await labelledZip(40);
  await pickZip(page, zip);
  const said = await reloadInTheMiddleOfImport();
  await page
    .getByRole('article', { name: /^Class / })
    .first()
    .waitFor();
  const kept = total(await cardCounts(page));
  expect(kept).toBeGreaterThanOrEqual(said);
  expect(kept).toBeLessThan(total(counts));
  await pickZip(page, zip);
  expect(await importEnded(page)).toBe(`${total(counts) - kept} images added`);
  await expect.poll(() => cardCounts(page)).toEqual(counts);
});

describe('a reload in the middle of training', () => {
  let before: Record<string, number>;
  beforeEach(async () => {
    const { zip, counts } = await labelledZip(16);
    before = counts;
    await pickZip(page, zip);
    await importEnded(page);
    await ready(page);
  });

  test('leaves no half run, and no prepared image is prepared again', async () => {
    await setEpochs(page, 3);
    await pressTrain(page);
    const preparing = page.getByText(/^Preparing features: [1-9]\d* of \d+ images/);
    await preparing.waitFor();
    const doneCount = Number(/features: (\d+)/.exec((await preparing.textContent()) ?? '')?.[1]);
    await page.reload();
    await ready(page);
    await expect.poll(() => cardCounts(page)).toEqual(before);
    expect(await runs(page)).toEqual([]);

    const toPrepare = await watchPreparing();
    await startLongRun(page);
    expect(await toPrepare()).toBeGreaterThan(0);
    expect(await toPrepare()).toBeLessThanOrEqual(total(before) - doneCount);
    await page.reload();
    await ready(page);
    await expect.poll(() => cardCounts(page)).toEqual(before);
    expect(await runs(page)).toEqual([]);

    const toPrepareAgain = await watchPreparing();
    await setEpochs(page, 3);
    await pressTrain(page);
    await headline(page);
    expect(await toPrepareAgain()).toBe(0);
    expect(await runs(page)).toHaveLength(1);
    expect(studio.problems).toEqual([]);
  });
});
