import { expect, test } from 'vitest';
import type { ClassifierChoice } from '../../../src/domain/classifier-choice.ts';
import { isFittedAgain, keptWeightsText } from '../../../src/domain/kept-head-words.ts';
import type { EpochRecord } from '../../../src/domain/run.ts';

const EPOCH: EpochRecord = {
  epochIndex: 0,
  trainLoss: 0.4,
  trainAccuracyRatio: 0.9,
  validationLoss: 0.5,
  validationAccuracyRatio: 0.8,
  recallRatios: [0.8, 0.8],
  learningRate: 0,
  elapsedMs: 1,
  phase: 'head',
};
const CHOICE: ClassifierChoice = {
  chosen: 'logistic',
  curvesOf: 'logistic',
  candidates: [],
  comparedOn: 'cross-validation',
  imageCount: 20,
};
const RUN = {
  classifier: CHOICE,
  fallback: null,
  guard: null,
  bestEpochIndex: 0,
  curves: [EPOCH],
  partCounts: { train: 20, validation: 0, test: 4 },
};

test('a head fitted again on the validation images says so instead of naming an epoch', () => {
  expect(isFittedAgain(RUN)).toBe(true);
  expect(keptWeightsText(RUN)).toMatch(/^The curves are of a fit without the validation images/);
});

test('with the validation images left out, or none from the start, the epoch is named', () => {
  for (const run of [
    { ...RUN, partCounts: { train: 16, validation: 4, test: 4 } },
    { ...RUN, curves: [{ ...EPOCH, validationLoss: null, validationAccuracyRatio: null }] },
    { ...RUN, classifier: null },
  ]) {
    expect(isFittedAgain(run)).toBe(false);
    expect(keptWeightsText(run)).toBe('The weights are those of epoch 1.');
  }
});
