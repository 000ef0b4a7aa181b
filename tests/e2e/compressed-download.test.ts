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
      await graft.train({ epochs: 5 });
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
  const other = await elsewhere.open(studio.context, LOADER);
  for (const [index, encoding] of ENCODINGS.entries()) {
    await elsewhere.unpack(zips[index] ?? '', encoding);
    const { plain, machine } = await other.evaluate((folder) => differences(folder), encoding);
    expect(plain, `${encoding} in TensorFlow.js`).toBeLessThan(1e-4);
    expect(machine, `${encoding} in Teachable Machine's library`).toBeLessThan(1e-4);
  }
  expect(studio.problems).toEqual([]);
});
