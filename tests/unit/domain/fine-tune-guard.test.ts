import { describe, expect, test } from 'vitest';
import { guardFineTuning, isBackAtOrigin } from '../../../src/domain/fine-tune-guard.ts';

const judged = (losses: readonly number[], accuracyRatio = 0.8) => ({ losses, accuracyRatio });
const frozen = judged([1, 1.2, 0.8, 1.1, 0.9]);

describe('the guard of fine-tuning', () => {
  test('keeps what is better on nearly every image', () => {
    const guard = guardFineTuning('pretrained', frozen, judged([0.8, 0.9, 0.6, 0.8, 0.75]));
    expect(guard).toMatchObject({ kept: true, imageCount: 5 });
    // Gains 0.2, 0.3, 0.2, 0.3, 0.15: mean 0.23, deviation 0.06708, over the root of 5.
    expect(guard.lossGain).toBeCloseTo(0.23, 10);
    expect(guard.standardError).toBeCloseTo(0.03, 10);
  });

  test('goes back when the gain is no larger than chance explains', () => {
    expect(guardFineTuning('pretrained', frozen, judged([0.2, 1.9, 0.5, 1.4, 0.7])).kept).toBe(false);
  });

  test('goes back when the accuracy fell, whatever the loss says', () => {
    expect(guardFineTuning('pretrained', frozen, judged([0.8, 0.9, 0.6, 0.8, 0.75], 0.79)).kept).toBe(false);
  });

  test('goes back when nothing changed, and on a single image, which proves nothing', () => {
    expect(guardFineTuning('pretrained', frozen, frozen).kept).toBe(false);
    expect(guardFineTuning('pretrained', judged([1]), judged([0.1]))).toMatchObject({ kept: false, standardError: 0 });
  });

  test('leaves nothing of a run only where that went back to the model it goes on from', () => {
    const better = judged([0.8, 0.9, 0.6, 0.8, 0.75]);
    expect(isBackAtOrigin(guardFineTuning('run', frozen, frozen))).toBe(true);
    expect(isBackAtOrigin(guardFineTuning('run', frozen, better))).toBe(false);
    for (const start of ['pretrained', 'stages-of-run'] as const) {
      expect(isBackAtOrigin(guardFineTuning(start, frozen, frozen))).toBe(false);
    }
    expect(isBackAtOrigin(null)).toBe(false);
  });
});
