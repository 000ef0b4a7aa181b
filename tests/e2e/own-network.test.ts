import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible, openStudioWithAxe } from '../helpers/node/axe.ts';
import { drawnZip } from '../helpers/node/drawn-pictures.ts';
import { dropFiles, importEnded, pickZip, ready } from '../helpers/node/steps.ts';
import type { Studio } from '../helpers/node/studio.ts';

const NETWORK = 'tests/fixtures/keras/functional-keras3.h5';

let studio: Studio;
let page: Page;
beforeAll(async () => {
  studio = await openStudioWithAxe();
  page = studio.page;
});
afterAll(() => studio.close());

test('a network of one’s own is dropped, used and trained on, and a reload finds it in use', async () => {
  await page.getByRole('button', { name: /^Backbone: / }).click();
  await page.getByRole('dialog', { name: 'Backbone' }).waitFor();
  await expectAccessible(page, [1440]);

  await dropFiles(page.getByText('Use your own network'), [NETWORK]);
  const found = page.getByRole('dialog', { name: 'Your network' });
  await found.getByRole('button', { name: 'Use this network' }).waitFor();
  await expectAccessible(page, [1440]);
  await found.getByRole('textbox', { name: 'Name' }).fill('Shapes');
  await found.getByRole('button', { name: 'Use this network' }).click();
  await found.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Backbone: Shapes/ }).waitFor();

  await pickZip(page, await drawnZip(['circles', 'squares'], 8));
  await importEnded(page);
  await page.evaluate(() => graft.train({ head: 'network', epochs: 3 }));
  await page.reload();
  await ready(page);
  await page.getByRole('button', { name: /^Backbone: Shapes/ }).waitFor();
  expect((await page.evaluate(() => graft.project())).backboneId).toMatch(/^own-/);
  await page.getByRole('region', { name: 'Current model' }).getByText('Shapes').waitFor();
  expect(studio.problems).toEqual([]);
});
