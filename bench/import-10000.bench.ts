import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import type { Page } from 'playwright';
import { importZip, withBuiltPage } from './helpers/built-page.ts';

const CLASS_COUNT = 10;
/** A JPEG of 32 x 16 px: what is measured is the page, not the decoder. */
const PICTURE = 'tests/fixtures/engine/halves.jpg';

/** JPEGs that differ in a number behind their end, which decoders pass over, in a stored zip with a folder a class. */
async function zipOfPictures(count: number): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'graft-many-')), 'many.zip');
  const writer = new ZipWriter(Writable.toWeb(createWriteStream(file)), { level: 0, useWebWorkers: false });
  const picture = readFileSync(PICTURE);
  for (let index = 0; index < count; index += 1) {
    const bytes = Buffer.concat([picture, Buffer.from(String(index))]);
    await writer.add(`class ${index % CLASS_COUNT}/${index}.jpg`, new Uint8ArrayReader(bytes));
  }
  await writer.close();
  return file;
}

interface LongTask {
  /** Since the watch began. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** Has the page note its long tasks (over 50 ms) and the longest time between two frames. */
async function watchPageThread(page: Page): Promise<() => Promise<{ tasks: LongTask[]; longestFrameMs: number }>> {
  const handle = await page.evaluateHandle(() => {
    const seen = { tasks: [] as LongTask[], longestFrameMs: 0 };
    const beginMs = performance.now();
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        seen.tasks.push({ startMs: startTime - beginMs, durationMs: duration });
      }
    }).observe({ entryTypes: ['longtask'] });
    // A loop without a name: the compiler of this script marks named functions with a helper the page does not have.
    void (async () => {
      for (let lastMs = performance.now(); ; ) {
        const nowMs = await new Promise<number>(requestAnimationFrame);
        seen.longestFrameMs = Math.max(seen.longestFrameMs, nowMs - lastMs);
        lastMs = nowMs;
      }
    })();
    return seen;
  });
  return () => handle.jsonValue();
}

/** Heap of the page after a collection, MB. */
async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}

/** Since the navigation began, until all images are in the page and a first tile is drawn; seconds. */
async function openAgain(page: Page, count: number): Promise<number> {
  await page.reload({ waitUntil: 'commit' });
  await page.waitForFunction(() => typeof graft === 'object');
  return await page.evaluate(async (wanted) => {
    while ((await graft.project()).imageCount < wanted) await new Promise(requestAnimationFrame);
    while (document.querySelector('img[src^="data:image/"]') === null) await new Promise(requestAnimationFrame);
    return performance.now() / 1000;
  }, count);
}

/**
 * `npm run bench import-10000 [count]`: imports that many small JPEGs through the built page, and opens the project again.
 * Prints the rate, how long the page's thread was held, and its heap.
 */
export async function run(args: string[]): Promise<void> {
  const count = Number(args[0] ?? 10_000);
  const zip = await zipOfPictures(count);
  try {
    await withBuiltPage({ backend: 'wasm', backbonesDir: null }, async (page) => {
      const heapBefore = await heapMegabytes(page);
      const seen = await watchPageThread(page);
      const { addedCount, seconds } = await importZip(page, zip);
      const { tasks, longestFrameMs } = await seen();
      const tooLong = tasks.filter(({ durationMs }) => durationMs > 100);
      const longestMs = Math.max(0, ...tasks.map(({ durationMs }) => durationMs));
      const heapAfter = await heapMegabytes(page);
      console.log(`${addedCount} images in ${seconds.toFixed(1)} s: ${Math.round(addedCount / seconds)} a second`);
      console.log(
        `page thread: longest task ${Math.round(longestMs)} ms, ${tasks.length} over 50 ms, ${tooLong.length} over 100 ms; longest gap between frames ${Math.round(longestFrameMs)} ms`,
      );
      for (const { startMs, durationMs } of tooLong) {
        console.log(`  ${Math.round(durationMs)} ms, ${(startMs / 1000).toFixed(1)} s after the beginning`);
      }
      console.log(`heap of the page ${heapBefore.toFixed(1)} MB before, ${heapAfter.toFixed(1)} MB after`);
      console.log(`opened again in ${(await openAgain(page, count)).toFixed(2)} s (reload to first thumbnail)`);
    });
  } finally {
    rmSync(dirname(zip), { recursive: true, force: true });
  }
}
