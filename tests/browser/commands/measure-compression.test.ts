import { expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { measureCompression } from '../../../src/commands/measure-compression.ts';
import { openProject } from '../../../src/commands/projects.ts';
import { deleteRun } from '../../../src/commands/runs.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { Compression } from '../../../src/domain/compression.ts';
import { knownSizes } from '../../../src/domain/measured-sizes.ts';
import type { FoldedGraph } from '../../../src/graph/folded-graph.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, done, dropped, TINY_OUTPUT } from './command-fixture.ts';

const { engine: READY, backbones } = trainedState();
const SIDE = 4;
const LOADED = {
  ...backbones,
  current: backbones.current === null ? null : { ...backbones.current, featureLength: 2, inputSide: SIDE, stages: [] },
};

/** Two channels of a square, averaged. */
const TINY_GRAPH: FoldedGraph = {
  inputSide: SIDE,
  pixels: '[-1,1]',
  featureLength: 2,
  nodes: [
    { op: 'input', name: 'image', inputs: [], shape: [SIDE, SIDE, 3] },
    {
      ...{ op: 'conv', name: 'conv', inputs: ['image'], shape: [SIDE, SIDE, 2], groups: 1, activation: 'linear' },
      kernel: { shape: [1, 1, 3, 2], values: Float32Array.of(1, 0, 0, 1, 0, 0) },
      bias: { shape: [2], values: new Float32Array(2) },
      ...{ strides: [1, 1], dilations: [1, 1], padding: 'same' },
    },
    { op: 'globalAveragePool', name: 'feature', inputs: ['conv'], shape: [2] },
  ],
};

/** A run on 20 images; every size measured is recorded, and calls the first of two classes for all images. */
async function page(whileMeasuring: (ctx: CommandContext) => Promise<void> = async () => undefined) {
  const measured: Compression[] = [];
  const ctx = await commandContext({
    missingFeatures: async () => [],
    train: async () => ({
      ...TINY_OUTPUT,
    }),
    predictFromAverages: async ({ rows }) => new Int32Array(rows.parts.length),
    predict: async ({ hashes }) => Float32Array.from(hashes.flatMap(() => [0.25, 0.75])),
    layerInputs: async () => null,
    // Asked without a time, it is for the sample images of a download that is packed to know its size.
    measureCompressed: async ({ compression, images, timed }) => {
      if (timed) measured.push(compression);
      if (timed) await whileMeasuring(ctx);
      const probabilities = Float32Array.from(images.flatMap(() => [1, 0]));
      return { weightBytes: 100, imageMs: 3, probabilities };
    },
    exportBackbone: async () => TINY_GRAPH,
    useHead: async () => null,
    preparePixels: async () => ({ side: SIDE, pixels: new Uint8Array(SIDE * SIDE * 3) }),
    classify: async () => ({ probabilities: Float32Array.of(0.25, 0.75), elapsedMs: 1 }),
  });
  const names = Array.from({ length: 20 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]);
  await importFiles(ctx, dropped(Object.fromEntries(names)), { classId: null });
  ctx.store.setState({ engine: READY, backbones: LOADED });
  const run = await done(startTraining(ctx));
  if (run === null) throw new Error('no run');
  return { ctx, measured, run };
}

const storedRuns = async (ctx: CommandContext, projectId: string) => {
  await ctx.session.writes;
  return ctx.storage.runs.list(projectId);
};

test('what was measured is kept with the run, and not measured again when the project is opened again', async () => {
  const { ctx, measured, run } = await page();
  const rows = await done(measureCompression(ctx, 0));
  expect(measured).toHaveLength(4);
  const { test: testCount } = run.partCounts;
  const answers = { imageCount: testCount, correctCountBefore: 1, correctCountAfter: 1, changedCount: testCount };
  expect(rows).toMatchObject(measured.map((compression) => ({ compression, weightBytes: 100, answers })));
  const [stored] = await storedRuns(ctx, run.projectId);
  if (stored === undefined) throw new Error('the run is not stored');
  expect(knownSizes(stored, LOADED.current)).toEqual(rows);
  await openProject(ctx, run.projectId);
  expect(await done(measureCompression(ctx, 0))).toEqual(rows);
  expect(measured).toHaveLength(4);
});

test('a run is measured on the files it was trained on alone', async () => {
  const { ctx, measured, run } = await page();
  await done(measureCompression(ctx, 0));
  const { current } = LOADED;
  if (current === null) throw new Error('no network');
  ctx.store.setState({ backbones: { ...LOADED, current: { ...current, sha256: 'other files' } } });
  await expect(done(measureCompression(ctx, 0))).rejects.toThrow(`Choose the backbone ${current.name} first`);
  expect(measured).toHaveLength(4);
  const [stored] = await storedRuns(ctx, run.projectId);
  expect(stored?.measuredSizes).toMatchObject({ networkSha256: current.sha256, rows: { length: 4 } });
});

test('a run that is deleted while it is measured stays deleted, and the measurement says so', async () => {
  const { ctx, run } = await page((own) => deleteRun(own, own.store.getState().runs[0]?.id ?? ''));
  await expect(done(measureCompression(ctx, 0))).rejects.toThrow('was deleted while its model was measured');
  expect(await storedRuns(ctx, run.projectId)).toEqual([]);
});
