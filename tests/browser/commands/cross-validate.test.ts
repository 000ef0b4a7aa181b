import { expect, test } from 'vitest';
import { classify } from '../../../src/commands/classify.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { crossValidate } from '../../../src/commands/cross-validate.ts';
import { summariseCrossValidation } from '../../../src/commands/cross-validation-summary.ts';
import { errorText } from '../../../src/commands/error-text.ts';
import { packModel } from '../../../src/commands/export-model.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { openProject } from '../../../src/commands/projects.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import type { CrossValidateInput } from '../../../src/engine/contract-measuring.ts';
import { trainedState } from '../../helpers/browser/sample-states.ts';
import { commandContext, done, dropped } from './command-fixture.ts';

/** 40 images in two classes. The engine calls every image of the last fold wrong, all others right. */
async function context(
  calls: CrossValidateInput[],
  stopAfter = Number.POSITIVE_INFINITY,
  viewed: number[] = [],
): Promise<CommandContext> {
  const ctx: CommandContext = await commandContext({
    missingFeatures: async ({ hashes, views }) => {
      if (views !== undefined && hashes.length > 0) viewed.push(hashes.length * views.viewCount);
      return [];
    },
    crossValidate: async (input, { emit }) => {
      calls.push(input);
      const { partsByFold, classIndices, classCount } = input;
      const doneCount = Math.min(stopAfter, partsByFold.length);
      const probabilities = new Float32Array(classIndices.length * classCount);
      for (let foldIndex = 0; foldIndex < doneCount; foldIndex++) {
        const isRight = foldIndex < partsByFold.length - 1;
        partsByFold[foldIndex]?.forEach((part, row) => {
          const own = classIndices[row] ?? 0;
          if (part === 'test') probabilities[row * classCount + (isRight ? own : 1 - own)] = 1;
        });
        const stagesKept = input.settings.fineTuneStages > 0 ? foldIndex % 2 === 0 : null;
        emit({ foldIndex, epochCount: 1, elapsedMs: 1, stagesKept, chosenHead: null });
      }
      return { probabilities, doneCount };
    },
  });
  const files = Array.from({ length: 40 }, (_, index) => [`${index % 2}/${index}.png`, `image ${index}`]);
  await importFiles(ctx, dropped(Object.fromEntries(files)), { classId: null });
  return ctx;
}

test('it keeps the predictions of all images as a run without a model, and opens with it again', async () => {
  const calls: CrossValidateInput[] = [];
  const ctx = await context(calls);
  const run = await done(crossValidate(ctx, { folds: 4 }));
  expect(calls[0]?.partsByFold).toHaveLength(4);
  expect(calls[0]?.settings.fineTuneStages).toBe(0);
  expect(run).toMatchObject({ kind: 'cross-validation', modelBytes: null, curves: [], end: 'all-epochs' });
  expect(run.scores).toMatchObject({ testCount: 40, testAccuracyRatio: 0.75 });
  expect(run.crossValidation?.folds.map(({ accuracyRatio }) => accuracyRatio)).toEqual([1, 1, 1, 0]);
  expect(ctx.store.getState().project?.settings.folds).toBe(5);
  expect(ctx.store.getState().jobs).toEqual([]);

  await ctx.session.writes;
  await openProject(ctx, run.projectId);
  const { runs, artifacts, project } = ctx.store.getState();
  expect(runs).toEqual([run]);
  expect(project?.currentRunId).toBe(run.id);
  expect(artifacts).toMatchObject({ runId: run.id, head: null, predictions: { imageIds: { length: 40 } } });
});

test('the views that its settings ask for are there before: of all images, to learn from and to be judged by', async () => {
  const viewed: number[] = [];
  const calls: CrossValidateInput[] = [];
  const ctx = await context(calls, Number.POSITIVE_INFINITY, viewed);
  const run = await done(crossValidate(ctx, { augment: 'photos', augmentViews: 3, testTimeViews: 2 }));
  expect(viewed).toEqual([40 * 3, 40 * 2]);
  expect(calls[0]?.settings).toMatchObject({ augment: 'photos', augmentViews: 3, testTimeViews: 2 });
  expect(run.settings).toMatchObject({ augment: 'photos', augmentViews: 3 });
  expect(ctx.store.getState().jobs).toEqual([]);
});

