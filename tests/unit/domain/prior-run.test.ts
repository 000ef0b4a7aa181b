import { describe, expect, test } from 'vitest';
import { besidePriorText, type PriorRun, worseThanPrior } from '../../../src/domain/prior-run.ts';
import { runOf } from '../../helpers/sample-run.ts';

const priorOf = (sharedCount: number, onlyThisCount: number, onlyPriorCount: number): PriorRun => ({
  runId: 'run-1',
  sharedCount,
  onlyThisCount,
  onlyPriorCount,
});
const scored = (name: string, testAccuracyRatio: number | null) =>
  runOf(['a', 'b'], {
    name,
    scores: { testCount: 20, testAccuracyRatio, testMacroF1Ratio: null, validationAccuracyRatio: null },
  });
const worse = (prior: PriorRun, now: number | null = 0.8, before: number | null = 0.9) =>
  worseThanPrior(prior, scored('Run 2', now), scored('Run 1', before));

describe('a run that took the place of another', () => {
  test.each([
    [0, 0],
    [1, 0],
    [3, 3],
    [9, 2],
  ])('that got %i more right and %i fewer is not called worse', (more, fewer) => {
    expect(worse(priorOf(31, more, fewer))).toBeNull();
  });

  test('that got one image fewer right is told, as perhaps chance', () => {
    expect(worse(priorOf(1, 0, 1))).toEqual({
      title: '1 fewer right than Run 1',
      detail: 'Of the same test image; so small a difference may be chance. Run 1 was in use before.',
    });
    expect(worse(priorOf(31, 2, 5))).toEqual({
      title: '3 fewer right than Run 1',
      detail: 'Of the same 31 test images; so small a difference may be chance. Run 1 was in use before.',
    });
  });

  test('that is clearly worse is told so', () => {
    expect(worse(priorOf(31, 0, 6))?.detail).toMatch(/^Of the same 31 test images; more than chance explains\./);
    expect(worse(priorOf(31, 0, 5))?.detail).toContain('may be chance');
  });

  test('with other test images is told of a lower score, and that it cannot be compared', () => {
    expect(worse(priorOf(0, 0, 0), 0.8, 0.9)).toEqual({
      title: 'A lower test score than Run 1, which had 90.0\u00a0%',
      detail: 'The two were tested on different images, so the scores cannot be compared.',
    });
    expect(worse(priorOf(0, 0, 0), 0.9, 0.9)).toBeNull();
    expect(worse(priorOf(0, 0, 0), 0.95, 0.9)).toBeNull();
    expect(worse(priorOf(0, 0, 0), null, 0.9)).toBeNull();
    expect(worse(priorOf(0, 0, 0), 0.5, null)).toBeNull();
  });
});

test.each([
  [priorOf(0, 0, 0), null],
  [priorOf(1, 0, 0), 'It gets as many of the same test image right as Run 1.'],
  [priorOf(31, 4, 4), 'It gets as many of the same 31 test images right as Run 1.'],
  [priorOf(31, 5, 0), 'It gets 5 more of the same 31 test images right than Run 1, which may be chance.'],
  [priorOf(31, 6, 0), 'It gets 6 more of the same 31 test images right than Run 1.'],
  [priorOf(1200, 5, 30), 'It gets 25 fewer of the same 1,200 test images right than Run 1.'],
])('beside the run in use: %o', (prior, words) => {
  expect(besidePriorText(prior, 'Run 1')).toBe(words);
});
