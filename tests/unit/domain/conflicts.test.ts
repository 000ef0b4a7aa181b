import { expect, test } from 'vitest';
import { findConflicts, type IncomingImage, planAdditions } from '../../../src/domain/conflicts.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { applyEdit } from '../../../src/domain/edits.ts';
import { imageIdsAfter } from '../../../src/domain/image-ids.ts';
import { datasetOf, imageItem } from './dataset-arbitraries.ts';

const CLASSES = [
  { id: 'cat', name: 'Cat', colorIndex: 0 },
  { id: 'dog', name: 'Dog', colorIndex: 1 },
];
const hash = (letter: string) => letter.repeat(64);
const incoming = (letter: string, classId: string): IncomingImage => {
  const { id: _, ...rest } = imageItem('x', classId, { hash: hash(letter) });
  return rest;
};

function add(dataset: Dataset, images: readonly IncomingImage[]) {
  const plan = planAdditions(dataset, images);
  return { ...plan, dataset: applyEdit(dataset, { kind: 'add-images', items: plan.added }).dataset };
}

test('a copy in the same class is left out and counted, also within one chunk', () => {
  const first = add(datasetOf(CLASSES, []), [incoming('a', 'cat'), incoming('a', 'cat'), incoming('b', 'cat')]);
  expect(first).toMatchObject({ duplicateCount: 1, conflictCount: 0 });
  const second = add(first.dataset, [incoming('a', 'cat')]);
  expect(second.duplicateCount).toBe(1);
  expect(second.dataset.images.size).toBe(2);
});

test('a copy in another class is kept and flagged', () => {
  const first = add(datasetOf(CLASSES, []), [incoming('a', 'cat'), incoming('b', 'cat')]);
  const second = add(first.dataset, [incoming('a', 'dog')]);
  expect(second).toMatchObject({ duplicateCount: 0, conflictCount: 1 });
  const [conflict, ...others] = findConflicts(second.dataset);
  expect(others).toEqual([]);
  expect(conflict?.hash).toBe(hash('a'));
  expect(conflict?.classIds).toEqual(['cat', 'dog']);
  expect(conflict?.imageIds).toHaveLength(2);
});

test('ids are never given twice and sort in order of arrival', () => {
  let dataset = datasetOf(CLASSES, []);
  for (let round = 0; round < 40; round += 1) {
    const letter = round.toString(16).padStart(2, '0');
    dataset = add(dataset, [incoming(letter, 'cat'), incoming(letter, 'dog')]).dataset;
  }
  const ids = [...dataset.images.keys()];
  expect(ids).toHaveLength(80);
  expect(ids.toSorted()).toEqual(ids);
});

test('ids of another make do not disturb the counting', () => {
  const nextId = imageIdsAfter(datasetOf(CLASSES, [imageItem('foreign', 'cat'), imageItem('000000a-12345678', 'cat')]));
  expect(nextId(hash('f'))).toBe('000000b-ffffffff');
});
