import { expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { addClass } from '../../../src/commands/edit-dataset.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { continueRun } from '../../../src/commands/repeat-run.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { FineTuneGuard } from '../../../src/domain/fine-tune-guard.ts';
import type { TrainingSettings } from '../../../src/domain/settings.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, done, dropped, TINY_HEAD, TINY_OUTPUT } from './command-fixture.ts';

const TUNED = { stageCount: 1, cutNode: 'cut', weights: [] };
const GUARD: FineTuneGuard = {
  start: 'pretrained',
  kept: true,
  imageCount: 6,
  lossGain: 0.1,
  standardError: 0.01,
  startAccuracyRatio: 0.5,
  tunedAccuracyRatio: 0.6,
};

interface Asked {
  readonly embed: EngineCalls['embed']['input'][];
  readonly train: EngineCalls['train']['input'][];
  readonly predict: EngineCalls['predict']['input'][];
}

/** 40 images in two classes and a network of three stages; an engine that notes what it is asked, and whose stages help. */
async function context(change: Partial<TrainingSettings>, stageCount = 3) {
  const asked: Asked = { embed: [], train: [], predict: [] };
  const ctx = await commandContext({
    missingFeatures: async ({ hashes }) => hashes,
    embed: async (input) => {
      asked.embed.push(input);
      return { failed: [], cacheFull: false };
    },
    train: async (input) => {
      asked.train.push(input);
      const { fineTuneStages: stageCount } = input.settings;
      const trains = stageCount > 0;
      const stages = { tuned: trains ? { ...TUNED, stageCount } : null, guard: trains ? GUARD : null };
      return { ...TINY_OUTPUT, ...stages };
    },
    predictFromAverages: async ({ rows }) => new Int32Array(rows.hashes.length),
    predict: async (input) => {
      asked.predict.push(input);
      // Over views every image is surely of class 1.
      return Float32Array.from(input.hashes.flatMap(() => (input.views === undefined ? [0.75, 0.25] : [0, 1])));
    },
  });
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]),
  );
  await importFiles(ctx, dropped(files), { classId: null });
  const { backbones } = trainedState();
  const { current } = backbones;
  if (current === null) throw new Error('no network');
  const stages = current.stages.slice(0, stageCount);
  ctx.store.setState({ backbones: { ...backbones, current: { ...current, stages } } });
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('no project');
  changeProject(ctx, { settings: { ...project.settings, ...change } });
  return { ctx, asked };
}

const told = (ctx: CommandContext) => ctx.store.getState().notices.map(({ title, detail }) => `${title} ${detail}`);

test('views of training and of held-out images get their values at the cut before the stages are trained', async () => {
  const { ctx, asked } = await context({ fineTuneStages: 2, augment: 'photos', augmentViews: 3, testTimeViews: 2 });
  const run = await done(startTraining(ctx));
  const ofViews = asked.embed.filter(({ views }) => views !== undefined);
  const counts = ofViews.map(({ views, stageCount, images }) => [views?.viewCount, stageCount ?? 0, images.length]);
  const { train = 0, validation = 0, test: held = 0 } = run?.partCounts ?? {};
  expect(counts).toContainEqual([3, 2, train]);
  expect(counts).toContainEqual([2, 2, validation + held]);
});

test('held-out images of a fine-tuned run are scored over their views, training images as they are', async () => {
  const { ctx, asked } = await context({ fineTuneStages: 1, testTimeViews: 1 });
  const run = await done(startTraining(ctx));
  const { artifacts } = ctx.store.getState();
  expect(asked.predict.map(({ tuned, views }) => [tuned, views?.viewCount ?? 0])).toEqual([
    [TUNED, 0],
    [TUNED, 1],
  ]);
  const { parts = [], probabilities = [] } = artifacts?.predictions ?? {};
  expect(parts).toHaveLength(40);
  for (const [row, part] of parts.entries()) expect(probabilities[2 * row]).toBe(part === 'train' ? 0.75 : 0);
  expect(run?.kind).toBe('fine-tune');
});

test('a run records as many stages as the network has, the form keeps what was asked', async () => {
  const { ctx, asked } = await context({ fineTuneStages: 30 });
  const run = await done(startTraining(ctx));
  expect(run?.settings.fineTuneStages).toBe(3);
  expect(asked.train[0]?.settings.fineTuneStages).toBe(3);
  expect(ctx.store.getState().project?.settings.fineTuneStages).toBe(30);
});

