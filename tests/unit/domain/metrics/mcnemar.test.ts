import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mcNemar } from '../../../../src/domain/metrics/mcnemar.ts';

interface Golden {
  readonly mcnemar: readonly { readonly first: number; readonly second: number; readonly p: number }[];
}

const golden: Golden = JSON.parse(readFileSync('tests/fixtures/comparison/comparison.json', 'utf8'));

test.each(golden.mcnemar)('$first against $second has the chance that scipy gives', ({ first, second, p }) => {
  const { pValue } = mcNemar(first, second);
  expect(Math.abs(pValue - p)).toBeLessThanOrEqual(1e-9 * p + 1e-300);
});

test('both ways round are the same', () => {
  expect(mcNemar(9, 2).pValue).toBe(mcNemar(2, 9).pValue);
});
