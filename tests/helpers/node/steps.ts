import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { BlobReader, type Entry, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { BrowserContext, Download, Locator, Page } from 'playwright';

/** The most a step may take on a busy machine with two cores, ms. */
const LONG_MS = 120_000;

/** `DragData.dragOperationsMask` of Chrome's protocol. */
const COPY = 1;

interface PickedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A file as Playwright's file pickers take it. */
function zipFile(buffer: Buffer, name = 'photos.zip'): PickedFile {
  return { name, mimeType: 'application/zip', buffer };
}

/** Opens the system's picker with `open` and chooses files there; a text is a path. */
export async function pickFiles(
  page: Page,
  open: () => Promise<void>,
  files: PickedFile | PickedFile[] | string,
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await open();
  await (await chooser).setFiles(files);
}

/** Drags files of this machine onto a place and lets them go there, as from the system's file manager. */
export async function dropFiles(place: Locator, paths: readonly string[]): Promise<void> {
  const box = await place.boundingBox();
  if (box === null) throw new Error('There is nothing to drop files on.');
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: paths.map((path) => resolve(path)), dragOperationsMask: COPY };
  const session = await place.page().context().newCDPSession(place.page());
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await session.detach();
}

/** Chooses a file with the button of this name. */
export function chooseFile(page: Page, button: string | RegExp, file: PickedFile | string): Promise<void> {
  return pickFiles(page, () => page.getByRole('button', { name: button }).click(), file);
}

/** Picks a zip with the page's own button; does not wait for the import. */
export function pickZip(page: Page, zip: Buffer): Promise<void> {
  return chooseFile(page, /^(Choose files or a zip|Add files or a zip)$/, zipFile(zip));
}

/** Waits until an import has ended. @returns its closing words, for example "72 images added". */
export async function importEnded(page: Page): Promise<string> {
  const dismiss = page.getByRole('button', { name: /^Dismiss: .*added/ });
  await dismiss.waitFor({ timeout: LONG_MS });
  return (await dismiss.getAttribute('aria-label'))?.replace('Dismiss: ', '') ?? '';
}

/** Class names with the counts their cards show, in order; a class without images shows none. */
export async function cardCounts(page: Page): Promise<Record<string, number>> {
  const cards = page.getByRole('article', { name: /^Class / });
  const entries = await cards.evaluateAll((articles) =>
    articles.map((article) => [
      article.getAttribute('aria-label')?.replace('Class ', '') ?? '',
      Number(/([\d,]+) images?\b/.exec(article.textContent ?? '')?.[1]?.replace(',', '') ?? 0),
    ]),
  );
  return Object.fromEntries(entries);
}

export const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Waits until an engine and a network are there. */
export const ready = (page: Page): Promise<void> => page.evaluate(() => graft.ready());

/** Leaves what is open and begins with an empty page. */
export async function newProject(page: Page): Promise<void> {
  const project = page.getByRole('button', { name: /^Project / });
  const left = await project.getAttribute('aria-label');
  await project.click();
  await page.getByRole('menuitem', { name: 'New project' }).click();
  await page.locator(`[aria-label^="Project "]:not([aria-label="${left}"])`).waitFor();
}

/** Chooses the head in the form. */
async function chooseHead(page: Page, name: string): Promise<void> {
  await page.getByLabel('Head', { exact: true }).click();
  await page.getByRole('option', { name }).click();
}

/** Sets the number of epochs in the form, which only a network has. */
export async function setEpochs(page: Page, epochs: number): Promise<void> {
  await chooseHead(page, 'Network');
  const field = page.getByRole('textbox', { name: 'Epochs' });
  await field.fill(String(epochs));
  await field.press('Enter');
}

/** The runs of the open project. */
export const runs = (page: Page) => page.evaluate(() => graft.project().then((project) => project.runs));

/**
 * Starts a run of 1,000 long epochs and waits for its first. Through the door for scripts: with settings of the form's
 * first page a run of so few photos would be over before anything could happen to it.
 */
export async function startLongRun(page: Page): Promise<void> {
  await page.evaluate(() => {
    // It is meant to be broken off; what the page says of that is looked at by the test.
    graft.train({ head: 'network', epochs: 1000, patience: 0, hiddenUnits: 1024, batchSize: 4 }).catch(() => undefined);
  });
  await page.getByText(/^epoch [1-9]\d* of 1000/).waitFor({ timeout: 60_000 });
}

/** Presses Train. */
export function pressTrain(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Train', exact: true }).click();
}

/** The panel's headline of the current model; waits for it. @returns its words. */
export async function headline(page: Page): Promise<string> {
  const model = page.getByRole('region', { name: 'Current model' });
  await model.waitFor({ timeout: LONG_MS });
  return (await model.textContent()) ?? '';
}

/** Shows "Try it" one image and waits for its bars. @returns what each bar says, for example "daisy 98%". */
export async function tryImage(page: Page, image: PickedFile): Promise<string[]> {
  const panel = page.getByRole('region', { name: 'Try it' });
  await chooseFile(page, /^(Choose an image|Another image)$/, image);
  const bars = panel.getByRole('listitem');
  await bars.first().waitFor();
  return bars.allInnerTexts();
}

/** Everything in a downloaded zip, by path. */
export async function unzipDownload(download: Download): Promise<Map<string, Uint8Array>> {
  const reader = new ZipReader(new BlobReader(new Blob([readFileSync(await download.path())])), {
    useWebWorkers: false,
  });
  const read = async (entry: Entry): Promise<[string, Uint8Array][]> =>
    entry.directory ? [] : [[entry.filename, await entry.getData(new Uint8ArrayWriter())]];
  return new Map((await Promise.all((await reader.getEntries()).map(read))).flat());
}

/** Ends the whole browser at once, as a crash or a power button does. */
export async function killBrowser(context: BrowserContext): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession();
  const answer = await session?.send('SystemInfo.getProcessInfo');
  const pid = answer?.processInfo.find(({ type }) => type === 'browser')?.id;
  if (pid === undefined) throw new Error('The browser does not say which process it is.');
  const closed = new Promise((resolve) => context.once('close', resolve));
  process.kill(pid, 'SIGKILL');
  await closed;
}
