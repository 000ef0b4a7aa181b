import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, expect, test } from 'vitest';
import type { TrainingSettings } from '../../src/domain/settings.ts';
import { labelledZip } from '../helpers/node/photos.ts';
import { importEnded, pickZip, ready } from '../helpers/node/steps.ts';
import { openStudio } from '../helpers/node/studio.ts';

/** Small enough for a graphics card that is imitated in software; the bundled one where it is absent. */
const SMALL = resolve('../shared/backbones/mobilenet_v1_0.25_128_q8');
const SETTINGS: Partial<TrainingSettings> = { head: 'network', epochs: 5, patience: 0, batchSize: 16 };
const PROBABILITY_TOLERANCE = 0.01;
const LOSS_TOLERANCE_RATIO = 0.01;

const profileDir = mkdtempSync(join(tmpdir(), 'graft-webgpu-'));
afterAll(() => rmSync(profileDir, { recursive: true, force: true }));

/** Serves the small network as a self-hosted one. */
async function serveSmallBackbone(context: BrowserContext): Promise<void> {
  if (!existsSync(SMALL)) return console.warn('No small network beside the checkout: using the bundled one.');
  const manifest: { readonly id: string } = JSON.parse(readFileSync(join(SMALL, 'backbone.json'), 'utf8'));
  await context.route('**/backbones/self-hosted.json', (route) =>
    route.fulfill({ json: [{ sizeBytes: 0, ...manifest }] }),
  );
  for (const file of readdirSync(SMALL)) {
    await context.route(`**/backbones/${manifest.id}/${file}`, (route) => route.fulfill({ path: join(SMALL, file) }));
  }
}

/** The same profile each time, so that images, features and runs are kept between the backends. */
async function openOn(backend: 'wasm' | 'webgpu') {
  const studio = await openStudio({
    query: `?backend=${backend}`,
    profileDir,
    serviceWorkers: 'block',
    prepare: serveSmallBackbone,
  });
  await ready(studio.page);
  expect((await studio.page.evaluate(() => graft.project())).backend).toBe(backend);
  return studio;
}

/** Training losses of the newest run, by epoch, as they are saved. */
async function lossesOfLastRun(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((keep, fail) => {
        request.onsuccess = () => keep(request.result);
        request.onerror = () => fail(request.error);
      });
    const database = await done(indexedDB.open('graft'));
    const runs: { startedAtMs: number; curves: { trainLoss: number }[] }[] = await done(
      database.transaction('runs').objectStore('runs').getAll(),
    );
    database.close();
    const newest = runs.sort((one, other) => other.startedAtMs - one.startedAtMs)[0];
    return newest?.curves.map(({ trainLoss }) => trainLoss) ?? [];
  });
}

/** Probabilities of a few images, by class name. */
async function classifySome(page: Page): Promise<Record<string, number>[]> {
  return page.evaluate(async () => {
    const drawn = ['#c03028', '#2f7d32', '#f0c020'].map(async (color, index) => {
      const canvas = new OffscreenCanvas(160, 120);
      const pen = canvas.getContext('2d');
      if (pen === null) throw new Error('This browser has no canvas for workers.');
      pen.fillStyle = color;
      pen.fillRect(0, 0, 160, 120);
      pen.fillStyle = '#ffffff';
      pen.fillRect(20 + 15 * index, 25, 60, 50 + 10 * index);
      const found = await graft.classify(await canvas.convertToBlob({ type: 'image/png' }));
      return Object.fromEntries(found.map(({ className, probability }) => [className, probability]));
    });
    return Promise.all(drawn);
  });
}

test('a model trained on wasm says the same on WebGPU, and training there takes the same course', async (context) => {
  const onWasm = await openOn('wasm');
  const hasWebgpu = await onWasm.page.evaluate(
    async () => 'gpu' in navigator && (await navigator.gpu.requestAdapter()) !== null,
  );
  if (!hasWebgpu) {
    await onWasm.close();
    context.skip('This browser offers no WebGPU adapter.');
  }
  await pickZip(onWasm.page, (await labelledZip(8)).zip);
  await importEnded(onWasm.page);
  await onWasm.page.evaluate((settings) => graft.train(settings), SETTINGS);
  const expectedLosses = await lossesOfLastRun(onWasm.page);
  const expected = await classifySome(onWasm.page);
  await onWasm.close();

  const onWebgpu = await openOn('webgpu');
  const found = await classifySome(onWebgpu.page);
  for (const [index, probabilities] of expected.entries()) {
    for (const [name, probability] of Object.entries(probabilities)) {
      expect(Math.abs((found[index]?.[name] ?? 9) - probability), name).toBeLessThanOrEqual(PROBABILITY_TOLERANCE);
    }
  }
  const summary = await onWebgpu.page.evaluate((settings) => graft.train(settings), SETTINGS);
  expect(summary.backend).toBe('webgpu');
  const losses = await lossesOfLastRun(onWebgpu.page);
  expect(losses).toHaveLength(expectedLosses.length);
  expect(losses).toHaveLength(SETTINGS.epochs ?? 0);
  for (const [epoch, loss] of expectedLosses.entries()) {
    expect(Math.abs((losses[epoch] ?? 9) - loss) / loss, `epoch ${epoch}`).toBeLessThanOrEqual(LOSS_TOLERANCE_RATIO);
  }
  expect(onWebgpu.problems).toEqual([]);
  await onWebgpu.close();
});
