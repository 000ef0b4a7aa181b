import { describe, expect, test } from 'vitest';
import { argmax, imagesInCell, mistakes, predictedImages } from '../../../../src/domain/metrics/predicted.ts';
import { scorePredictions } from '../../../../src/domain/metrics/scores.ts';
import type { Predictions } from '../../../../src/domain/run.ts';

const predictions: Predictions = {
  imageIds: ['a', 'b', 'c', 'd', 'e'],
  parts: ['test', 'test', 'train', 'test', 'test'],
  classIndices: [0, 1, 1, 1, 0],
  classCount: 2,
  probabilities: Float32Array.of(0.75, 0.25, 0.625, 0.375, 1, 0, 0.25, 0.75, 0.125, 0.875),
};

describe('argmax', () => {
  test('takes the first of equals', () => {
    expect(argmax([0.2, 0.4, 0.4])).toBe(1);
  });

  test('passes over NaN and gives 0 for nothing', () => {
    expect(argmax([Number.NaN, 0.1, 0.3])).toBe(2);
    expect(argmax([])).toBe(0);
  });
});

describe('the images of a cell', () => {
  test('are exactly those of its true and predicted class in that part', () => {
    expect(imagesInCell(predictions, 'test', 1, 0)).toEqual(['b']);
    expect(imagesInCell(predictions, 'train', 1, 0)).toEqual(['c']);
    expect(imagesInCell(predictions, 'validation', 1, 0)).toEqual([]);
  });

  test('are a whole row, column or part where an index is left open', () => {
    expect(imagesInCell(predictions, 'test', 0, null)).toEqual(['a', 'e']);
    expect(imagesInCell(predictions, 'test', null, 1)).toEqual(['d', 'e']);
    expect(imagesInCell(predictions, 'test', null, null)).toEqual(['a', 'b', 'd', 'e']);
  });

  test('are as many as the matrix counts', () => {
    const { matrix } = scorePredictions(predictions, 'test', 2);
    const counted = [0, 1].flatMap((row) =>
      [0, 1].map((column) => imagesInCell(predictions, 'test', row, column).length),
    );
    expect(counted).toEqual([...matrix.counts]);
  });
});

test('scores are of the asked part only', () => {
  const scores = scorePredictions(predictions, 'test', 2);
  expect([scores.imageCount, scores.correctCount, scores.accuracy?.ratio]).toEqual([4, 2, 0.5]);
});

test('an image knows how sure the model was and what it gave the true class', () => {
  expect(predictedImages(predictions, 'test')[1]).toEqual({
    imageId: 'b',
    part: 'test',
    trueIndex: 1,
    predictedIndex: 0,
    confidenceRatio: 0.625,
    trueProbabilityRatio: 0.375,
  });
});

test('the most certain mistake comes first', () => {
  expect(mistakes(predictions, 'test').map((image) => image.imageId)).toEqual(['e', 'b']);
});