test('on a network without stages the head alone is trained, and that is told', async () => {
  const { ctx } = await context({ fineTuneStages: 2 }, 0);
  const run = await done(startTraining(ctx));
  expect(run).toMatchObject({ kind: 'head', settings: { fineTuneStages: 0 }, guard: null });
  expect(told(ctx)).toContainEqual(expect.stringMatching(/has no stages that could be fine-tuned\. .*head alone/));
});

test('with neighbours as the head no stage is trained, and that is told; nor is such a run gone on from', async () => {
  const { ctx, asked } = await context({ fineTuneStages: 2, head: 'neighbours' });
  const run = await done(startTraining(ctx));
  expect(asked.train[0]?.settings.fineTuneStages).toBe(0);
  expect(asked.embed.every(({ stageCount = 0 }) => stageCount === 0)).toBe(true);
  expect(told(ctx)).toContainEqual(expect.stringMatching(/leaves the network as it is\. .*choose another head/));
  expect((await continueRun(ctx, run.id)).kind).toBe('refused');
  expect(told(ctx)).toContainEqual(expect.stringContaining('nothing to train further'));
});

/** A run with so many tuned stages, and then the form asking for something else. */
async function tunedRun(stageCount: number, then: Partial<TrainingSettings>) {
  const made = await context({ fineTuneStages: stageCount });
  const run = await done(startTraining(made.ctx));
  const { project } = made.ctx.store.getState();
  if (run === null || project === null) throw new Error('no run');
  changeProject(made.ctx, { settings: { ...project.settings, ...then } });
  made.asked.embed.length = 0;
  return { ...made, run };
}

test('going on from a tuned run gives the engine its stages and its head, and the new run says what it comes from', async () => {
  const { ctx, asked, run } = await tunedRun(2, {});
  expect(run).toMatchObject({ kind: 'fine-tune', tunedStageCount: 2 });
  const next = await done(continueRun(ctx, run.id));
  expect(asked.train[1]).toMatchObject({
    tunedStart: { tuned: { ...TUNED, stageCount: 2 }, isHeadFirst: false },
    initialHead: TINY_HEAD,
    settings: { fineTuneStages: 2 },
  });
  expect(next).toMatchObject({ kind: 'fine-tune', continuedFromRunId: run.id, tunedStageCount: 2 });
  expect(told(ctx)).toEqual([]);
});

test('never fewer stages than were tuned: with none asked for these are trained further, and that is told once', async () => {
  const { ctx, asked, run } = await tunedRun(2, { fineTuneStages: 0, head: 'neighbours' });
  const next = await done(continueRun(ctx, run.id));
  expect(asked.train[1]?.settings.fineTuneStages).toBe(2);
  expect(new Set(asked.embed.map(({ stageCount = 0 }) => stageCount))).toEqual(new Set([2, 0]));
  expect(next?.settings.fineTuneStages).toBe(2);
  expect(ctx.store.getState().project?.settings.fineTuneStages).toBe(0);
  expect(told(ctx)).toEqual([
    'The head of Run 1 and the last two stages of its network are trained further. They belong together, so none is left out, though the form asks for no stage.',
  ]);
});

test('more stages than were tuned are trained where the form asks for them', async () => {
  const { ctx, asked, run } = await tunedRun(1, { fineTuneStages: 3 });
  const next = await done(continueRun(ctx, run.id));
  expect(asked.train[1]?.settings.fineTuneStages).toBe(3);
  expect(asked.train[1]?.tunedStart?.tuned.stageCount).toBe(1);
  expect(next?.settings.fineTuneStages).toBe(3);
  expect(told(ctx)).toEqual([]);
});

test('with a class that the head does not know, the head is trained before the stages', async () => {
  const { ctx, asked, run } = await tunedRun(1, {});
  const id = addClass(ctx, 'fresh');
  await importFiles(ctx, dropped({ 'a.png': 'new a', 'b.png': 'new b', 'c.png': 'new c' }), { classId: id });
  await done(continueRun(ctx, run.id));
  expect(asked.train[1]?.tunedStart?.isHeadFirst).toBe(true);
  expect(asked.train[1]?.initialHead?.layers[0]?.kernel).toEqual(Float32Array.of(1, 0, 0, 0, 1, 0));
  expect(told(ctx)).toContainEqual(expect.stringContaining('New, and learnt from nothing: fresh.'));
});
