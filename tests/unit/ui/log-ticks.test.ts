import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logTicks } from '../../../src/ui/chart/log-ticks.ts';

test('ticks rise by 1, 2, 5 and stand around all values', () => {
  expect(logTicks([3, 40])).toEqual([2, 5, 10, 20, 50]);
  expect(logTicks([0.7])).toEqual([0.5, 1]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-3, max: 1e5, noNaN: true }), { minLength: 1 }), (values) => {
      const ticks = logTicks(values);
      expect(ticks[0]).toBeLessThan(Math.min(...values));
      expect(ticks.at(-1)).toBeGreaterThan(Math.max(...values));
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
    }),
  );
});

test('nothing to show still has an axis', () => expect(logTicks([0, Number.NaN])).toEqual([1, 10]));
