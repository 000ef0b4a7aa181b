import { viewPlanOf } from '../domain/augmented-view.ts';
import { backboneRef } from '../domain/backbone.ts';
import { curveSizes, curveSubset, type LearningCurve, outlookOf, outlookSentence } from '../domain/learning-curve.ts';
import { type LearningRateTest, readLearningRateTest, testedRates } from '../domain/learning-rate-range.ts';
import type { TrainedCandidate, TrialEpoch } from '../engine/contract-measuring.ts';
import type { CommandContext } from './context.ts';
import { type Outcome, Refusal } from './job.ts';
import { rowsWithoutTest, tune, withTrainingViews } from './tuning.ts';

/** Each size is trained with so many choices of images. */
const REPEATS = 3;
const EXTRA_IMAGES = 100;

/** Raises the learning rate step by step and says which one suits. */
export function testLearningRates(ctx: CommandContext): Promise<Outcome<LearningRateTest>> {
  const obstacle = () =>
    ctx.store.getState().project?.settings.head === 'network'
      ? null
      : 'Only a network head has a learning rate to set. Choose Network under Head.';
  return tune(ctx, 'learning-rate', { obstacle }, async ({ plan, learning }) => {
    const rates = testedRates();
    const input = {
      backbone: backboneRef(plan.backbone),
      rows: rowsWithoutTest(plan),
      classCount: plan.classes.length,
      settings: plan.settings,
      rates,
      resizeMode: plan.project.resizeMode,
    };
    const { losses } = await ctx.engine.call('testLearningRates', input, { signal: learning.signal });
    learning.check();
    const learningRateTest = readLearningRateTest(rates, losses, plan.settings.optimizer);
    ctx.store.setState({ learningRateTest });
    return learningRateTest;
  });
}

/** Trains on growing shares of the training images and says what more would bring. */
export function learnCurve(ctx: CommandContext): Promise<Outcome<LearningCurve>> {
  return tune(ctx, 'learning-curve', {}, async (tuning) => {
    const { learning, show } = tuning;
    if (!tuning.plan.rows.parts.includes('validation')) {
      throw new Refusal('A learning curve needs validation images. Give the validation part a share under Data split.');
    }
    const plan = await withTrainingViews(ctx, tuning);
    const rows = rowsWithoutTest(plan);
    const trainRows = rows.parts.flatMap((part, row) => (part === 'train' ? [row] : []));
    const classIndices = trainRows.map((row) => rows.classIndices[row] ?? 0);
    const { seed } = plan.settings;
    const groupIds = trainRows.map((row) => rows.groupIds[row] ?? '');
    const planned = curveSizes(trainRows.length, plan.classes.length).flatMap((size) =>
      Array.from({ length: REPEATS }, (_, repeat) => {
        const drawn = curveSubset(classIndices, size, seed + repeat, groupIds);
        return { seed: seed + repeat, trainRows: drawn.map((position) => trainRows[position] ?? 0) };
      }),
    );
    const accuracies = new Map<number, number>();
    const onEvent = (event: TrainedCandidate | TrialEpoch) => {
      if (!('index' in event)) return;
      const { index, validationAccuracyRatio } = event;
      if (validationAccuracyRatio !== null) accuracies.set(index, validationAccuracyRatio);
      show(index + 1, planned.length);
    };
    show(0, planned.length);
    const input = {
      backbone: backboneRef(plan.backbone),
      rows,
      classCount: plan.classes.length,
      views: viewPlanOf(plan.settings, plan.settings.augmentViews),
      testViews: null,
      candidates: planned.map(({ seed: drawn, trainRows: chosen }) => ({
        settings: { ...plan.settings, seed: drawn },
        trainRows: chosen,
      })),
      resizeMode: plan.project.resizeMode,
    };
    const signals = { signal: learning.signal, stopSignal: learning.stopSignal };
    await ctx.engine.call('trainMany', input, { ...signals, onEvent });
    learning.check();
    const points = planned.flatMap(({ trainRows: chosen }, index) => {
      const accuracyRatio = accuracies.get(index);
      return accuracyRatio === undefined ? [] : [{ imageCount: chosen.length, accuracyRatio }];
    });
    const outlook = outlookOf(points, trainRows.length, EXTRA_IMAGES, seed);
    const scoredCount = rows.parts.filter((part) => part === 'validation').length;
    const learningCurve = { points, outlook, sentence: outlookSentence(outlook, scoredCount) };
    ctx.store.setState({ learningCurve });
    return learningCurve;
  });
}
