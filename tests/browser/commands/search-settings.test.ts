import { describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { learnCurve } from '../../../src/commands/learning-tests.ts';
import { openProject } from '../../../src/commands/projects.ts';
import { openRun } from '../../../src/commands/runs.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { searchSettings } from '../../../src/commands/search-settings.ts';
import { summariseSearch } from '../../../src/commands/search-summary.ts';
import { stopTraining } from '../../../src/commands/start-training.ts';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import type { SearchPlan } from '../../../src/domain/search.ts';
import { DEFAULT_SETTINGS, type TrainingSettings } from '../../../src/domain/settings.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, done, dropped, TINY_OUTPUT } from './command-fixture.ts';

const PLAN: SearchPlan = { method: 'grid', over: { l2: [0, 0.01, 0.02, 0.03] }, runs: null, minutes: null, seed: 1 };

type Many = EngineCalls['trainMany']['input'];
type Viewed = Pick<Required<EngineCalls['missingFeatures']['input']>, 'hashes' | 'views'>;
type AtCut = Pick<Required<EngineCalls['missingFeatures']['input']>, 'hashes' | 'stageCount'>;

const layer = { inputLength: 1, outputLength: 2, activation: 'softmax' } as const;
const HEAD = { layers: [{ ...layer, kernel: new Float32Array(2), bias: new Float32Array(2) }] };

/** 40 images in two classes. The engine finds a larger penalty better; `stopAfter` candidates somebody stops it. */
async function context(
  calls: Many[],
  tested: string[],
  stopAfter = { count: Number.POSITIVE_INFINITY },
  viewed: Viewed[] = [],
  atCut: AtCut[] = [],
  memoryBytes = 1e9,
) {
  const ctx: CommandContext = await commandContext({
    missingFeatures: async ({ hashes, views, stageCount = 0 }) => {
      if (views !== undefined) viewed.push({ hashes, views });
      if (stageCount > 0) atCut.push({ hashes, stageCount });
      return [];
    },
    estimateActivations: async ({ rowCount }) => ({
      bytes: rowCount,
      memoryBytes,
      seconds: 1,
      stepMsPerImage: 1,
      judgeMsPerImage: 1,
    }),
    trainMany: async (input, { emit, stopRequested }) => {
      calls.push(input);
      for (const [index, { settings }] of input.candidates.entries()) {
        if (index === stopAfter.count) stopTraining(ctx);
        if (stopRequested()) return { doneCount: index };
        const figures = { validationAccuracyRatio: settings.l2 * 10, validationLoss: 1, epochCount: 1, elapsedMs: 1 };
        emit({ index, ...figures, stagesKept: null, failure: null });
      }
      return { doneCount: input.candidates.length };
    },
    train: async ({ settings }) => {
      tested.push(String(settings.l2));
      return { ...TINY_OUTPUT, head: HEAD };
    },
    predict: async ({ hashes }) => new Float32Array(hashes.length * 2).fill(0.5),
  });
  const files = Array.from({ length: 40 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]);
  await importFiles(ctx, dropped(Object.fromEntries(files)), { classId: null });
  return ctx;
}

test('the best settings by validation are trained and tested once; the project keeps its own', async () => {
  const [calls, tested]: [Many[], string[]] = [[], []];
  const ctx = await context(calls, tested);
  const { record, run } = await done(searchSettings(ctx, PLAN));
  expect(tested).toEqual(['0.03']);
  expect(run).toMatchObject({ kind: 'search', settings: { l2: 0.03 } });
  expect(record).toMatchObject({ runId: run?.id, results: { length: 4 } });
  expect(calls.flatMap(({ rows }) => rows.parts)).not.toContain('test');
  expect(calls.flatMap(({ rows }) => rows.parts)).toContain('validation');
  expect(ctx.store.getState().project?.settings.l2).toBe(0.0001);
  expect(ctx.store.getState().jobs).toEqual([]);
});

test('it puts its model to use only where none was in use', async () => {
  const ctx = await context([], []);
  const first = await done(searchSettings(ctx, PLAN));
  const { project, artifacts } = ctx.store.getState();
  expect(project?.currentRunId).toBe(first.run?.id);
  expect(summariseSearch(first, project?.currentRunId ?? null)).toMatchObject({ runId: first.run?.id, isInUse: true });
  const second = await done(searchSettings(ctx, PLAN));
  const after = ctx.store.getState();
  expect(after.project?.currentRunId).toBe(first.run?.id);
  expect(after.artifacts).toBe(artifacts);
  expect(after.runs.map(({ id }) => id)).toEqual([first.run?.id, second.run?.id]);
  expect(after.project?.search?.runId).toBe(second.run?.id);
  const summary = summariseSearch(second, after.project?.currentRunId ?? null);
  expect(summary).toMatchObject({ runId: second.run?.id, isInUse: false });
  expect(second.run?.prior).toMatchObject({ runId: first.run?.id, onlyThisCount: 0, onlyPriorCount: 0 });
  expect(second.run?.prior?.sharedCount).toBe(second.run?.partCounts.test);
  await openRun(ctx, second.run?.id ?? '');
  expect(ctx.store.getState().artifacts?.runId).toBe(second.run?.id);
});

test('stopped, it keeps what is done without testing, and after a reload goes on with the rest', async () => {
  const [calls, tested]: [Many[], string[]] = [[], []];
  const stopAfter = { count: 2 };
  const ctx = await context(calls, tested, stopAfter);
  const stopped = await done(searchSettings(ctx, PLAN));
  expect([stopped.run, stopped.record.results.length, tested]).toEqual([null, 2, []]);
  await ctx.session.writes;
  await openProject(ctx, ctx.store.getState().project?.id ?? '');
  expect(ctx.store.getState().project?.search).toEqual(stopped.record);
  stopAfter.count = Number.POSITIVE_INFINITY;
  const { record } = await done(searchSettings(ctx, null));
  expect(calls[1]?.candidates.map(({ settings }) => settings.l2)).toEqual([0.02, 0.03]);
  expect(record.results.map(({ candidateIndex }) => candidateIndex)).toEqual([0, 1, 2, 3]);
  expect(tested).toEqual(['0.03']);
});

test('with other images than it began with, it does not go on', async () => {
  const ctx = await context([], [], { count: 1 });
  await done(searchSettings(ctx, PLAN));
  await importFiles(ctx, dropped({ '1/new.png': 'another image' }), { classId: null });
  await expect(done(searchSettings(ctx, null))).rejects.toThrow('Start a new one');
});

test('a plan that makes no sense is refused in words, and nothing is trained', async () => {
  const calls: Many[] = [];
  const ctx = await context(calls, []);
  await expect(done(searchSettings(ctx, { ...PLAN, over: {} }))).rejects.toThrow('at least one setting');
  await expect(done(searchSettings(ctx, null))).rejects.toThrow('no search');
  expect(calls).toEqual([]);
  expect(ctx.session.jobs.size).toBe(0);
});

test('a learning curve trains growing shares of the training images several times over', async () => {
  const calls: Many[] = [];
  const ctx = await context(calls, []);
  const { points, sentence } = await done(learnCurve(ctx));
  const sizes = calls[0]?.candidates.map(({ trainRows }) => trainRows?.length) ?? [];
  const trainCount = calls[0]?.rows.parts.filter((part) => part === 'train').length;
  expect(sizes).toEqual(points.map(({ imageCount }) => imageCount));
  expect(sizes.at(-1)).toBe(trainCount);
  expect(sizes.filter((size) => size === trainCount)).toHaveLength(3);
  expect(sentence).toContain('100 more training images');
});

describe('with augmentation in the form', () => {
  /** The images to learn from, in order. */
  const learntFrom = ({ rows }: Many) => rows.hashes.filter((_, row) => rows.parts[row] === 'train');
  const asked = { strengths: strengthsOf('photos'), seed: 1, viewCount: 3 };

  async function augmented(calls: Many[], stopAfter = { count: Number.POSITIVE_INFINITY }) {
    const viewed: Viewed[] = [];
    const ctx = await context(calls, [], stopAfter, viewed);
    const change = { augment: 'photos', augmentViews: 3, seed: 1 } as const;
    changeProject(ctx, { settings: { ...DEFAULT_SETTINGS, ...change } });
    return { ctx, viewed };
  }

  test('a search has the views of training images alone computed, and learns from them', async () => {
    const calls: Many[] = [];
    const { ctx, viewed } = await augmented(calls);
    const { run } = await done(searchSettings(ctx, PLAN));
    expect(calls.map(({ views }) => views)).toEqual([asked]);
    const [first] = calls;
    expect(viewed[0]).toEqual({ views: asked, hashes: first && learntFrom(first) });
    expect(run?.settings).toMatchObject({ augment: 'photos', augmentViews: 3 });
    expect(ctx.store.getState()).toMatchObject({ jobs: [], trainingFailure: null });
  });

  test('a search that goes on keeps to the views it began with', async () => {
    const calls: Many[] = [];
    const stopAfter = { count: 2 };
    const { ctx } = await augmented(calls, stopAfter);
    await done(searchSettings(ctx, PLAN));
    changeProject(ctx, { settings: DEFAULT_SETTINGS });
    stopAfter.count = Number.POSITIVE_INFINITY;
    await done(searchSettings(ctx, null));
    expect(calls.map(({ views }) => views)).toEqual([asked, asked]);
  });

  test('a learning curve learns from one set of views, whatever images it draws', async () => {
    const calls: Many[] = [];
    const { ctx, viewed } = await augmented(calls);
    await done(learnCurve(ctx));
    expect(calls[0]?.views).toEqual(asked);
    expect(new Set(calls[0]?.candidates.map(({ settings }) => settings.seed)).size).toBe(3);
    const [first] = calls;
    expect(viewed).toEqual([{ views: asked, hashes: first && learntFrom(first) }]);
  });
});

describe('with fine-tuning', () => {
  const STAGES: SearchPlan = { ...PLAN, over: { fineTuneStages: [2, 0, 1] } };

  async function tuned(change: Partial<TrainingSettings>, memoryBytes?: number) {
    const [calls, atCut]: [Many[], AtCut[]] = [[], []];
    const ctx = await context(calls, [], undefined, [], atCut, memoryBytes);
    ctx.store.setState({ backbones: trainedState().backbones });
    changeProject(ctx, { settings: { ...DEFAULT_SETTINGS, ...change } });
    const stagesTried = () => calls.map(({ candidates }) => candidates.map(({ settings }) => settings.fineTuneStages));
    return { ctx, calls, atCut, stagesTried };
  }

  test('tries of all depths go in their order where memory has room for what each needs, the test images left out', async () => {
    const { ctx, calls, atCut, stagesTried } = await tuned({});
    await done(searchSettings(ctx, STAGES));
    expect(stagesTried()).toEqual([[2, 0, 1]]);
    expect(new Set(atCut.map(({ stageCount }) => stageCount))).toEqual(new Set([1, 2]));
    const [first] = calls;
    const [beforeEnd] = atCut;
    expect(beforeEnd?.hashes).toEqual(first?.rows.hashes);
    expect(first?.rows.hashes.length).toBeLessThan(40);
  });

  test('where memory has no room, one depth is tried after the other', async () => {
    const { ctx, stagesTried } = await tuned({}, 50);
    const { record } = await done(searchSettings(ctx, STAGES));
    expect(stagesTried()).toEqual([[0], [1], [2]]);
    expect(record.results.map(({ candidateIndex }) => candidateIndex)).toEqual([1, 2, 0]);
  });

  test('the stages of the form are trained in every try that has none of its own, as many as there are', async () => {
    const { ctx, stagesTried } = await tuned({ fineTuneStages: 30 });
    const { run } = await done(searchSettings(ctx, { ...PLAN, over: { head: ['network', 'neighbours'] } }));
    expect(stagesTried()).toEqual([[3, 0]]);
    expect(run?.settings.fineTuneStages).toBe(3);
  });

  test('successive halving over it is refused in words', async () => {
    const { ctx, calls } = await tuned({ fineTuneStages: 1 });
    await expect(done(searchSettings(ctx, { ...PLAN, method: 'halving' }))).rejects.toThrow(
      'fine-tuning has hardly begun',
    );
    expect(calls).toEqual([]);
  });
});

test('with views when scoring, those of validation images are there, and candidates are judged over them', async () => {
  const calls: Many[] = [];
  const viewed: Viewed[] = [];
  const ctx = await context(calls, [], undefined, viewed);
  changeProject(ctx, { settings: { ...DEFAULT_SETTINGS, testTimeViews: 1 } });
  await done(searchSettings(ctx, PLAN));
  const { rows, testViews } = calls[0] ?? {};
  expect(testViews).toMatchObject({ viewCount: 1, strengths: { flipHorizontalRatio: 1 } });
  const held = rows?.hashes.filter((_, row) => rows.parts[row] === 'validation');
  expect(viewed[0]).toEqual({ views: testViews, hashes: held });
});
