import { expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { continueRun } from '../../../src/commands/repeat-run.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { TrainingSettings } from '../../../src/domain/settings.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, dropped, TINY_HEAD } from './command-fixture.ts';

const TUNED = { stageCount: 1, cutNode: 'cut', weights: [] };
const GUARD = {
  kept: true,
  imageCount: 6,
  lossGain: 0.1,
  standardError: 0.01,
  frozenAccuracyRatio: 0.5,
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
      const trains = input.settings.fineTuneStages > 0;
      const stages = { tuned: trains ? TUNED : null, guard: trains ? GUARD : null };
      return { end: 'all-epochs', bestEpochIndex: 0, head: TINY_HEAD, elapsedMs: 1, ...stages };
    },
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
  const run = await startTraining(ctx);
  const ofViews = asked.embed.filter(({ views }) => views !== undefined);
  const counts = ofViews.map(({ views, stageCount, images }) => [views?.viewCount, stageCount ?? 0, images.length]);
  const { train = 0, validation = 0, test: held = 0 } = run?.partCounts ?? {};
  expect(counts).toContainEqual([3, 2, train]);
  expect(counts).toContainEqual([2, 2, validation + held]);
});

test('held-out images of a fine-tuned run are scored over their views, training images as they are', async () => {
  const { ctx, asked } = await context({ fineTuneStages: 1, testTimeViews: 1 });
  const run = await startTraining(ctx);
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
  const run = await startTraining(ctx);
  expect(run?.settings.fineTuneStages).toBe(3);
  expect(asked.train[0]?.settings.fineTuneStages).toBe(3);
  expect(ctx.store.getState().project?.settings.fineTuneStages).toBe(30);
});

test('on a network without stages the head alone is trained, and that is told', async () => {
  const { ctx } = await context({ fineTuneStages: 2 }, 0);
  const run = await startTraining(ctx);
  expect(run).toMatchObject({ kind: 'head', settings: { fineTuneStages: 0 }, guard: null });
  expect(told(ctx)).toContainEqual(expect.stringMatching(/has no stages that could be fine-tuned\. .*head alone/));
});

test('with neighbours as the head no stage is trained, and that is told; nor is such a run gone on from', async () => {
  const { ctx, asked } = await context({ fineTuneStages: 2, head: 'neighbours' });
  const run = await startTraining(ctx);
  expect(asked.train[0]?.settings.fineTuneStages).toBe(0);
  expect(asked.embed.every(({ stageCount = 0 }) => stageCount === 0)).toBe(true);
  expect(told(ctx)).toContainEqual(expect.stringMatching(/leaves the network as it is\. .*choose another head/));
  expect(await continueRun(ctx, run?.id ?? '')).toBeNull();
  expect(told(ctx)).toContainEqual(expect.stringContaining('nothing to train further'));
});

test('going on from tuned stages is refused in words, and nothing is trained', async () => {
  const { ctx, asked } = await context({ fineTuneStages: 2 });
  const run = await startTraining(ctx);
  expect(await continueRun(ctx, run?.id ?? '')).toBeNull();
  expect(asked.train).toHaveLength(1);
  expect(told(ctx)).toContainEqual(expect.stringContaining('belongs to the stages trained with it'));
});
