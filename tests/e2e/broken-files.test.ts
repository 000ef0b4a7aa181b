import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { somePhotos, zipOf } from '../helpers/node/photos.ts';
import { cardCounts, importEnded, newProject, pickZip } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

let studio: Studio;
let page: Page;
beforeAll(async () => {
  studio = await openStudio();
  page = studio.page;
});
afterAll(() => studio.close());
beforeEach(() => newProject(page));
afterEach(() => expect(studio.problems).toEqual([]));

/** Bytes that look like no format: a fixed sequence, the same on every run. */
function noise(length: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state & 255;
  });
}

/** The start of a PNG of 65,000 x 65,000 px; no more of it has to be there to say no. */
function hugePngHeader(): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.set([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13]);
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(65_000, 16);
  bytes.writeUInt32BE(65_000, 20);
  bytes.set([8, 2, 0, 0, 0], 24);
  return bytes;
}

const text = (content: string) => new TextEncoder().encode(content);

/** Path and reason of every line of the downloaded list. */
async function downloadedList(): Promise<Record<string, string>> {
  await page.getByRole('button', { name: 'Which files, and why' }).click();
  const event = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download list' }).click();
  const download = await event;
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const [, path = '', reason = ''] = /^"?(.*?)"?,"?(.*?)"?$/.exec(line) ?? [];
      return [path, reason];
    }),
  );
}

test('broken files among good ones do not stop them, and are listed with a reason each', async () => {
  const photos = somePhotos(6);
  const [first] = photos;
  const whole = first?.bytes ?? new Uint8Array();
  const bad = [
    { path: 'first/empty.jpg', bytes: new Uint8Array() },
    { path: 'first/half.jpg', bytes: whole.slice(0, whole.length / 2) },
    { path: 'first/page.jpg', bytes: text('<!doctype html><title>Not found</title>') },
    { path: 'second/drawing.svg', bytes: text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') },
    { path: 'second/noise.png', bytes: noise(4000) },
    { path: 'second/huge.png', bytes: hugePngHeader() },
  ];
  await pickZip(page, await zipOf([...bad.slice(0, 3), ...photos, ...bad.slice(3)]));
  expect(await importEnded(page)).toBe('6 images added');
  await expect.poll(() => cardCounts(page)).toEqual({ first: 3, second: 3 });
  const list = await downloadedList();
  const shown = await page.getByRole('listitem').filter({ hasText: 'empty.jpg' }).textContent();
  expect(shown).toContain('The file is empty.');
  const reasons = Object.fromEntries(Object.entries(list).map(([path, reason]) => [path.split('/').at(-1), reason]));
  expect(reasons).toMatchObject({
    'empty.jpg': expect.stringContaining('empty'),
    'half.jpg': expect.stringContaining('damaged'),
    'page.jpg': expect.stringContaining('not an image'),
    'drawing.svg': expect.stringContaining('SVG'),
    'noise.png': expect.stringContaining('not an image'),
    'huge.png': expect.stringContaining('100 megapixels'),
  });
  expect(Object.keys(reasons)).toHaveLength(bad.length);
});

test('a copy is left out and counted, and a photo in two classes is shown as a conflict that one press settles', async () => {
  const photos = somePhotos(6);
  const bytes = photos[0]?.bytes ?? new Uint8Array();
  const extra = ['first/copy.jpg', 'second/again.jpg'].map((path) => ({ path, bytes }));
  await pickZip(page, await zipOf([...photos, ...extra]));
  expect(await importEnded(page)).toBe('7 images added');
  await page.getByText('1 exact copy left out; one of each is kept.', { exact: true }).waitFor();
  await page.getByText('1 photo is in another class too.', { exact: true }).waitFor();
  await expect.poll(() => cardCounts(page)).toEqual({ first: 3, second: 4 });

  await page.getByRole('button', { name: 'Choose the right class' }).click();
  await page.getByRole('button', { name: /^Keep .* in first$/ }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => cardCounts(page)).toEqual({ first: 3, second: 3 });
  expect(await page.getByText('1 photo is in more than one class').count()).toBe(0);
});

test('train, val and test folders stay the split, and one undo takes the whole import back', async () => {
  const parts = ['train', 'train', 'train', 'train', 'val', 'val', 'val', 'val', 'test', 'test', 'test', 'test'];
  const photos = somePhotos(12).map(({ path, bytes }, index) => ({ path: `set/${parts[index]}/${path}`, bytes }));
  await pickZip(page, await zipOf(photos));
  expect(await importEnded(page)).toBe('12 images added');
  await page.getByText('The folders already split the images, and that split is kept.').waitFor();
  const expected = parts.map((part) => ({ train: 'training', val: 'validation', test: 'test' })[part] ?? '');
  for (const part of new Set(expected)) {
    const locked = page.getByRole('option', { name: new RegExp(`, always in ${part}$`) });
    await expect.poll(() => locked.count()).toBe(expected.filter((other) => other === part).length);
  }
  await page.getByRole('button', { name: /^Undo/ }).click();
  await page.getByRole('heading', { name: 'Drop folders of photos here' }).waitFor();
  await page.getByRole('button', { name: /^Redo/ }).click();
  await expect.poll(() => cardCounts(page)).toEqual({ first: 6, second: 6 });
  expect(await page.getByRole('option', { name: /, always in test$/ }).count()).toBe(4);
});

test('a damaged zip dropped beside a good one is told, and the good one comes in', async () => {
  await drop({ 'damaged.zip': [...noise(2000)], 'good.zip': [...(await zipOf(somePhotos(4)))] });
  expect(await importEnded(page)).toBe('4 images added');
  await expect.poll(() => cardCounts(page)).toEqual({ first: 2, second: 2 });
  expect(await downloadedList()).toEqual({ 'damaged.zip': expect.stringContaining('zip file is damaged') });
});

/** Drops files on the page as a hand would. */
async function drop(files: Readonly<Record<string, readonly number[]>>): Promise<void> {
  const transfer = await page.evaluateHandle((named) => {
    const data = new DataTransfer();
    for (const [name, bytes] of Object.entries(named)) data.items.add(new File([Uint8Array.from(bytes)], name));
    return data;
  }, files);
  await page.getByRole('region', { name: 'Data' }).dispatchEvent('drop', { dataTransfer: transfer });
}
