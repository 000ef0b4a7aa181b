import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GraftApi } from '../../src/commands/graft-api.ts';
import { labelledZip } from '../helpers/node/photos.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

declare global {
  // The page's own door for scripts, seen from inside `page.evaluate`.
  var graft: GraftApi;
}

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.close());

test('a stranger drops a zip of photos, trains, sees honest results, downloads the model and classifies with it', async () => {
  const { page } = studio;
  const { zip } = await labelledZip(24);
  await page.getByTestId('file-input').setInputFiles({ name: 'photos.zip', mimeType: 'application/zip', buffer: zip });
  await page
    .getByText(/images? added/i)
    .first()
    .waitFor();

  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByTestId('headline-accuracy').waitFor({ timeout: 200_000 });
  await page.getByRole('tab', { name: 'Results' }).click();
  await page
    .getByText(/95 % sure/)
    .first()
    .waitFor();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download model' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
  expect(studio.problems).toEqual([]);
});
