import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawnZip } from '../helpers/node/drawn-pictures.ts';
import { OtherPage } from '../helpers/node/other-page.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

declare global {
  // What `LOADER` offers.
  var differences: (folder: string) => Promise<{ readonly plain: number; readonly machine: number }>;
}

const ENCODINGS = ['float16', 'uint8', 'uint8-per-channel'] as const;

/** Gives a download's exact pixels to TensorFlow.js and to Teachable Machine's library: the largest differences. */
const LOADER = `
  window.differences = async (folder) => {
    tf.wasm.setWasmPaths('./');
    await tf.setBackend('wasm');
    const { samples } = await (await fetch(folder + '/parity/expected.json')).json();
    const model = await tf.loadLayersModel(folder + '/model.json');
    const machine = await tmImage.load(folder + '/model.json', folder + '/metadata.json');
    const largest = { plain: 0, machine: 0 };
    for (const { pixels, probabilities } of samples) {
      const image = new Image();
      image.src = folder + '/parity/' + encodeURIComponent(pixels);
      await image.decode();
      const plain = await model.predict(tf.browser.fromPixels(image).toFloat().div(127).sub(1).expandDims(0)).data();
      const found = await machine.predict(image);
      probabilities.forEach((expected, index) => {
        largest.plain = Math.max(largest.plain, Math.abs(plain[index] - expected));
        largest.machine = Math.max(largest.machine, Math.abs(found[index].probability - expected));
      });
    }
    return largest;
  };
`;

const elsewhere = new OtherPage();
let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(async () => {
  elsewhere.close();
  await studio.close();
});

test('compressed downloads give elsewhere what was measured here, and are smaller', async () => {
  const zipUrl = `data:application/zip;base64,${(await drawnZip(['circles', 'triangles'], 8)).toString('base64')}`;
  const { rows, zips } = await studio.page.evaluate(
    async ({ url, encodings }) => {
      await graft.importFiles(await (await fetch(url)).blob());
      await graft.train({ head: 'network', epochs: 5 });
      const rows = await graft.measureCompression();
      const zips: string[] = [];
      for (const encoding of encodings) {
        const zip = await graft.exportModel({ compression: { encoding, prunedRatio: 0 } });
        const reader = new FileReader();
        await new Promise((resolve) => {
          reader.onload = resolve;
          reader.readAsDataURL(zip);
        });
        zips.push(String(reader.result).replace(/^[^,]*,/, ''));
      }
      return { rows, zips };
    },
    { url: zipUrl, encodings: ENCODINGS },
  );
  const bytesOf = (encoding: string) => rows.find((row) => row.compression.encoding === encoding)?.weightBytes ?? 0;
  expect(bytesOf('float16') / bytesOf('float32')).toBeLessThan(0.52);
  expect(bytesOf('uint8') / bytesOf('float32')).toBeLessThan(0.27);
  for (const { answers, imageMs } of rows) {
    expect(answers?.imageCount).toBeGreaterThan(0);
    expect(imageMs).toBeGreaterThan(0);
  }
  for (const [index, encoding] of ENCODINGS.entries()) {
    const writtenBytes = Buffer.from(zips[index] ?? '', 'base64').byteLength;
    const measuredBytes = rows.find((row) => row.compression.encoding === encoding)?.downloadBytes ?? 0;
    // The model card of the written one has a few words more: what was measured.
    expect(Math.abs(measuredBytes - writtenBytes), `${encoding}, bytes`).toBeLessThan(1000);
  }
  const other = await elsewhere.open(studio.context, LOADER);
  for (const [index, encoding] of ENCODINGS.entries()) {
    await elsewhere.unpack(zips[index] ?? '', encoding);
    const { plain, machine } = await other.evaluate((folder) => differences(folder), encoding);
    expect(plain, `${encoding} in TensorFlow.js`).toBeLessThan(1e-4);
    expect(machine, `${encoding} in Teachable Machine's library`).toBeLessThan(1e-4);
  }
  expect(studio.problems).toEqual([]);
});

/** "13.5 MB" in bytes. */
function bytesIn(text: string): number {
  const [, digits = '', unit = ''] = /([\d.]+)\s(kB|MB)/.exec(text) ?? [];
  return Number(digits) * (unit === 'kB' ? 1e3 : 1e6);
}

test('the size said before a download is that of the file written, for every kind', async () => {
  const { page } = studio;
  // Sizes are computed once somebody turns to the form.
  await page.getByRole('button', { name: 'Download model' }).hover();
  const check = async (kind: 'Whole model' | 'Head only') => {
    const size = page.getByRole('radio', { name: new RegExp(`^${kind} [\\d.]+\\s(kB|MB)`) });
    await size.waitFor({ state: 'attached', timeout: 120_000 });
    const label = page.locator('label', { has: size });
    const saidBytes = bytesIn((await label.textContent()) ?? '');
    await label.click();
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 120_000 }),
      page.getByRole('button', { name: 'Download model' }).click(),
    ]);
    const { size: writtenBytes } = await stat(await download.path());
    // Said with one digit after the point, or in whole kB.
    expect(Math.abs(saidBytes - writtenBytes), `${kind}: ${saidBytes}, written ${writtenBytes}`).toBeLessThan(51_000);
    await download.delete();
  };
  await check('Head only');
  await page.locator('label', { hasText: /^Whole model/ }).click();
  await page.getByRole('button', { name: /^Size of the weights/ }).click();
  for (const encoding of ['Full', 'Half', '8 bits, finer', '8 bits'] as const) {
    await page.locator('label', { hasText: new RegExp(`^${encoding}[A-Z0-9O]`) }).click();
    await check('Whole model');
  }
  await page.getByRole('slider', { name: 'Weights set to zero' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await check('Whole model');
  expect(studio.problems).toEqual([]);
});
