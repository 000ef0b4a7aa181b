import { describe, expect, test } from 'vitest';
import {
  accuracyAt,
  curveSizes,
  curveSubset,
  fitPowerLaw,
  outlookOf,
  outlookSentence,
} from '../../../src/domain/learning-curve.ts';
import { readLearningRateTest, testedRates } from '../../../src/domain/learning-rate-range.ts';
import type { OptimizerName } from '../../../src/domain/settings.ts';

const law = { ceiling: 0.95, drop: 1.2, decay: 0.5 };
const sizes = curveSizes(700, 5);
const exact = sizes.map((imageCount) => ({ imageCount, accuracyRatio: accuracyAt(law, imageCount) }));

test('sizes rise evenly by ratio up to all images, and are none where there are too few', () => {
  expect(sizes).toHaveLength(6);
  expect([sizes[0], sizes.at(-1)]).toEqual([70, 700]);
  expect(curveSizes(6, 3)).toEqual([]);
});

test('subsets are nested for one seed, and hold every class', () => {
  const classIndices = Array.from({ length: 100 }, (_, row) => (row < 90 ? 0 : row % 3));
  const [small, large] = [curveSubset(classIndices, 12, 1), curveSubset(classIndices, 40, 1)];
  expect(small.every((row) => large.includes(row))).toBe(true);
  expect(new Set(small.map((row) => classIndices[row]))).toEqual(new Set([0, 1, 2]));
  expect(curveSubset(classIndices, 12, 2)).not.toEqual(small);
});

describe('the power law', () => {
  test('is found again from points on it', () => {
    const fitted = fitPowerLaw(exact);
    expect(fitted?.ceiling).toBeCloseTo(law.ceiling, 6);
    expect(fitted?.drop).toBeCloseTo(law.drop, 6);
    expect(fitted?.decay).toBeCloseTo(law.decay, 6);
  });

  test('never expects more than everything', () => {
    const steep = sizes.map((imageCount, index) => ({ imageCount, accuracyRatio: 0.5 + 0.1 * index }));
    expect(fitPowerLaw(steep)?.ceiling).toBeLessThanOrEqual(1);
  });

  test('says what 100 more images bring, with a range around it', () => {
    const noisy = exact.flatMap(({ imageCount, accuracyRatio }) =>
      [-0.01, 0, 0.01].map((noise) => ({ imageCount, accuracyRatio: accuracyRatio + noise })),
    );
    const outlook = outlookOf(noisy, 700, 100, 1);
    expect(outlook?.gainRatio).toBeCloseTo(accuracyAt(law, 800) - accuracyAt(law, 700), 2);
    expect(outlook?.lowRatio).toBeLessThan(outlook?.gainRatio ?? 0);
    expect(outlook?.highRatio).toBeGreaterThan(outlook?.gainRatio ?? 1);
    expect(outlookSentence(outlook, 30)).toMatch(/^100 more images would likely bring about \+0\.\d points \(between /);
    expect(outlookSentence(null, 30)).toContain('too few');
    expect(outlookSentence(outlook, 29)).toMatch(
      /^29 validation images are too few to say what 100 more training images/,
    );
    expect(outlookSentence(outlook, 1)).toMatch(/^1 validation image is too few/);
  });

  test('a gain that is not seen, but may be there, is not denied', () => {
    const outlook = { extraCount: 100, gainRatio: 0, lowRatio: 0, highRatio: 0.04, law };
    expect(outlookSentence(outlook, 300)).toBe(
      'A gain from 100 more images is not shown: about +0.0 points (between 0.0 and 4.0).',
    );
  });

  test('flat accuracy promises nothing', () => {
    const flat = sizes.map((imageCount) => ({ imageCount, accuracyRatio: 0.9 }));
    expect(outlookSentence(outlookOf(flat, 700, 100, 1), 30)).toContain('next to nothing');
  });
});

describe('the learning-rate test', () => {
  const rates = testedRates();

  test('goes from 1e-7 to 10 in 100 steps', () => {
    expect(rates).toHaveLength(100);
    expect(rates[0]).toBeCloseTo(1e-7, 12);
    expect(rates.at(-1)).toBeCloseTo(10, 9);
  });

  test('suggests a tenth of the rate with the least loss, steeper ones before it', () => {
    // Falls around 1e-3, explodes beyond 0.1.
    const losses = rates.map((rate) => 1.6 - 1.2 / (1 + (1e-3 / rate) ** 1.5) + (rate / 0.3) ** 2);
    const { suggestedRate, steepestRate, isCapped } = readLearningRateTest(rates, losses.slice(0, 90), 'adam');
    expect(isCapped).toBe(false);
    expect(suggestedRate).toBeGreaterThan(1e-3);
    expect(suggestedRate).toBeLessThan(0.03);
    expect(steepestRate).toBeGreaterThan(5e-4);
    expect(steepestRate).toBeLessThan(0.02);
  });

  test('suggests nothing where the loss never falls', () => {
    const { suggestedRate, steepestRate } = readLearningRateTest(
      rates,
      rates.map((_, step) => 1 + step / 100),
      'adam',
    );
    expect([suggestedRate, steepestRate]).toEqual([null, null]);
  });

  test('suggests no more than suits the optimiser where the loss falls up to the highest rate', () => {
    const easy = rates.map((rate) => 1.1 / (1 + rate / 1e-3));
    const read = (optimizer: OptimizerName) => readLearningRateTest(rates, easy, optimizer);
    expect(read('adam')).toMatchObject({ suggestedRate: 0.01, isCapped: true });
    expect(read('rmsprop')).toMatchObject({ suggestedRate: 0.01, isCapped: true });
    expect(read('sgd')).toMatchObject({ suggestedRate: 0.1, isCapped: true });
    expect(read('adam').lowestLossRate).toBeCloseTo(10, 9);
  });

  test('does not take luck in the first batches for the place where the loss falls fastest', () => {
    const luck = [2.4, 1.2, 1.6];
    const losses = rates.map((rate, step) => luck[step] ?? 1.6 / (1 + rate / 1e-3));
    const { steepestRate } = readLearningRateTest(rates, losses, 'adam');
    expect(steepestRate).toBeGreaterThan(1e-4);
  });
});
