import { describe, expect, test } from 'vitest';
import { partsOfFold, scoreFolds, spreadOf } from '../../../src/domain/cross-validation.ts';
import { foldsOf } from '../../../src/domain/folds.ts';
import { DEFAULT_SPLIT } from '../../../src/domain/split.ts';

/** 60 images of two classes, every tenth content standing twice. */
const ITEMS = Array.from({ length: 60 }, (_, index) => {
  const hash = `hash ${index % 10 === 9 ? index - 1 : index}`;
  return { hash, groupId: hash, classId: index % 3 === 0 ? 'a' : 'b' };
});

describe('the parts of a fold', () => {
  const folds = foldsOf(ITEMS, 5, 42);
  const partsByFold = [0, 1, 2, 3, 4].map((fold) => partsOfFold(ITEMS, folds, fold, DEFAULT_SPLIT));

  test('hold every image out once over all folds', () => {
    const timesJudged = ITEMS.map((_, index) => partsByFold.filter((parts) => parts[index] === 'test').length);
    expect(new Set(timesJudged)).toEqual(new Set([1]));
  });

  test('never have one content to learn from and to judge', () => {
    for (const parts of partsByFold) {
      for (const [index, { hash }] of ITEMS.entries()) {
        const twins = ITEMS.flatMap((other, place) => (other.hash === hash ? [parts[place]] : []));
        expect(new Set(twins)).toEqual(new Set([parts[index]]));
      }
    }
  });

  test('keep some of the others for deciding when to stop, as many as the project does', () => {
    for (const parts of partsByFold) {
      const count = (part: string) => parts.filter((other) => other === part).length;
      const ratio = count('validation') / (count('validation') + count('train'));
      expect(ratio).toBeGreaterThan(0.05);
      expect(ratio).toBeLessThan(0.35);
    }
    const without = partsOfFold(ITEMS, folds, 0, { ...DEFAULT_SPLIT, trainRatio: 0.85, validationRatio: 0 });
    expect(without).not.toContain('validation');
  });
});

describe('scores over folds', () => {
  const predictions = {
    imageIds: ['a', 'b', 'c', 'd'],
    parts: ['test', 'test', 'test', 'test'],
    classIndices: [0, 1, 0, 0],
    classCount: 2,
    probabilities: Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.9, 0.1, 0.3, 0.7),
  } as const;
  const judged = scoreFolds(predictions, [0, 0, 1, 1], 3);

  test('are those of each fold alone; a fold without images is left out', () => {
    expect(judged.foldCount).toBe(3);
    expect(judged.folds.map(({ imageCount, accuracyRatio }) => [imageCount, accuracyRatio])).toEqual([
      [2, 1],
      [2, 0.5],
    ]);
    expect(judged.folds[1]?.recallRatios).toEqual([0.5, Number.NaN]);
  });

  test('have a mean and a standard deviation, over the folds that define them', () => {
    const accuracy = spreadOf(judged, (fold) => fold.accuracyRatio);
    expect(accuracy).toMatchObject({ meanRatio: 0.75, lowestRatio: 0.5, highestRatio: 1 });
    expect(accuracy?.spreadRatio).toBeCloseTo(Math.sqrt(0.125), 12);
    expect(spreadOf(judged, (fold) => fold.recallRatios[1])).toEqual({
      meanRatio: 1,
      spreadRatio: 0,
      lowestRatio: 1,
      highestRatio: 1,
    });
    expect(spreadOf(judged, () => Number.NaN)).toBeNull();
  });
});
