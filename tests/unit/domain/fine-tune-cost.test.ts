import { expect, test } from 'vitest';
import { crossValidationCost, fineTuneCost } from '../../../src/domain/fine-tune-cost.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';

const PARTS = { train: 70, validation: 20, test: 10 };
const ESTIMATE = { rowBytes: 1000, memoryBytes: 1e9, rowMs: 10, viewMs: 100, stepMs: 30, judgeMs: 5 };

test('without views every image passes the frozen part once, and only training images are learnt from', () => {
  const cost = fineTuneCost(ESTIMATE, { ...DEFAULT_SETTINGS, fineTuneEpochs: 10 }, PARTS);
  expect(cost).toEqual({ rowCount: 100, keptBytes: 100_000, preparingSeconds: 1, epochSeconds: 2.2, seconds: 23 });
});

test('views cost their making, their pass and their steps; those for scoring cost no steps', () => {
  const settings = { ...DEFAULT_SETTINGS, augment: 'photos', augmentViews: 3, testTimeViews: 2 } as const;
  const { rowCount, preparingSeconds, epochSeconds } = fineTuneCost(ESTIMATE, settings, PARTS);
  expect(rowCount).toBe(100 + 3 * 70 + 2 * 30);
  expect(preparingSeconds).toBeCloseTo(3.7 + 27);
  expect(epochSeconds).toBeCloseTo(4 * 70 * 0.03 + 0.1);
});

test('over all folds the frozen part runs once, and every fold learns from the share of the others that is not judged by', () => {
  const split = { trainRatio: 0.7, validationRatio: 0.1 };
  const settings = { ...DEFAULT_SETTINGS, fineTuneEpochs: 10 };
  const cost = crossValidationCost(ESTIMATE, settings, 100, 5, split);
  expect(cost).toMatchObject({ keptBytes: 100_000, preparingSeconds: 1 });
  expect(cost.foldSeconds).toBeCloseTo(10 * (70 * 0.03 + 10 * 0.005));
  expect(cost.seconds).toBeCloseTo(1 + 5 * cost.foldSeconds);
});

test('over all folds every image needs its views to learn from and those to be judged by', () => {
  const split = { trainRatio: 0.5, validationRatio: 0.5 };
  const kept = (change: object) =>
    crossValidationCost(ESTIMATE, { ...DEFAULT_SETTINGS, ...change }, 100, 2, split).keptBytes / 1000;
  expect(kept({ augment: 'photos', augmentViews: 3 })).toBe(400);
  expect(kept({ testTimeViews: 4 })).toBe(200);
});
