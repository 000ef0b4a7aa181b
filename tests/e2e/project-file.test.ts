import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshPhoto, labelledZip } from '../helpers/node/photos.ts';
import { cardCounts, chooseFile, importEnded, pickZip, ready, runs, tryImage } from '../helpers/node/steps.ts';
import { openStudio } from '../helpers/node/studio.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'graft-project-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a project saved to a file opens on another machine with its images, classes and run, and classifies there', async () => {
  const here = await openStudio();
  const { zip, counts } = await labelledZip(10);
  await pickZip(here.page, zip);
  await importEnded(here.page);
  const { testAccuracyRatio } = await here.page.evaluate(() => graft.train({ head: 'network', epochs: 5 }));
  const saidHere = await tryImage(here.page, freshPhoto());
  await here.page.getByRole('button', { name: /^Project / }).click();
  const event = here.page.waitForEvent('download');
  await here.page.getByRole('menuitem', { name: /^Save to a file/ }).click();
  const download = await event;
  expect(download.suggestedFilename()).toMatch(/\.graft\.zip$/);
  const file = join(dir, download.suggestedFilename());
  await download.saveAs(file);
  await here.close();

  const there = await openStudio();
  const { page } = there;
  await ready(page);
  await page.getByRole('button', { name: /^Project / }).click();
  await page.getByRole('menuitem', { name: /^Open project/ }).click();
  await chooseFile(page, 'Open from a file', file);
  await expect.poll(() => cardCounts(page), { timeout: 20_000 }).toEqual(counts);
  await page.getByRole('region', { name: 'Current model' }).waitFor();
  expect(await runs(page)).toMatchObject([{ testAccuracyRatio }]);
  expect(await tryImage(page, freshPhoto())).toEqual(saidHere);
  expect([...here.problems, ...there.problems]).toEqual([]);
  await there.close();
});
