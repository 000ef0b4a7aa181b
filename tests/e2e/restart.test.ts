import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshPhoto, labelledZip } from '../helpers/node/photos.ts';
import {
  cardCounts,
  headline,
  importEnded,
  killBrowser,
  pickZip,
  pressTrain,
  ready,
  runs,
  setEpochs,
  total,
  tryImage,
} from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

const profileDir = mkdtempSync(join(tmpdir(), 'graft-profile-'));
let counts: Record<string, number>;
let studio: Studio;
let page: Page;

async function open(): Promise<void> {
  studio = await openStudio({ profileDir });
  page = studio.page;
}

beforeAll(open);
afterAll(async () => {
  await studio.close();
  rmSync(profileDir, { recursive: true, force: true, maxRetries: 5 });
});

test('a browser killed right after an import was said to be done has all of it when it starts again', async () => {
  const photos = await labelledZip(12);
  counts = photos.counts;
  await pickZip(page, photos.zip);
  expect(await importEnded(page)).toBe(`${total(counts)} images added`);
  await killBrowser(studio.context);

  await open();
  await page
    .getByRole('article', { name: /^Class / })
    .first()
    .waitFor();
  await expect.poll(() => cardCounts(page)).toEqual(counts);
});

test('a restart of the browser keeps images, names, settings and runs, and the trained model answers without training', async () => {
  const [name = '', ...others] = Object.keys(counts);
  const field = page.getByRole('textbox', { name: `Name of class ${name}` });
  await field.fill('renamed');
  await field.press('Enter');
  await ready(page);
  await setEpochs(page, 4);
  await pressTrain(page);
  const words = await headline(page);
  const said = await tryImage(page, freshPhoto());
  await studio.close();

  await open();
  expect(await headline(page)).toBe(words);
  await expect.poll(async () => Object.keys(await cardCounts(page))).toEqual(['renamed', ...others]);
  await expect.poll(async () => total(await cardCounts(page))).toBe(total(counts));
  expect(await page.getByRole('textbox', { name: 'Epochs' }).inputValue()).toBe('4');
  await ready(page);
  expect(await tryImage(page, freshPhoto())).toEqual(said);
  expect(await runs(page)).toHaveLength(1);
});
