import { resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drawnZip } from '../helpers/node/drawn-pictures.ts';
import { PlainHost } from '../helpers/node/plain-host.ts';
import { headline, importEnded, pickZip, pressTrain, ready } from '../helpers/node/steps.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';
import { sizesInZip } from '../helpers/node/zip-listing.ts';

let host: PlainHost;
let studio: Studio;
beforeEach(async () => {
  host = new PlainHost(resolve('dist'), '/graft/');
  await host.listen();
  studio = await openStudio({ url: host.url, serviceWorkers: 'allow' });
});
afterEach(async () => {
  await studio.close();
  host.close();
});

test('after one visit everything works without a network: import, training, charts, trying and the download', async () => {
  const { page, context } = studio;
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  host.plugged = false;
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  expect((await page.evaluate(() => graft.project())).backboneId).toMatch(/bundled/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

  await page.getByRole('button', { name: 'Try with sample images' }).click();
  await importEnded(page);
  await page.getByRole('button', { name: /^Project / }).click();
  await page.getByRole('menuitem', { name: 'New project' }).click();
  await pickZip(page, await drawnZip(['circles', 'squares', 'triangles'], 12));
  await importEnded(page);
  await pressTrain(page);
  await headline(page);
  await page.getByRole('figure', { name: 'Loss' }).first().waitFor();
  await page.getByRole('tab', { name: 'Results' }).click();
  await page
    .getByText(/95\s% sure/)
    .first()
    .waitFor();
  for (const name of ['Mistakes', 'Runs'] as const) {
    await page.getByRole('tab', { name }).click();
    await page
      .getByRole('tabpanel')
      .getByText(/mistakes? among|are right|Run 1/)
      .first()
      .waitFor();
  }

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download model' }).click();
  const files = await sizesInZip(await (await download).path());
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(['index.html', 'page/tf.min.js', 'model.json', 'weights.bin']),
  );
  expect(files.get('page/tf.min.js')).toBeGreaterThan(500_000);
});
