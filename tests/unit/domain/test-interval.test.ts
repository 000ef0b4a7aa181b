import { expect, test } from 'vitest';
import { groupedInterval, independentCount, wilsonInterval } from '../../../src/domain/metrics/wilson.ts';
import { testInterval, testWeight } from '../../../src/domain/test-interval.ts';

const scores = { testCount: 20, testAccuracyRatio: 1, testMacroF1Ratio: 1, validationAccuracyRatio: null };

test('twenty frames of two bursts say as much as two photos', () => {
  expect(independentCount([10, 10])).toBe(2);
  expect(groupedInterval(20, [10, 10])).toEqual(wilsonInterval(2, 2));
  const grouped = { ...scores, testIndependentCount: 2 };
  expect(testWeight(grouped)).toBe(2);
  expect(testInterval(grouped)).toEqual(wilsonInterval(2, 2));
});

test('photos that stand alone have the range they had', () => {
  const alone = Array.from({ length: 20 }, () => 1);
  expect(independentCount(alone)).toBe(20);
  expect(groupedInterval(13, alone)?.lowRatio).toBeCloseTo(wilsonInterval(13, 20)?.lowRatio ?? 0, 12);
  expect(testInterval(scores)).toEqual(wilsonInterval(20, 20));
  expect(testWeight(scores)).toBe(20);
});

test('one large group among single photos counts for less than its size', () => {
  expect(independentCount([10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toBeCloseTo(400 / 110, 12);
});

test('without test images there is no range', () => {
  expect(groupedInterval(0, [])).toBeNull();
  expect(testInterval({ ...scores, testCount: 0, testAccuracyRatio: null })).toBeNull();
});
