import { expect, test } from 'vitest';
import { fineTuneCost } from '../../../src/domain/fine-tune-cost.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';

const PARTS = { train: 70, validation: 20, test: 10 };
const ESTIMATE = { rowBytes: 1000, rowMs: 10, viewMs: 100, stepMs: 30, judgeMs: 5 };

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
