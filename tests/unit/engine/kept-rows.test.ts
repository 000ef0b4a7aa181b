import { expect, test } from 'vitest';
import { MOST_NEIGHBOURS } from '../../../src/domain/neighbours.ts';
import { chooseKeptRows } from '../../../src/engine/heads/kept-rows.ts';

/** Every tenth image is of class 1, and every image has as many views behind all images. */
function rows(imageCount: number, viewCount = 0) {
  const positions = Array.from({ length: imageCount * (viewCount + 1) }, (_, position) => position % imageCount);
  return {
    images: positions.map((image) => `image ${image}`),
    classIndices: Int32Array.from(positions, (image) => (image % 10 === 0 ? 1 : 0)),
  };
}

test('all rows are kept where there is room, and every image is judged once', () => {
  const { kept, judged } = chooseKeptRows(rows(50, 2), 1);
  expect(kept).toEqual([...Array(150).keys()]);
  expect(judged).toEqual([...Array(50).keys()]);
});

test('of too many rows each class keeps its share, the same for the same seed', () => {
  const { kept, judged } = chooseKeptRows(rows(5000), 1);
  expect(kept).toHaveLength(MOST_NEIGHBOURS);
  expect(kept.filter((row) => row % 10 === 0)).toHaveLength(MOST_NEIGHBOURS / 10);
  expect(new Set(judged).size).toBe(1000);
  expect(chooseKeptRows(rows(5000), 1).kept).toEqual(kept);
  expect(chooseKeptRows(rows(5000), 2).kept).not.toEqual(kept);
});

test('views fill what room the images leave', () => {
  const { kept } = chooseKeptRows(rows(1500, 3), 1);
  expect(kept).toHaveLength(MOST_NEIGHBOURS);
  expect(kept.filter((row) => row < 1500)).toHaveLength(1500);
});

test('an image that is the only one of its class is not judged, nor are copies of it', () => {
  const images = ['a', 'b', 'c', 'c'];
  expect(chooseKeptRows({ images, classIndices: Int32Array.of(0, 0, 1, 1) }, 1).judged).toEqual([0, 1]);
});
