import { describe, expect, test } from 'vitest';
import { checkCompression, compareAnswers } from '../../../src/domain/compression.ts';

describe('answers before and after compressing', () => {
  test('are counted by their most probable class; images that were not answered are left out', () => {
    const before = Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.3, 0.7, 0.2, 0.8);
    const after = Float32Array.of(0.8, 0.2, 0.4, 0.6, 0.6, 0.4, Number.NaN, Number.NaN);
    expect(compareAnswers(before, after, [0, 0, 0, 1], 2)).toEqual({
      imageCount: 3,
      correctCountBefore: 2,
      correctCountAfter: 2,
      changedCount: 2,
    });
  });
});

test('a script that asks for what there is not is told what there is', () => {
  expect(() => checkCompression({ encoding: 'float16', prunedRatio: 0.95 })).toThrow(/from 0 to 0.9/);
  expect(() => checkCompression({ encoding: 'float16', prunedRatio: Number.NaN })).toThrow(/from 0 to 0.9/);
  expect(() => checkCompression(JSON.parse('{"encoding":"int4","prunedRatio":0}'))).toThrow(/float16, uint8/);
});
