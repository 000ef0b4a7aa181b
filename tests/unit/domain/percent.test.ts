import { expect, test } from 'vitest';
import { percentOf } from '../../../src/domain/percent.ts';

test.each([
  [1, 0, '100'],
  [0.996, 0, '>99'],
  [0.995, 0, '>99'],
  [0.994, 0, '99'],
  [0.9996, 1, '>99.9'],
  [0.9994, 1, '99.9'],
  [0.5, 0, '50'],
  [0.5, 1, '50.0'],
  [0.006, 0, '1'],
  [0.004, 0, '<1'],
  [0.0004, 1, '<0.1'],
  [0, 0, '0'],
  [0, 1, '0.0'],
])('%d with %i digits is %s percent', (ratio, digits, text) => {
  expect(percentOf(ratio, digits)).toBe(`${text}\u00a0%`);
});
