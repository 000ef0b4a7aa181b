import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confusionMatrix, rowRatios } from '../../../../src/domain/metrics/confusion.ts';
import { scoreMatrix } from '../../../../src/domain/metrics/scores.ts';
import { wilsonInterval } from '../../../../src/domain/metrics/wilson.ts';
import golden from '../../../fixtures/metrics/scores.json' with { type: 'json' };

describe.each(golden.cases)('scikit-learn agrees on $name', (expected) => {
  const matrix = confusionMatrix(expected.truth, expected.predicted, expected.classCount);
  const scores = scoreMatrix(matrix);
  const near = (actual: readonly number[], wanted: readonly (number | undefined)[]) =>
    actual.forEach((value, index) => {
      expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, 12);
    });

  test('confusion matrix, rows true', () => {
    expect([...matrix.counts]).toEqual(expected.confusion.flat());
  });

  test('precision, recall, F1 and support of every class', () => {
    near(
      scores.classes.map((score) => score.precisionRatio),
      expected.precision,
    );
    near(
      scores.classes.map((score) => score.recallRatio),
      expected.recall,
    );
    near(
      scores.classes.map((score) => score.f1Ratio),
      expected.f1,
    );
    expect(scores.classes.map((score) => score.supportCount)).toEqual(expected.support);
  });

  test('accuracy, macro and weighted averages', () => {
    expect(scores.accuracy?.ratio).toBeCloseTo(expected.accuracy, 12);
    near([scores.macro.precisionRatio, scores.macro.recallRatio, scores.macro.f1Ratio], expected.macro);
    near([scores.weighted.precisionRatio, scores.weighted.recallRatio, scores.weighted.f1Ratio], expected.weighted);
  });
});

test('ratios that divide by nothing are flagged', () => {
  // True classes 0 and 2; predicted 0 and 3; class 1 is neither.
  const { classes } = scoreMatrix(confusionMatrix([0, 0, 2], [0, 0, 3], 4));
  const flags = classes.map((score) => [score.precisionDefined, score.recallDefined, score.f1Defined]);
  expect(flags).toEqual([
    [true, true, true],
    [false, false, false],
    [false, true, true],
    [true, false, true],
  ]);
});

test('rows of the matrix add up to 1, rows without images are NaN', () => {
  const ratios = rowRatios(confusionMatrix([0, 0, 0, 2], [0, 1, 1, 2], 3));
  expect([...ratios]).toEqual([1 / 3, 2 / 3, 0, Number.NaN, Number.NaN, Number.NaN, 0, 0, 1]);
});

test('a part without images has no accuracy and no NaN', () => {
  const { accuracy, macro, weighted } = scoreMatrix(confusionMatrix([], [], 3));
  expect(accuracy).toBeNull();
  expect([...Object.values(macro), ...Object.values(weighted)]).toEqual([0, 0, 0, 0, 0, 0]);
});

describe('the Wilson interval', () => {
  test.each(golden.wilson)('of $hits in $count solves its equation', ({ hits, count, low, high }) => {
    const interval = wilsonInterval(hits, count);
    expect(interval?.lowRatio).toBeCloseTo(low, 10);
    expect(interval?.highRatio).toBeCloseTo(high, 10);
  });

  test('holds the ratio, stays inside 0-1 and is nothing without images', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
        const interval = wilsonInterval(Math.round(count * share), count);
        expect(interval).not.toBeNull();
        const { ratio, lowRatio, highRatio } = interval ?? { ratio: 0, lowRatio: 1, highRatio: 0 };
        expect(lowRatio >= 0 && highRatio <= 1).toBe(true);
        expect(lowRatio - 1e-12 <= ratio && ratio <= highRatio + 1e-12).toBe(true);
      }),
    );
  });
});
