import { expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import { imagesToLookAt } from '../../../src/domain/layer-inputs.ts';

function predictions(parts: readonly Part[], classIndices: readonly number[]) {
  const imageIds = parts.map((_, row) => `image ${row}`);
  return { imageIds, parts, classIndices, classCount: 2, probabilities: new Float32Array(2 * parts.length) };
}

test('training images are taken, class by class in turn, and only those that are there', () => {
  const rows = predictions(['train', 'train', 'train', 'test', 'train', 'train'], [0, 0, 0, 1, 1, 0]);
  expect(imagesToLookAt(rows, (id) => id !== 'image 1')).toEqual(['image 0', 'image 4', 'image 2', 'image 5']);
});

test('without a training image any other is taken, and sixteen suffice', () => {
  const parts = Array.from({ length: 40 }, () => 'test' as const);
  const ids = imagesToLookAt(
    predictions(
      parts,
      [...parts.keys()].map((row) => row % 2),
    ),
    () => true,
  );
  expect(ids).toEqual(Array.from({ length: 16 }, (_, row) => `image ${row}`));
  expect(imagesToLookAt(predictions([], []), () => true)).toEqual([]);
});
