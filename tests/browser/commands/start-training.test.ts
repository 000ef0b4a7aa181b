import { expect, test } from 'vitest';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { openProject } from '../../../src/commands/projects.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import { CodedError } from '../../../src/domain/coded-error.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { commandContext, done, dropped, TINY_OUTPUT } from './command-fixture.ts';

type Embedded = EngineCalls['embed']['output'];

/** 12 images in two classes, and an engine whose embedding ends as told. */
async function context(
  embedded: (hashes: readonly string[]) => Embedded,
  more: Parameters<typeof commandContext>[0] = {},
): Promise<CommandContext> {
  const ctx = await commandContext({
    predictFromAverages: async ({ rows }) => new Int32Array(rows.parts.length),
    missingFeatures: async ({ hashes }) => hashes,
    embed: async ({ images }) => embedded(images.map(({ hash }) => hash)),
    train: async () => TINY_OUTPUT,
    predict: async ({ hashes }) => new Float32Array(hashes.length * 2).fill(0.5),
    ...more,
  });
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]),
  );
  await importFiles(ctx, dropped(files), { classId: null });
  return ctx;
}

/** The same page where runs find no room on the disk. */
function withoutRoomForRuns(ctx: CommandContext): CommandContext {
  const save = () => Promise.reject(new CodedError('disk-full', 'no room'));
  return { ...ctx, storage: { ...ctx.storage, runs: { ...ctx.storage.runs, save } } };
}

const notices = (ctx: CommandContext) =>
  ctx.store.getState().notices.filter(({ tone }) => tone === 'warning' || tone === 'error');

test('prepared features that find no room on the disk are told, once, and the run goes on', async () => {
  const ctx = await context(() => ({ failed: [], cacheFull: true }));
  expect(await done(startTraining(ctx))).not.toBeNull();
  expect(await done(startTraining(ctx))).not.toBeNull();
  expect(notices(ctx)).toMatchObject([
    {
      tone: 'warning',
      title: expect.stringContaining('kept in memory only'),
      detail: expect.stringContaining('reload'),
    },
  ]);
});

test('with room for all of them nothing is said', async () => {
  const ctx = await context(() => ({ failed: [], cacheFull: false }));
  await done(startTraining(ctx));
  expect(notices(ctx)).toEqual([]);
});

test('images that cannot be read again are counted, left out of the run and stay in the project', async () => {
  const ctx = await context((hashes) => ({ failed: hashes.slice(0, 2), cacheFull: false }));
  const run = await done(startTraining(ctx));
  expect(notices(ctx)).toMatchObject([{ tone: 'warning', title: expect.stringMatching(/^2 images .* left out/) }]);
  const { train = 0, validation = 0, test: held = 0 } = run?.partCounts ?? {};
  expect(train + validation + held).toBe(10);
  expect(ctx.store.getState().project?.dataset.images.size).toBe(12);
});

test('a run that finds no room on the disk is kept in memory and told; a reload opens the one before', async () => {
  const ctx = await context(() => ({ failed: [], cacheFull: false }));
  const saved = await done(startTraining(ctx));
  const unsaved = await done(startTraining(withoutRoomForRuns(ctx)));
  const { artifacts, runs, project } = ctx.store.getState();
  expect(artifacts?.runId).toBe(unsaved?.id);
  expect(runs.map(({ id }) => id)).toEqual([saved?.id, unsaved?.id]);
  expect(notices(ctx)).toMatchObject([{ tone: 'error', title: expect.stringContaining('this run is not saved') }]);
  await ctx.session.writes;
  expect(await openProject(ctx, project?.id ?? '')).toEqual({ kind: 'done', value: null });
  expect(ctx.store.getState().artifacts?.runId).toBe(saved?.id);
  expect(ctx.store.getState().project?.currentRunId).toBe(saved?.id);
});

test('validation images that were learnt from count as training images, and have no score', async () => {
  const ctx = await context(() => ({ failed: [], cacheFull: false }), {
    train: async () => ({ ...TINY_OUTPUT, learntFromValidation: true }),
  });
  const before = await done(startTraining(await context(() => ({ failed: [], cacheFull: false }))));
  const run = await done(startTraining(ctx));
  const { train = 0, validation = 0 } = before?.partCounts ?? {};
  expect(validation).toBeGreaterThan(0);
  expect(run?.partCounts).toMatchObject({ train: train + validation, validation: 0 });
  expect(run?.scores).toMatchObject({ validationAccuracyRatio: null, testAccuracyRatio: expect.any(Number) });
  expect(ctx.store.getState().artifacts?.predictions.parts).not.toContain('validation');
});

test('a run knows what class averages said of its held-out images, and still does after a reload', async () => {
  const ctx = await context(() => ({ failed: [], cacheFull: false }), {
    // Right everywhere; the head says class 0 of everything.
    predictFromAverages: async ({ rows }) => Int32Array.from(rows.classIndices),
  });
  const run = await done(startTraining(ctx));
  const { imageCount = 0, correctCount, onlyModelCount, onlyBaselineCount } = run?.beforeTraining?.test ?? {};
  expect(imageCount).toBe(run?.partCounts.test);
  expect(imageCount).toBeGreaterThan(0);
  expect([correctCount, onlyModelCount]).toEqual([imageCount, 0]);
  expect(onlyBaselineCount).toBe(imageCount * (1 - (run?.scores.testAccuracyRatio ?? Number.NaN)));
  expect(await ctx.storage.runs.list(run?.projectId ?? '')).toMatchObject([{ beforeTraining: run?.beforeTraining }]);
});

test('a run is kept without that figure where it cannot be had, and the page says why', async () => {
  const ctx = await context(() => ({ failed: [], cacheFull: false }), {
    predictFromAverages: () => Promise.reject(new CodedError('features-missing', 'gone')),
  });
  expect(await done(startTraining(ctx))).toMatchObject({
    beforeTraining: null,
    scores: { testAccuracyRatio: expect.any(Number) },
  });
  expect(notices(ctx)).toMatchObject([
    {
      tone: 'warning',
      title: expect.stringContaining('before any training'),
      detail: expect.stringContaining('The run is kept'),
    },
  ]);
});

test('a run is set beside the one in use before, on the test images of both', async () => {
  let answers = [0, 1];
  const ctx = await context(() => ({ failed: [], cacheFull: false }), {
    predict: async ({ hashes }) => Float32Array.from(hashes.flatMap(() => answers)),
  });
  const first = await done(startTraining(ctx));
  expect(first?.prior).toBeNull();
  answers = [1, 0];
  const second = await done(startTraining(ctx));
  const testCount = second?.partCounts.test ?? 0;
  const rightCount = (run: typeof first) => Math.round((run?.scores.testAccuracyRatio ?? 0) * testCount);
  expect(testCount).toBeGreaterThan(0);
  expect(second?.prior).toEqual({
    runId: first?.id,
    sharedCount: testCount,
    onlyThisCount: rightCount(second),
    onlyPriorCount: rightCount(first),
  });
  expect(ctx.store.getState().project?.currentRunId).toBe(second?.id);
});
