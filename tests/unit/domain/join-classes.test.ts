import { expect, test } from 'vitest';
import type { ImageItem, PartLock } from '../../../src/domain/dataset.ts';
import { applyEdits } from '../../../src/domain/edits.ts';
import { joinedClasses, sameNameGroups } from '../../../src/domain/join-classes.ts';
import { datasetOf, imageItem } from './dataset-arbitraries.ts';

const label = (name: string, colorIndex: number) => ({ id: name, name, colorIndex });
const CLASSES = [label('Cat', 0), label('dog', 1), label('cat', 2), label('CAT', 3)];

const item = (id: string, classId: string, hash: string, lockedPart: PartLock | null = null): ImageItem =>
  imageItem(id, classId, { hash: hash.padEnd(64, '0'), lockedPart });

const dataset = datasetOf(CLASSES, [
  item('1', 'Cat', 'a', 'train'),
  item('2', 'Cat', 'b'),
  item('3', 'cat', 'a', 'test'),
  item('4', 'CAT', 'c', 'test'),
  item('5', 'dog', 'd'),
]);

test('names that differ only in case are found together', () => {
  expect(sameNameGroups(CLASSES)).toEqual([[CLASSES[0], CLASSES[2], CLASSES[3]]]);
  expect(sameNameGroups(CLASSES.slice(0, 2))).toEqual([]);
});

test('classes are joined into the largest, a photo keeps its held-out part, and undo gives all back', () => {
  const joined = joinedClasses(dataset, ['cat', 'CAT', 'Cat']);
  expect(joined?.target.name).toBe('Cat');
  const { dataset: after, inverses } = applyEdits(dataset, joined?.edits ?? []);
  expect(after.classes.map(({ name }) => name)).toEqual(['Cat', 'dog']);
  const rows = [...after.images.values()].map(({ id, classId, lockedPart }) => [id, classId, lockedPart]);
  expect(rows).toEqual([
    ['1', 'Cat', 'test'],
    ['2', 'Cat', null],
    ['4', 'Cat', 'test'],
    ['5', 'dog', null],
  ]);
  expect(applyEdits(after, inverses).dataset).toEqual(dataset);
});

test('fewer than two classes are not joined', () => {
  expect(joinedClasses(dataset, ['cat', 'gone'])).toBeNull();
});
