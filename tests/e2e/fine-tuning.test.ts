import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible, loadAxe } from '../helpers/node/axe.ts';
import { freshPhoto, labelledZip } from '../helpers/node/photos.ts';
import { headline, importEnded, pickZip, pressTrain, ready, setEpochs, tryImage } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.close());

/** After one epoch the head knows so little that training more is sure to help. */
const VERDICT = /Fine-tuning (brought|made the model surer)/;

test('one stage is chosen and trained; the run classifies, is the same after a reload, and is gone on from', async () => {
  const { page } = studio;
  const { zip, counts } = await labelledZip(10);
  await pickZip(page, zip);
  await importEnded(page);
  await ready(page);
  await setEpochs(page, 1);
  await page.getByRole('button', { name: /^Fine-tuning/ }).click();
  await page.getByRole('radio', { name: /^Head/ }).focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText(/^Trains [\d,]+ of [\d,]+ weights of the network, and the head\.$/).waitFor();
  await page.getByText(/^A guess: /).waitFor();
  await page.getByRole('textbox', { name: 'Fine-tuning rate' }).fill('0.3');
  await page.getByRole('textbox', { name: 'Fine-tuning epochs' }).fill('3');
  await loadAxe(page);
  await expectAccessible(page);
  await pressTrain(page);
  // The second phase may pass too quickly to be read: what stays of it is looked at.
  expect(await headline(page)).toMatch(VERDICT);
  await page.getByRole('figure', { name: 'Loss' }).getByText('Fine-tuning', { exact: true }).waitFor();
  expect(await tryImage(page, freshPhoto())).toHaveLength(Object.keys(counts).length);
  await page.reload();
  await ready(page);
  expect(await headline(page)).toMatch(VERDICT);
  expect(await tryImage(page, freshPhoto())).toHaveLength(Object.keys(counts).length);
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'More for Run 1' }).click();
  await page.getByRole('menuitem', { name: /^Continue training/ }).click();
  await page.getByText(/^Run 2: 3 epochs, all epochs done/).waitFor();
  expect(await headline(page)).toContain('Fine-tuning further');
  expect(await tryImage(page, freshPhoto())).toHaveLength(Object.keys(counts).length);
  expect(studio.problems).toEqual([]);
});
