import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdit } from '../../../src/domain/edits.ts';
import { datasetFingerprint } from '../../../src/domain/fingerprint.ts';
import { DEFAULT_SPLIT } from '../../../src/domain/split.ts';
import { datasetOf, datasets, imageItem } from './dataset-arbitraries.ts';

const CLASSES = [
  { id: 'cat', name: 'Cat', colorIndex: 0 },
  { id: 'dog', name: 'Dog', colorIndex: 1 },
];
const BASE = datasetOf(CLASSES, [imageItem('1', 'cat'), imageItem('2', 'dog'), imageItem('3', 'dog')]);
const of = (dataset = BASE, split = DEFAULT_SPLIT) => datasetFingerprint(dataset, split);

test('the order of arrival does not matter', () => {
  fc.assert(
    fc.property(
      datasets.chain((dataset) => fc.tuple(fc.constant(dataset), fc.shuffledSubarray([...dataset.images.values()]))),
      ([dataset, some]) => {
        const rest = [...dataset.images.values()].filter((item) => !some.includes(item));
        expect(of(datasetOf(dataset.classes, [...some, ...rest]))).toBe(of(dataset));
      },
    ),
  );
});

test('a label, a lock, an image more or less, or another split changes it', () => {
  const changed = [
    of(applyEdit(BASE, { kind: 'move-images', imageIds: ['1'], classId: 'dog' }).dataset),
    of(applyEdit(BASE, { kind: 'lock-images', imageIds: ['1'], part: 'test' }).dataset),
    of(applyEdit(BASE, { kind: 'delete-images', imageIds: ['1'] }).dataset),
    of(applyEdit(BASE, { kind: 'add-images', items: [imageItem('4', 'cat')] }).dataset),
    of(BASE, { ...DEFAULT_SPLIT, seed: 43 }),
    of(BASE, { ...DEFAULT_SPLIT, trainRatio: 0.6, testRatio: 0.25 }),
  ];
  expect(new Set([of(), ...changed]).size).toBe(changed.length + 1);
});

test('swapping the labels of two images changes it', () => {
  const swapped = [imageItem('1', 'dog'), imageItem('2', 'cat'), imageItem('3', 'dog')];
  expect(of(datasetOf(CLASSES, swapped))).not.toBe(of());
});

test('names and colours of classes do not make a model old', () => {
  const renamed = applyEdit(BASE, { kind: 'rename-class', classId: 'cat', name: 'Kitten' }).dataset;
  expect(of(applyEdit(renamed, { kind: 'recolor-class', classId: 'dog', colorIndex: 5 }).dataset)).toBe(of());
});
