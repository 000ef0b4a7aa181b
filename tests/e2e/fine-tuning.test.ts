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

const VERDICT = /Fine-tuning (brought|made the model surer|did not help)/;

test('one stage is chosen and trained; the run says whether it helped, classifies, and is the same after a reload', async () => {
  const { page } = studio;
  const { zip, counts } = await labelledZip(10);
  await pickZip(page, zip);
  await importEnded(page);
  await ready(page);
  await setEpochs(page, 5);
  await page.getByRole('button', { name: /^Fine-tuning/ }).click();
  await page.getByRole('radio', { name: /^Head/ }).focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText(/^Trains [\d,]+ of [\d,]+ weights of the network, and the head\.$/).waitFor();
  await page.getByText(/^A guess: /).waitFor();
  await page.getByRole('textbox', { name: 'Fine-tuning epochs' }).fill('2');
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
  expect(studio.problems).toEqual([]);
});
