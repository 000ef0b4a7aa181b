import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classByName, nextColorIndex, uniqueClassName } from '../../../src/domain/class-labels.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { imageChanges } from '../../../src/domain/dataset-changes.ts';
import { applyEdit } from '../../../src/domain/edits.ts';
import { datasetOf, datasets, editsOf, imageItem } from './dataset-arbitraries.ts';

/** Equality that minds the order of classes and of images. */
const inOrder = ({ classes, images }: Dataset) => ({ classes, images: [...images] });

const CAT = { id: 'cat', name: 'Cat', colorIndex: 0 };
const DOG = { id: 'dog', name: 'Dog', colorIndex: 1 };

test('every edit followed by its inverse gives exactly what was there, order included', () => {
  const cases = datasets.chain((dataset) => fc.tuple(fc.constant(dataset), editsOf(dataset, 0)));
  fc.assert(
    fc.property(cases, ([dataset, edit]) => {
      const before = inOrder(dataset);
      const there = applyEdit(dataset, edit);
      const back = applyEdit(there.dataset, there.inverse);
      expect(inOrder(back.dataset)).toEqual(before);
      expect(inOrder(dataset)).toEqual(before);
      const again = applyEdit(back.dataset, back.inverse);
      expect(inOrder(again.dataset)).toEqual(inOrder(there.dataset));
    }),
    { numRuns: 500 },
  );
});

test('class names stay unique whatever is done', () => {
  const cases = datasets.chain((dataset) => fc.tuple(fc.constant(dataset), editsOf(dataset, 0)));
  fc.assert(
    fc.property(cases, ([dataset, edit]) => {
      const names = applyEdit(dataset, edit).dataset.classes.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).not.toContain('');
    }),
  );
});

test('the reported changes are what turns the old images into the new ones', () => {
  const cases = datasets.chain((dataset) => fc.tuple(fc.constant(dataset), editsOf(dataset, 0)));
  fc.assert(
    fc.property(cases, ([dataset, edit]) => {
      const after = applyEdit(dataset, edit).dataset;
      const changes = imageChanges(dataset, after);
      const followed = new Map(dataset.images);
      for (const id of changes.delete) followed.delete(id);
      for (const item of changes.put) followed.set(item.id, item);
      expect(new Map([...followed].sort())).toEqual(new Map([...after.images].sort()));
    }),
  );
});

describe('names', () => {
  test('a second class of the same name gets a number', () => {
    expect(uniqueClassName([CAT, { ...DOG, name: 'Cat 2' }], 'Cat')).toBe('Cat 3');
    expect(uniqueClassName([CAT], 'Cat', 'cat')).toBe('Cat');
    expect(uniqueClassName([CAT], '   ')).toBe('Class');
  });

  test('renaming to nothing keeps the name', () => {
    const { dataset } = applyEdit(datasetOf([CAT], []), { kind: 'rename-class', classId: 'cat', name: '  ' });
    expect(dataset.classes).toEqual([CAT]);
  });

  test('folders in another Unicode form find their class', () => {
    const label = { ...CAT, name: 'Caf\u00e9' };
    expect(classByName([label], 'Cafe\u0301')).toBe(label);
    expect(classByName([label], 'cafe')).toBeNull();
  });

  test('a new class takes the first free colour', () => {
    expect(nextColorIndex([CAT, { ...DOG, colorIndex: 2 }])).toBe(1);
  });
});

test('deleting a class takes its images along', () => {
  const dataset = datasetOf([CAT, DOG], [imageItem('1', 'cat'), imageItem('2', 'dog')]);
  const { dataset: after } = applyEdit(dataset, { kind: 'delete-class', classId: 'cat' });
  expect([...after.images.keys()]).toEqual(['2']);
  expect(after.classes).toEqual([DOG]);
});

test('moving keeps images in their place', () => {
  const dataset = datasetOf([CAT, DOG], [imageItem('1', 'cat'), imageItem('2', 'cat'), imageItem('3', 'dog')]);
  const { dataset: after } = applyEdit(dataset, { kind: 'move-images', imageIds: ['1'], classId: 'dog' });
  expect([...after.images.keys()]).toEqual(['1', '2', '3']);
  expect(after.images.get('1')?.classId).toBe('dog');
});

test('an edit of a class that is not there is a bug and says so', () => {
  const dataset = datasetOf([CAT], []);
  expect(() => applyEdit(dataset, { kind: 'move-images', imageIds: [], classId: 'dog' })).toThrow(RangeError);
  expect(() => applyEdit(dataset, { kind: 'add-images', items: [imageItem('1', 'dog')] })).toThrow(RangeError);
  expect(() => applyEdit(dataset, { kind: 'add-class', label: CAT })).toThrow(RangeError);
});
