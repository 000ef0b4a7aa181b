import type { Page } from 'playwright';
import type { GraftApi } from '../../../src/commands/graft-api.ts';

declare global {
  // The page's own door for scripts, seen from inside `page.evaluate`.
  var graft: GraftApi;
}

/** On a busy machine with two cores. */
const LONG_MS = 120_000;

interface PickedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Waits until storage is open and the first backbone is loaded. */
export async function whenReady(page: Page): Promise<void> {
  await page.waitForFunction(() => globalThis.graft !== undefined, undefined, { timeout: LONG_MS });
  await page.evaluate(() => graft.ready());
}

/** Opens the file chooser with `open` and answers it. */
export async function pickFiles(
  page: Page,
  open: () => Promise<void>,
  files: PickedFile | PickedFile[],
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await open();
  await (await chooser).setFiles(files);
}

/** Gives a zip to the empty page as a user does, and waits until its images are in. */
export async function addZip(page: Page, zip: Buffer): Promise<void> {
  const button = page.getByRole('button', { name: 'Choose files or a zip' });
  await pickFiles(page, () => button.click(), { name: 'photos.zip', mimeType: 'application/zip', buffer: zip });
  await whenImported(page);
}

/** While files are read, Data says how many were added so far; only the summary after it can be dismissed. */
export async function whenImported(page: Page): Promise<void> {
  const dismiss = page.getByRole('button', { name: /^Dismiss: [\d,]+ images? added$/ });
  await dismiss.waitFor({ timeout: LONG_MS });
}

/** Presses Train and waits for the headline of the model. */
export async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await whenTrained(page);
}

export async function whenTrained(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Current model' }).waitFor({ timeout: LONG_MS });
}
