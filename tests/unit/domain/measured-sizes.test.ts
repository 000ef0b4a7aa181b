import { expect, test } from 'vitest';
import type { MeasuredCompression } from '../../../src/domain/compression.ts';
import { knownSizes, type MeasuredSizes, withoutTimes, withSize } from '../../../src/domain/measured-sizes.ts';

const NETWORK = { id: 'net', sha256: 'first' };
const OTHER_FILES = { id: 'net', sha256: 'second' };
const runWith = (measuredSizes: MeasuredSizes | null) => ({ backbone: { id: 'net' }, measuredSizes });

function row(prunedRatio: number, downloadBytes = 1): MeasuredCompression {
  return { compression: { encoding: 'uint8', prunedRatio }, weightBytes: 9, downloadBytes, imageMs: 2, answers: null };
}

const measured = withSize(runWith(withSize(runWith(null), NETWORK, row(0))), NETWORK, row(0.3));

test('what was measured is known while the network is the same, or another or none is in use', () => {
  for (const network of [NETWORK, { id: 'elsewhere', sha256: 'third' }, null]) {
    expect(knownSizes(runWith(measured), network)).toEqual([row(0), row(0.3)]);
  }
  expect(knownSizes(runWith(null), NETWORK)).toEqual([]);
});

test('nothing is known once the network has other files, or weights are made smaller in another way', () => {
  expect(knownSizes(runWith(measured), OTHER_FILES)).toEqual([]);
  expect(knownSizes(runWith({ ...measured, method: measured.method - 1 }), NETWORK)).toEqual([]);
});

test('a new figure takes the place of an earlier one of its size, and of all that no longer hold', () => {
  expect(withSize(runWith(measured), NETWORK, row(0, 7)).rows).toEqual([row(0.3), row(0, 7)]);
  expect(withSize(runWith(measured), OTHER_FILES, row(0.5)).rows).toEqual([row(0.5)]);
});

test('on another device times are not known', () => {
  expect(withoutTimes(measured)?.rows.map(({ imageMs, weightBytes }) => [imageMs, weightBytes])).toEqual([
    [null, 9],
    [null, 9],
  ]);
  expect(withoutTimes(null)).toBeNull();
});