/** The network in use as one of three stages. */
function withStages(ctx: CommandContext): void {
  ctx.store.setState({ backbones: trainedState().backbones });
}

test('with fine-tuning every fold trains stages, and the run tells in which they were kept', async () => {
  const calls: CrossValidateInput[] = [];
  const ctx = await context(calls);
  withStages(ctx);
  const run = await done(crossValidate(ctx, { folds: 3, fineTuneStages: 2 }));
  expect(calls[0]?.settings.fineTuneStages).toBe(2);
  for (const parts of calls[0]?.partsByFold ?? []) expect(parts).toContain('validation');
  expect(run).toMatchObject({ kind: 'cross-validation', settings: { fineTuneStages: 2 }, guard: null });
  expect(run.crossValidation?.folds.map(({ stagesKept }) => stagesKept)).toEqual([true, false, true]);
  expect(summariseCrossValidation(run).stagesKeptFoldCount).toBe(2);
  await ctx.session.writes;
  await openProject(ctx, run.projectId);
  expect(ctx.store.getState().runs).toEqual([run]);
});

test('without validation images in a fold, fine-tuning is refused in words', async () => {
  const calls: CrossValidateInput[] = [];
  const ctx = await context(calls);
  withStages(ctx);
  const split = { trainRatio: 0.8, validationRatio: 0, testRatio: 0.2, seed: 1 };
  changeProject(ctx, { split });
  await expect(done(crossValidate(ctx, { fineTuneStages: 1 }))).rejects.toThrow('validation images in every fold');
  expect(calls).toEqual([]);
  await done(crossValidate(ctx, { fineTuneStages: 0 }));
  expect(calls).toHaveLength(1);
});

test('a model in use stays in use', async () => {
  const ctx = await context([]);
  const first = await done(crossValidate(ctx, { folds: 2 }));
  await done(crossValidate(ctx, { folds: 3 }));
  expect(ctx.store.getState().project?.currentRunId).toBe(first.id);
  expect(ctx.store.getState().runs).toHaveLength(2);
});

test('trying and downloading say that there is no one model, and what to do', async () => {
  const ctx = await context([]);
  await done(crossValidate(ctx));
  const backbone = { id: 'unknown' } as NonNullable<ReturnType<typeof ctx.store.getState>['backbones']['current']>;
  ctx.store.setState(({ backbones }) => ({ backbones: { ...backbones, current: backbone } }));
  for (const act of [() => classify(ctx, new Blob()), () => done(packModel(ctx, { kind: 'whole-model' }))]) {
    const error = await act().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(errorText(error).advice).toContain('Press Train');
  }
});

test('stopped, it keeps the folds that were judged; stopped before the second there is nothing to keep', async () => {
  const ctx = await context([], 2);
  const run = await done(crossValidate(ctx));
  expect(run).toMatchObject({ end: 'stopped-by-user', crossValidation: { foldCount: 5, folds: { length: 2 } } });
  expect(run.scores.testCount).toBe(16);
  expect(run.partCounts).toEqual({ train: 0, validation: 0, test: 16 });
  const early = await context([], 1);
  await expect(done(crossValidate(early))).rejects.toThrow('before two folds');
  expect(early.store.getState().runs).toEqual([]);
});

test('settings that make no sense and too few images are refused in words', async () => {
  const calls: CrossValidateInput[] = [];
  const ctx = await context(calls);
  await expect(done(crossValidate(ctx, { folds: 11 }))).rejects.toThrow('10');
  const few = await commandContext({ missingFeatures: async () => [] });
  await importFiles(few, dropped({ 'a/1.png': 'one', 'b/2.png': 'two' }), { classId: null });
  await expect(done(crossValidate(few))).rejects.toThrow('at least 5 different images');
  expect(calls).toEqual([]);
});
