import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Download, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneChromium } from '../helpers/node/one-chromium.ts';
import { freshPhoto, labelledZip } from '../helpers/node/photos.ts';
import { PlainHost } from '../helpers/node/plain-host.ts';
import {
  cardCounts,
  headline,
  importEnded,
  pickZip,
  pressTrain,
  ready,
  total,
  tryImage,
  unzipDownload,
} from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

/** Stands for the library's global in the fresh page. */
type Tf = typeof import('@tensorflow/tfjs');

/** As a page without a build step loads them; one thread, on a plain host. */
const LIBRARIES = ['tfjs/dist/tf.min.js', 'tfjs-backend-wasm/dist/tf-backend-wasm.min.js'];
const WASM = 'tfjs-backend-wasm-simd.wasm';

/** So that each part holds some of every class. */
const PHOTOS_PER_CLASS = 10;

interface Expected {
  readonly tolerance: number;
  readonly labels: readonly string[];
  readonly samples: readonly { readonly pixels: string; readonly probabilities: readonly number[] }[];
}

/** Runs in a page that has only tfjs: what the model says of the pixels in these PNGs, scaled as its read-me says. */
async function classifyWithPlainTfjs(pictures: readonly string[]): Promise<number[][]> {
  const tf = (globalThis as unknown as { tf: Tf }).tf;
  await tf.setBackend('wasm');
  const model = await tf.loadLayersModel('model.json');
  const answers: number[][] = [];
  for (const picture of pictures) {
    const image = new Image();
    image.src = picture;
    await image.decode();
    const pixels = tf.browser.fromPixels(image).toFloat().div(127).sub(1).expandDims(0);
    const output = model.predict(pixels);
    if (Array.isArray(output)) throw new Error('The model has one output.');
    answers.push([...(await output.data())]);
  }
  return answers;
}

/** Loads the files of a download in a profile that has never seen Graft. */
async function classifyElsewhere(files: ReadonlyMap<string, Uint8Array>, pictures: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'graft-download-'));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  }
  copyFileSync(resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist', WASM), join(dir, WASM));
  writeFileSync(join(dir, 'blank.html'), '<!doctype html><title>Only tfjs</title>');
  const host = new PlainHost(dir);
  await host.listen();
  const context = await (await oneChromium()).newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${host.url}blank.html`);
    for (const path of LIBRARIES) await page.addScriptTag({ path: resolve('node_modules/@tensorflow', path) });
    return await page.evaluate(classifyWithPlainTfjs, pictures);
  } finally {
    await context.close();
    host.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The first filled cell of the confusion matrix: the classes it stands for and its count. */
async function openFirstCell(page: Page) {
  const cell = page.getByRole('button', { name: /^Actual .*: [1-9]\d*,/ }).first();
  const name = (await cell.getAttribute('aria-label')) ?? '';
  const [, actual, predicted, count] = /^Actual (.+), predicted (.+): (\d+),/.exec(name) ?? [];
  await cell.click();
  return { actual, predicted, count: Number(count) };
}

describe('a stranger with a zip of photos', () => {
  let studio: Studio;
  let page: Page;
  let download: Download;

  beforeAll(async () => {
    studio = await openStudio();
    page = studio.page;
  });
  afterAll(() => studio.close());

  test('picks it and sees a card for every class, with its count and thumbnails', async () => {
    const { zip, counts } = await labelledZip(PHOTOS_PER_CLASS);
    await pickZip(page, zip);
    expect(await importEnded(page)).toBe(`${total(counts)} images added`);
    await expect.poll(() => cardCounts(page)).toEqual(counts);
    for (const name of Object.keys(counts)) {
      const picture = page
        .getByRole('article', { name: `Class ${name}` })
        .locator('img')
        .first();
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    }
  });

  test('turns on answers while adding, and tries a photo before anything is trained', async () => {
    await ready(page);
    const { counts } = await labelledZip(PHOTOS_PER_CLASS);
    await page.getByText('Answer while I add images').click();
    const words = page.getByText(`Answering from class averages of ${total(counts)} images.`);
    await words.waitFor({ timeout: 120_000 });
    expect(await tryImage(page, freshPhoto())).toHaveLength(Object.keys(counts).length);
  });

  test('presses Train, watches the curves grow, and reads how good the model is and how sure that is', async () => {
    await ready(page);
    await pressTrain(page);
    // So few photos are learnt before a passing line could be read: what stays is looked at.
    const live = page.getByRole('tabpanel', { name: 'Live' });
    await live.getByText(/: \d+ epochs?, /).waitFor({ timeout: 60_000 });
    // What Automatic chooses may be fitted in one go: then the curve is a single point, which has no size.
    await live.locator('.recharts-line').first().waitFor({ state: 'attached' });
    const words = await headline(page);
    expect(words).toMatch(/\d+\s% of test images right/);
    expect(words).toMatch(/95\s% sure between \d+ and \d+/);
    expect(words).toMatch(/\d+ held-out images/);
    expect(words).toMatch(/Before any training: \d+\s%\. Training /);
  });

  test('opens a cell of the matrix and sees exactly its images', async () => {
    await page.getByRole('tab', { name: 'Results' }).click();
    await page.getByText(/Accuracy on test images/i).waitFor();
    const { actual, predicted, count } = await openFirstCell(page);
    const gallery = page.getByRole('region', {
      name: actual === predicted ? `${actual}, recognised` : `${actual} taken for ${predicted}`,
    });
    const tiles = gallery.getByRole('listitem');
    await expect.poll(() => tiles.count()).toBe(count);
    for (const words of await tiles.locator('dl').allInnerTexts()) {
      expect(words.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`^Actual ${actual} Predicted ${predicted} `, 'i'));
    }
  });

  test('tries a photo the model has not seen', async () => {
    const { counts } = await labelledZip(PHOTOS_PER_CLASS);
    const bars = await tryImage(page, freshPhoto());
    expect(bars).toHaveLength(Object.keys(counts).length);
    for (const bar of bars) expect(bar).toMatch(/\d+\s%/);
  });

  test('downloads the model', async () => {
    const event = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download model' }).click();
    download = await event;
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
  });

  test('loads it elsewhere with tfjs alone, where it says the same of the same pixels', async () => {
    const files = await unzipDownload(download);
    for (const path of ['model.json', 'weights.bin', 'metadata.json', 'labels.txt', 'model-card.md', 'index.html'])
      expect([...files.keys()]).toContain(path);
    const expected: Expected = JSON.parse(new TextDecoder().decode(files.get('parity/expected.json')));
    expect(expected.samples).toHaveLength(5);
    expect(expected.tolerance).toBe(1e-4);
    const pictures = expected.samples.map(({ pixels }) => `parity/${pixels}`);
    const answers = await classifyElsewhere(files, pictures);
    for (const [index, { probabilities }] of expected.samples.entries()) {
      const differences = probabilities.map((value, at) => Math.abs(value - (answers[index]?.[at] ?? Number.NaN)));
      expect(Math.max(...differences)).toBeLessThan(expected.tolerance);
    }
  });

  test('and the page logged no error in all of it', () => expect(studio.problems).toEqual([]));
});
