import { describe, expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import type { Predictions } from '../../../src/domain/run.ts';
import { chooseParityImages } from '../../../src/export/parity-choice.ts';

function predictions(classCount: number, rows: readonly (readonly [string, number, Part])[]): Predictions {
  return {
    imageIds: rows.map(([id]) => id),
    classIndices: rows.map(([, classIndex]) => classIndex),
    parts: rows.map(([, , part]) => part),
    classCount,
    probabilities: new Float32Array(rows.length * classCount),
  };
}

describe('chooseParityImages', () => {
  test('takes one image of every class in turn', () => {
    const all = predictions(2, [
      ['a1', 0, 'test'],
      ['a2', 0, 'test'],
      ['a3', 0, 'test'],
      ['a4', 0, 'test'],
      ['b1', 1, 'test'],
      ['b2', 1, 'test'],
    ]);
    expect(chooseParityImages(all)).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  test('prefers test images, then validation images', () => {
    const all = predictions(1, [
      ['t1', 0, 'train'],
      ['v1', 0, 'validation'],
      ['x1', 0, 'test'],
    ]);
    expect(chooseParityImages(all, 2)).toEqual(['x1', 'v1']);
  });

  test('gives fewer when there are fewer, and copes with an empty class', () => {
    expect(chooseParityImages(predictions(3, [['a', 2, 'train']]))).toEqual(['a']);
    expect(chooseParityImages(predictions(2, []))).toEqual([]);
  });

  test('spreads over the first classes when there are more classes than images wanted', () => {
    const all = predictions(
      8,
      Array.from({ length: 8 }, (_, index) => [`c${index}`, index, 'test'] as const),
    );
    expect(chooseParityImages(all)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
  });
});
