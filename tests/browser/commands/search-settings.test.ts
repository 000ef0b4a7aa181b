import { describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { learnCurve } from '../../../src/commands/learning-tests.ts';
import { openProject } from '../../../src/commands/projects.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { searchSettings } from '../../../src/commands/search-settings.ts';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import type { SearchPlan } from '../../../src/domain/search.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { commandContext, dropped } from './command-fixture.ts';

const PLAN: SearchPlan = { method: 'grid', over: { l2: [0, 0.01, 0.02, 0.03] }, runs: null, minutes: null, seed: 1 };

type Many = EngineCalls['trainMany']['input'];
type Viewed = Pick<Required<EngineCalls['missingFeatures']['input']>, 'hashes' | 'views'>;

const layer = { inputLength: 1, outputLength: 2, activation: 'softmax' } as const;
const HEAD = { layers: [{ ...layer, kernel: new Float32Array(2), bias: new Float32Array(2) }] };

/** 40 images in two classes. The engine finds a larger penalty better; `stopAfter` candidates somebody stops it. */
async function context(
  calls: Many[],
  tested: string[],
  stopAfter = { count: Number.POSITIVE_INFINITY },
  viewed: Viewed[] = [],
) {
  const ctx: CommandContext = await commandContext({
    missingFeatures: async ({ hashes, views }) => {
      if (views !== undefined) viewed.push({ hashes, views });
      return [];
    },
    trainMany: async (input, { emit, stopRequested }) => {
      calls.push(input);
      for (const [index, { settings }] of input.candidates.entries()) {
        if (index === stopAfter.count) ctx.session.training?.stop.abort();
        if (stopRequested()) return { doneCount: index };
        const figures = { validationAccuracyRatio: settings.l2 * 10, validationLoss: 1, epochCount: 1, elapsedMs: 1 };
        emit({ index, ...figures, failure: null });
      }
      return { doneCount: input.candidates.length };
    },
    train: async ({ settings }) => {
      tested.push(String(settings.l2));
      return { end: 'all-epochs', bestEpochIndex: 0, head: HEAD, elapsedMs: 1, tuned: null, guard: null };
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
  const { record, run } = await searchSettings(ctx, PLAN);
  expect(tested).toEqual(['0.03']);
  expect(run).toMatchObject({ kind: 'search', settings: { l2: 0.03 } });
  expect(record).toMatchObject({ runId: run?.id, results: { length: 4 } });
  expect(calls.flatMap(({ rows }) => rows.parts)).not.toContain('test');
  expect(calls.flatMap(({ rows }) => rows.parts)).toContain('validation');
  expect(ctx.store.getState().project?.settings.l2).toBe(0.0001);
  expect(ctx.store.getState().tuning).toBeNull();
});

test('stopped, it keeps what is done without testing, and after a reload goes on with the rest', async () => {
  const [calls, tested]: [Many[], string[]] = [[], []];
  const stopAfter = { count: 2 };
  const ctx = await context(calls, tested, stopAfter);
  const stopped = await searchSettings(ctx, PLAN);
  expect([stopped.run, stopped.record.results.length, tested]).toEqual([null, 2, []]);
  await ctx.session.writes;
  await openProject(ctx, ctx.store.getState().project?.id ?? '');
  expect(ctx.store.getState().project?.search).toEqual(stopped.record);
  stopAfter.count = Number.POSITIVE_INFINITY;
  const { record } = await searchSettings(ctx, null);
  expect(calls[1]?.candidates.map(({ settings }) => settings.l2)).toEqual([0.02, 0.03]);
  expect(record.results.map(({ candidateIndex }) => candidateIndex)).toEqual([0, 1, 2, 3]);
  expect(tested).toEqual(['0.03']);
});

test('with other images than it began with, it does not go on', async () => {
  const ctx = await context([], [], { count: 1 });
  await searchSettings(ctx, PLAN);
  await importFiles(ctx, dropped({ '1/new.png': 'another image' }), { classId: null });
  await expect(searchSettings(ctx, null)).rejects.toThrow('Start a new one');
});

test('a plan that makes no sense is refused in words, and nothing is trained', async () => {
  const calls: Many[] = [];
  const ctx = await context(calls, []);
  await expect(searchSettings(ctx, { ...PLAN, over: {} })).rejects.toThrow('at least one setting');
  await expect(searchSettings(ctx, null)).rejects.toThrow('no search');
  expect(calls).toEqual([]);
  expect(ctx.session.training).toBeNull();
});

test('a learning curve trains growing shares of the training images several times over', async () => {
  const calls: Many[] = [];
  const ctx = await context(calls, []);
  const { points, sentence } = await learnCurve(ctx);
  const sizes = calls[0]?.candidates.map(({ trainRows }) => trainRows?.length) ?? [];
  const trainCount = calls[0]?.rows.parts.filter((part) => part === 'train').length;
  expect(sizes).toEqual(points.map(({ imageCount }) => imageCount));
  expect(sizes.at(-1)).toBe(trainCount);
  expect(sizes.filter((size) => size === trainCount)).toHaveLength(3);
  expect(sentence).toContain('100 more images');
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
    const { run } = await searchSettings(ctx, PLAN);
    expect(calls.map(({ views }) => views)).toEqual([asked]);
    const [first] = calls;
    expect(viewed[0]).toEqual({ views: asked, hashes: first && learntFrom(first) });
    expect(run?.settings).toMatchObject({ augment: 'photos', augmentViews: 3 });
    expect(ctx.store.getState()).toMatchObject({ training: { kind: 'idle' }, tuning: null });
  });

  test('a search that goes on keeps to the views it began with', async () => {
    const calls: Many[] = [];
    const stopAfter = { count: 2 };
    const { ctx } = await augmented(calls, stopAfter);
    await searchSettings(ctx, PLAN);
    changeProject(ctx, { settings: DEFAULT_SETTINGS });
    stopAfter.count = Number.POSITIVE_INFINITY;
    await searchSettings(ctx, null);
    expect(calls.map(({ views }) => views)).toEqual([asked, asked]);
  });

  test('a learning curve learns from one set of views, whatever images it draws', async () => {
    const calls: Many[] = [];
    const { ctx, viewed } = await augmented(calls);
    await learnCurve(ctx);
    expect(calls[0]?.views).toEqual(asked);
    expect(new Set(calls[0]?.candidates.map(({ settings }) => settings.seed)).size).toBe(3);
    const [first] = calls;
    expect(viewed).toEqual([{ views: asked, hashes: first && learntFrom(first) }]);
  });
});
