import { expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { addClass, editDataset } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { continueRun, retrainRun } from '../../../src/commands/repeat-run.ts';
import { changeRun, compareRuns } from '../../../src/commands/runs.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, done, dropped, TINY_OUTPUT } from './command-fixture.ts';

/** Two features in, classes "0" and "1" out. */
const HEAD: HeadWeights = {
  layers: [
    {
      kernel: Float32Array.of(1, 2, 3, 4),
      bias: Float32Array.of(5, 6),
      inputLength: 2,
      outputLength: 2,
      activation: 'softmax',
    },
  ],
};

type TrainInput = EngineCalls['train']['input'];

/** 40 images in two classes, a loaded network, and what the engine was asked to train. */
async function context(): Promise<{ ctx: CommandContext; asked: TrainInput[] }> {
  const asked: TrainInput[] = [];
  const ctx = await commandContext({
    missingFeatures: async () => [],
    train: async (input) => {
      asked.push(input);
      return { ...TINY_OUTPUT, head: HEAD };
    },
    predict: async ({ hashes }) => Float32Array.from(hashes.flatMap(() => [0.75, 0.25])),
  });
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]),
  );
  await importFiles(ctx, dropped(files), { classId: null });
  ctx.store.setState({ backbones: trainedState().backbones });
  return { ctx, asked };
}

async function trained(ctx: CommandContext) {
  const run = await done(startTraining(ctx));
  if (run === null) throw new Error('no run');
  return run;
}

test('a new run knows the size of its model and the time of an image, network and head', async () => {
  const { ctx } = await context();
  const run = await trained(ctx);
  expect(run.modelBytes).toBe(4 * (410_208 + 6));
  expect(run.imageMs).toBeGreaterThanOrEqual(18);
});

test('continuing starts from the run’s head, its outputs in the order the classes have now', async () => {
  const { ctx, asked } = await context();
  const first = await trained(ctx);
  const ids = first.classes.map(({ id }) => id);
  editDataset(ctx, 'Order', [{ kind: 'order-classes', classIds: ids.toReversed() }]);
  const second = await done(continueRun(ctx, first.id));
  expect(second?.continuedFromRunId).toBe(first.id);
  expect(asked[0]?.initialHead).toBeNull();
  expect(asked[1]?.initialHead?.layers[0]).toMatchObject({
    kernel: Float32Array.of(2, 1, 4, 3),
    bias: Float32Array.of(6, 5),
  });
});

test('a class that is new starts from zero and is told; test images seen before are told as well', async () => {
  const { ctx, asked } = await context();
  const first = await trained(ctx);
  const id = addClass(ctx, 'fresh');
  await importFiles(ctx, dropped({ 'a.png': 'new a', 'b.png': 'new b', 'c.png': 'new c' }), { classId: id });
  const split = ctx.store.getState().project?.split;
  if (split !== undefined) changeProject(ctx, { split: { ...split, seed: 7 } });
  await done(continueRun(ctx, first.id));
  expect(asked[1]?.initialHead?.layers[0]?.kernel).toEqual(Float32Array.of(1, 2, 0, 3, 4, 0));
  const told = ctx.store.getState().notices.map(({ title, detail }) => `${title} ${detail}`);
  expect(told).toContainEqual(expect.stringContaining('New, and learnt from nothing: fresh.'));
  expect(told).toContainEqual(expect.stringMatching(/of the test images were not kept from Run 1/));
});

test('on another network nothing is trained, and why is told', async () => {
  const { ctx, asked } = await context();
  const first = await trained(ctx);
  const { current } = ctx.store.getState().backbones;
  if (current === null) throw new Error('no network');
  ctx.store.setState(({ backbones }) => ({ backbones: { ...backbones, current: { ...current, id: 'other' } } }));
  for (const outcome of [await continueRun(ctx, first.id), await retrainRun(ctx, first.id)]) {
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Load that network first') });
  }
  expect(asked).toHaveLength(1);
  expect(ctx.store.getState().notices.at(-1)?.detail).toContain(`Load that network first`);
});

test('training again takes settings and split of the run, and chooses both runs for the comparison', async () => {
  const { ctx, asked } = await context();
  const settings = ctx.store.getState().project?.settings;
  if (settings === undefined) throw new Error('no project');
  changeProject(ctx, { settings: { ...settings, epochs: 9 } });
  const first = await trained(ctx);
  changeProject(ctx, { settings: { ...settings, epochs: 3 } });
  await importFiles(ctx, dropped({ '0/more.png': 'one more' }), { classId: null });
  const second = await done(retrainRun(ctx, first.id));
  expect(asked[1]?.settings.epochs).toBe(9);
  expect(asked[1]?.initialHead).toBeNull();
  expect(ctx.store.getState()).toMatchObject({ chosenRunIds: [first.id, second?.id], tab: 'runs' });
  const { sharedCount, onlyFirstCount, onlySecondCount } = await compareRuns(ctx, first.id, second?.id ?? '');
  expect(sharedCount).toBe(first.partCounts.test);
  expect([onlyFirstCount, onlySecondCount]).toEqual([0, 0]);
});

test('a name, a note and a pin are kept on the disk', async () => {
  const { ctx } = await context();
  const run = await trained(ctx);
  await changeRun(ctx, run.id, { note: 'Good one', pinned: true });
  await changeRun(ctx, run.id, { name: '  ' });
  expect(await ctx.storage.runs.list(run.projectId)).toMatchObject([{ name: 'Run 1', note: 'Good one', pinned: true }]);
});
