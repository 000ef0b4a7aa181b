import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GraftApi } from '../../src/commands/graft-api.ts';
import { flowerPhotos, hasPhotos, labelledZip } from '../helpers/node/photos.ts';
import { PlainHost } from '../helpers/node/plain-host.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

declare global {
  // The page's own door for scripts, seen from inside `page.evaluate`.
  var graft: GraftApi;
  // What `LOADER` offers.
  var answer: (address: string) => Promise<Answers>;
}

type Answers = Readonly<Record<string, number>>;

const CLASSES = ['daisy', 'rose', 'sunflower'];
const TRAINED_PER_CLASS = 10;
const TRIED_PER_CLASS = 4;
/** Largest difference of a probability that preparing photos differently may make. */
const TOLERANCE_RATIO = 0.02;

const LIBRARIES = {
  'tf.min.js': '@tensorflow/tfjs/dist/tf.min.js',
  'tf-backend-wasm.min.js': '@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
  'tfjs-backend-wasm.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  'teachablemachine-image.min.js': '@teachablemachine/image/dist/teachablemachine-image.min.js',
};

/** A page as someone writes it around Teachable Machine's library. */
const LOADER = `<!doctype html>
<script src="tf.min.js"></script><script src="tf-backend-wasm.min.js"></script>
<script src="teachablemachine-image.min.js"></script>
<script>
  window.ready = (async () => {
    tf.wasm.setWasmPaths('./');
    await tf.setBackend('wasm');
    return tmImage.load('model.json', 'metadata.json');
  })();
  window.answer = async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const found = await (await window.ready).predict(image);
    return Object.fromEntries(found.map(({ className, probability }) => [className, probability]));
  };
</script>`;

const dir = mkdtempSync(join(tmpdir(), 'graft-teachable-'));
const host = new PlainHost(dir);
let studio: Studio;

/** Trains on some photos and lays the download out as files. */
async function trainAndUnpack(): Promise<void> {
  const { page } = studio;
  const { zip } = await labelledZip(TRAINED_PER_CLASS);
  const zipUrl = `data:application/zip;base64,${zip.toString('base64')}`;
  const base64 = await page.evaluate(async (url) => {
    await graft.importFiles(await (await fetch(url)).blob());
    await graft.train();
    const model = await graft.exportModel();
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
      reader.readAsDataURL(model);
    });
  }, zipUrl);
  const reader = new ZipReader(new BlobReader(new Blob([Buffer.from(base64, 'base64')])), { useWebWorkers: false });
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    mkdirSync(dirname(join(dir, entry.filename)), { recursive: true });
    writeFileSync(join(dir, entry.filename), await entry.getData(new Uint8ArrayWriter()));
  }
}

beforeAll(async () => {
  studio = await openStudio();
  if (!hasPhotos()) return;
  await trainAndUnpack();
  for (const [name, file] of Object.entries(LIBRARIES)) copyFileSync(join('node_modules', file), join(dir, name));
  writeFileSync(join(dir, 'loader.html'), LOADER);
  await host.listen();
});
afterAll(async () => {
  host.close();
  await studio.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a photo as it comes from a camera gets the same answer from the library of Teachable Machine', async (context) => {
  if (!hasPhotos()) return context.skip('No real photos beside the checkout (../shared/datasets).');
  const other = await studio.context.newPage();
  await other.goto(`${host.url}loader.html`);
  const photos = flowerPhotos(TRAINED_PER_CLASS + TRIED_PER_CLASS, CLASSES).filter(
    (_, index) => index % (TRAINED_PER_CLASS + TRIED_PER_CLASS) >= TRAINED_PER_CLASS,
  );
  let doubtCount = 0;
  for (const { path, bytes } of photos) {
    const address = `data:image/jpeg;base64,${Buffer.from(bytes).toString('base64')}`;
    const ours = await studio.page.evaluate(async (url) => {
      const found = await graft.classify(await (await fetch(url)).blob());
      return Object.fromEntries(found.map(({ className, probability }) => [className, probability]));
    }, address);
    const theirs = await other.evaluate((url) => answer(url), address);
    const differences = Object.entries(ours).map(([name, ratio]) => Math.abs(ratio - (theirs[name] ?? Number.NaN)));
    expect(Math.max(...differences), path).toBeLessThanOrEqual(TOLERANCE_RATIO);
    if (Math.max(...Object.values(ours)) < 0.95) doubtCount += 1;
  }
  expect(doubtCount, 'photos the model is not certain of, which alone could differ').toBeGreaterThan(0);
});
