import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright';
import { expect, inject, onTestFinished, test } from 'vitest';
import { zipOf } from '../helpers/node/photos.ts';
import { cardCounts, importEnded, pickZip, ready } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

const MEGABYTE = 2 ** 20;
const PICTURE = readFileSync('tests/fixtures/engine/halves.jpg');

/** One small picture many times over, each with a number behind its end, where decoders do not look. @param sizeBytes of each file. */
function pictures(from: number, to: number, sizeBytes: number) {
  return Array.from({ length: to - from }, (_, offset) => {
    const bytes = Buffer.alloc(sizeBytes, `${from + offset} `);
    PICTURE.copy(bytes);
    return { path: `${offset % 2 === 0 ? 'first' : 'second'}/${from + offset}.jpg`, bytes: new Uint8Array(bytes) };
  });
}

/** Opens the page as after a restart of the browser; a service worker would fill the disk too, at its own time. */
async function open(profileDir: string, prepare?: (context: BrowserContext) => Promise<void>): Promise<Studio> {
  const studio = await openStudio({
    profileDir,
    serviceWorkers: 'block',
    ...(prepare === undefined ? {} : { prepare }),
  });
  await ready(studio.page);
  return studio;
}

/**
 * Leaves the page's origin so much more room than it uses now. It has to be set before the page opens: the browser asks
 * for the room left only now and then. @returns what takes the limit away again.
 */
async function limitDisk(context: BrowserContext, roomBytes: number): Promise<() => Promise<void>> {
  const session = await context.newCDPSession(context.pages()[0] ?? (await context.newPage()));
  const { origin } = new URL(inject('pageUrl'));
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + roomBytes });
  return async () => {
    await session.send('Storage.overrideQuotaForOrigin', { origin });
  };
}

test('a disk that runs full in an import is told at once, and everything that was said to be in is kept', async () => {
  const profileDir = mkdtempSync(join(tmpdir(), 'graft-e2e-'));
  onTestFinished(() => rmSync(profileDir, { recursive: true, force: true }));
  const before = await open(profileDir);
  await pickZip(before.page, await zipOf(pictures(0, 8, 2000)));
  expect(await importEnded(before.page)).toBe('8 images added');
  await before.close();

  let freeDisk = async () => {};
  const studio = await open(profileDir, async (context) => {
    freeDisk = await limitDisk(context, 4 * MEGABYTE);
  });
  onTestFinished(() => studio.close());
  const { page } = studio;
  // Files go to storage in chunks of 32: there is room for the first, but not for the second.
  const tooMany = await zipOf([...pictures(8, 40, 2000), ...pictures(40, 48, MEGABYTE)]);
  await pickZip(page, tooMany);
  expect(await importEnded(page)).toBe('The import broke off: 32 images added, and kept');
  await page.getByText('The disk space of this browser is used up. Everything saved before is kept.').first().waitFor();
  await expect.poll(() => cardCounts(page)).toEqual({ first: 20, second: 20 });

  await page.reload();
  await ready(page);
  await expect.poll(() => cardCounts(page)).toEqual({ first: 20, second: 20 });

  await freeDisk();
  await pickZip(page, tooMany);
  expect(await importEnded(page)).toBe('8 images added');
  await page.getByText('32 exact copies left out; one of each is kept.').first().waitFor();
  await expect.poll(() => cardCounts(page)).toEqual({ first: 24, second: 24 });
  expect(studio.problems).toEqual([]);
});
