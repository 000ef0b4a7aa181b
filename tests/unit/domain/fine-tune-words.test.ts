import { expect, test } from 'vitest';
import { foldStagesText, guardText, lastStagesText, phaseText } from '../../../src/domain/fine-tune-words.ts';

const GUARD = {
  start: 'pretrained',
  kept: true,
  imageCount: 100,
  lossGain: 0.1,
  standardError: 0.01,
  startAccuracyRatio: 0.87,
  tunedAccuracyRatio: 0.891,
} as const;

const FOLD = {
  imageCount: 1,
  accuracyRatio: 1,
  macroPrecisionRatio: 1,
  macroRecallRatio: 1,
  macroF1Ratio: 1,
  precisionRatios: [],
  recallRatios: [],
  f1Ratios: [],
  chosenHead: null,
};

test('phases are counted and stages named', () => {
  expect(phaseText({ phase: 'head', stageCount: 2, hasHeadPhase: true })).toBe('1 of 2: the head');
  expect(phaseText({ phase: 'fine-tune', stageCount: 2, hasHeadPhase: true })).toBe('2 of 2: the last two stages');
  const further = phaseText({ phase: 'fine-tune', stageCount: 1, hasHeadPhase: false });
  expect(further).toBe('further: the last stage and the head');
  expect(lastStagesText(1)).toBe('the last stage');
  expect(lastStagesText(12)).toBe('the last 12 stages');
});

test('a gain is told in points with both accuracies', () => {
  expect(guardText(GUARD)).toBe(
    'Fine-tuning brought +2.1 points on validation images (87.0\u00a0% right before it, 89.1\u00a0% after, on 100 validation images).',
  );
});

test('no more right answers but surer ones are told as that', () => {
  expect(guardText({ ...GUARD, tunedAccuracyRatio: 0.87 })).toMatch(/^Fine-tuning made the model surer/);
});

test('going back to the head is told as not shown to help, or as harm that is shown', () => {
  const back = { ...GUARD, kept: false };
  const notShown = /^Fine-tuning is not shown to help with 100 validation images, so the head alone/;
  expect(guardText(back)).toMatch(notShown);
  expect(guardText({ ...back, lossGain: -0.1, standardError: 0.08 })).toMatch(notShown);
  expect(guardText({ ...back, lossGain: -0.1, standardError: 0.05 })).toMatch(
    /^Fine-tuning made the model worse, so the head alone/,
  );
  expect(guardText({ ...back, imageCount: 1, lossGain: -9, standardError: 0 })).toMatch(
    /^Fine-tuning is not shown to help with 1 validation image, so/,
  );
});

test('a run that went on from a tuned one says what it went back to', () => {
  const back = { ...GUARD, kept: false, lossGain: -0.1, standardError: 0.01 };
  expect(guardText({ ...GUARD, start: 'run' })).toMatch(/^Fine-tuning further brought \+2\.1 points/);
  expect(guardText({ ...back, start: 'run' })).toMatch(
    /^Fine-tuning further made the model worse, so the model is that of the run it goes on from \(87/,
  );
  expect(guardText({ ...back, start: 'stages-of-run' })).toMatch(
    /so the stages are those of the run it goes on from, and only the head was trained further \(/,
  );
});

test('folds that kept their stages are counted, and without stages nothing is said', () => {
  const folds = (kept: readonly (boolean | null)[]) => ({
    folds: kept.map((stagesKept) => ({ ...FOLD, stagesKept })),
  });
  expect(foldStagesText(folds([null, null]), 2)).toBeNull();
  expect(foldStagesText(folds([true, true, true]), 2)).toBe(
    'Fine-tuning the last two stages was shown to help in all 3 folds and kept in each.',
  );
  expect(foldStagesText(folds([false, false]), 1)).toMatch(
    /shown to help in none of 2 folds, so every image was scored by the head alone/,
  );
  expect(foldStagesText(folds([true, false, true]), 1)).toMatch(/kept in 2 of 3 folds; in the other the head alone/);
  expect(foldStagesText(folds([true, false, false]), 1)).toMatch(/kept in 1 of 3 folds; in the other 2 the head/);
});
