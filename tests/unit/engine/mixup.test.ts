import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { blendLabels, drawMixup } from '../../../src/engine/training/mixup.ts';

const ROWS = Int32Array.from({ length: 4000 }, (_, row) => row * 10);

describe('the shares', () => {
  test.each([
    // Of max(x, 1 - x) under beta(a, a): for a = 1 the mean of a uniform number from 0.5 to 1.
    [1, 0.75],
    // For a = 2 the integral of 12 x^2 (1 - x) from 0.5 to 1.
    [2, 0.6875],
  ])('of strength %d have the mean of the beta distribution', (strength, mean) => {
    const { shares } = drawMixup(ROWS, strength, randomStream(1, 'mixup'));
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeCloseTo(mean, 2);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5);
  });

  test('of the smallest strength leave rows as they are', () => {
    const { shares } = drawMixup(ROWS, 0.0001, randomStream(1, 'mixup'));
    expect(shares.filter((share) => share < 0.999).length).toBeLessThan(20);
    expect(shares.every(Number.isFinite)).toBe(true);
  });
});

test('every row is some row’s partner once', () => {
  const { partners, partnerRows } = drawMixup(ROWS, 1, randomStream(1, 'mixup'));
  expect(new Set(partners).size).toBe(ROWS.length);
  expect([...partnerRows]).toEqual([...partners].map((partner) => partner * 10));
});

test('labels are blended as the rows are', () => {
  const mixup = { shares: Float32Array.of(0.75, 0.5), partners: Int32Array.of(1, 0), partnerRows: Int32Array.of(1, 0) };
  expect([...blendLabels(Float32Array.of(1, 0, 0, 1), 2, mixup)]).toEqual([0.75, 0.25, 0.5, 0.5]);
});
