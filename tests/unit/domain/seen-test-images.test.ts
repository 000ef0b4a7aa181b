import { describe, expect, test } from 'vitest';
import { mayHaveSeenTest, seenTestCount } from '../../../src/domain/seen-test-images.ts';
import { DEFAULT_SPLIT } from '../../../src/domain/split.ts';

describe('test images that an earlier run has seen', () => {
  const predictions = { imageIds: ['a', 'b', 'c', 'd'], parts: ['train', 'validation', 'test', 'test'] } as const;
  const imageIds = ['d', 'c', 'b', 'a', 'new'];

  test('are those it learnt from or chose its best epoch by', () => {
    const run = { kind: 'head' } as const;
    expect(seenTestCount(imageIds, ['train', 'test', 'test', 'test', 'test'], { run, predictions })).toBe(2);
    expect(seenTestCount(imageIds, ['test', 'test', 'train', 'validation', 'test'], { run, predictions })).toBe(0);
  });

  test('are all that took part where it was a cross-validation', () => {
    const run = { kind: 'cross-validation' } as const;
    expect(seenTestCount(imageIds, ['train', 'test', 'test', 'test', 'test'], { run, predictions })).toBe(3);
  });
});

test('only a run with the same split is sure to have left the test images alone', () => {
  const splitRatios = { train: 0.7, validation: 0.15, test: 0.15 };
  const run = { kind: 'head', splitSeed: DEFAULT_SPLIT.seed, splitRatios } as const;
  expect(mayHaveSeenTest(run, DEFAULT_SPLIT)).toBe(false);
  expect(mayHaveSeenTest(run, { ...DEFAULT_SPLIT, seed: 7 })).toBe(true);
  expect(mayHaveSeenTest(run, { ...DEFAULT_SPLIT, trainRatio: 0.6, testRatio: 0.25 })).toBe(true);
  expect(mayHaveSeenTest({ ...run, kind: 'cross-validation' }, DEFAULT_SPLIT)).toBe(true);
});
