import { BlobReader, TextWriter, ZipReader } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import { packModel } from '../../../src/commands/export-model.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, done, dropped, TINY_OUTPUT } from './command-fixture.ts';

const SIDE = 4;

/** 40 images in two classes; what a run is scored by is said of changed views, and differs from what the model says. */
async function context() {
  const ctx = await commandContext({
    missingFeatures: async () => [],
    train: async () => TINY_OUTPUT,
    predictFromAverages: async ({ rows }) => new Int32Array(rows.hashes.length),
    predict: async ({ hashes }) => Float32Array.from(hashes.flatMap(() => [0.75, 0.25])),
    useHead: async () => null,
    preparePixels: async () => ({ side: SIDE, pixels: new Uint8Array(SIDE * SIDE * 3) }),
    classify: async () => ({ probabilities: Float32Array.of(0.625, 0.375), elapsedMs: 1 }),
  });
  const files = Array.from({ length: 40 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]);
  await importFiles(ctx, dropped(Object.fromEntries(files)), { classId: null });
  const { backbones } = trainedState();
  const { current } = backbones;
  if (current === null) throw new Error('no network');
  const tiny = { ...current, featureLength: 2, inputSide: SIDE, stages: [] };
  ctx.store.setState({ backbones: { ...backbones, current: tiny } });
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('no project');
  changeProject(ctx, { settings: { ...project.settings, testTimeViews: 1 } });
  return ctx;
}

async function textOf(zip: Blob, path: string): Promise<string> {
  const entries = await new ZipReader(new BlobReader(zip), { useWebWorkers: false }).getEntries();
  const entry = entries.find(({ filename }) => filename === path);
  if (entry === undefined || entry.directory) throw new Error(`no ${path} in ${entries.map((e) => e.filename)}`);
  return entry.getData(new TextWriter());
}

test('the sample images of a download come with what the model says of them, not with what the run was scored by', async () => {
  const ctx = await context();
  await done(startTraining(ctx));
  expect(ctx.store.getState().artifacts?.predictions.probabilities[0]).toBe(0.75);
  const zip = await done(packModel(ctx, { kind: 'head-only' }));
  const { samples } = JSON.parse(await textOf(zip, 'parity/expected.json')) as {
    samples: { probabilities: number[] }[];
  };
  expect(samples).toHaveLength(5);
  for (const { probabilities } of samples) expect(probabilities).toEqual([0.625, 0.375]);
});
