import fc from 'fast-check';
import { type ClassLabel, type Dataset, type ImageItem, NO_GROUP_FACTS } from '../../../src/domain/dataset.ts';
import type { Edit } from '../../../src/domain/edits.ts';

/** An item with everything but what a test is about filled in. */
export function imageItem(id: string, classId: string, change: Partial<ImageItem> = {}): ImageItem {
  return {
    id,
    classId,
    hash: id.padEnd(64, '0'),
    name: `${id}.jpg`,
    path: `${classId}/${id}.jpg`,
    widthPx: 40,
    heightPx: 30,
    sizeBytes: 1000,
    lockedPart: null,
    grouping: NO_GROUP_FACTS,
    addedAtMs: 0,
    ...change,
  };
}

export function datasetOf(classes: readonly ClassLabel[], items: readonly ImageItem[]): Dataset {
  return { classes, images: new Map(items.map((item) => [item.id, item])) };
}

/** Data sets of up to six classes and thirty images, in any order. */
export const datasets: fc.Arbitrary<Dataset> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(5), { maxLength: 30 }))
  .chain(([classCount, places]) => {
    const classes = Array.from({ length: classCount }, (_, index) => ({
      id: `c${index}`,
      name: `Class ${index}`,
      colorIndex: index,
    }));
    const items = places.map((place, index) => imageItem(`i${index}`, `c${place % classCount}`));
    return fc.shuffledSubarray(items, { minLength: items.length }).map((shuffled) => datasetOf(classes, shuffled));
  });

/** Any edit that fits the data set; names may collide, ids may be unknown where that is allowed. */
export function editsOf(dataset: Dataset, serial: number): fc.Arbitrary<Edit> {
  const name = fc.constantFrom('Class 0', 'Class 1', 'new', ' new ', '', 'Cafe\u0301');
  const imageIds = fc.subarray([...dataset.images.keys(), 'unknown']);
  const adding = name.map((wanted): Edit => {
    return { kind: 'add-class', label: { id: `n${serial}`, name: wanted, colorIndex: 7 } };
  });
  const classIds = dataset.classes.map(({ id }) => id);
  const [first, ...others] = classIds;
  if (first === undefined) return adding;
  const classId = fc.constantFrom(first, ...others);
  const added = fc.record({ kind: fc.constant('add-images' as const), classId, count: fc.nat(4) });
  return fc.oneof(
    adding,
    fc.record({ kind: fc.constant('rename-class' as const), classId, name }),
    fc.record({ kind: fc.constant('recolor-class' as const), classId, colorIndex: fc.nat(20) }),
    fc.record({ kind: fc.constant('order-classes' as const), classIds: fc.shuffledSubarray(classIds) }),
    fc.record({ kind: fc.constant('delete-class' as const), classId }),
    fc.record({ kind: fc.constant('move-images' as const), imageIds, classId }),
    fc.record({ kind: fc.constant('delete-images' as const), imageIds }),
    fc.record({
      kind: fc.constant('count-held-out-edits' as const),
      change: fc.record({ relabelledCount: fc.nat(3), deletedCount: fc.nat(3) }),
    }),
    fc.record({
      kind: fc.constant('lock-images' as const),
      imageIds,
      part: fc.constantFrom('train' as const, 'test' as const, null),
    }),
    fc.record({
      kind: fc.constant('group-images' as const),
      imageIds,
      choice: fc.record({ joinedId: fc.constantFrom('j1', null), isApart: fc.boolean() }),
    }),
    fc.record({
      kind: fc.constant('note-near-copies' as const),
      found: imageIds.map((ids) => ids.map((imageId) => ({ imageId, nearCopyId: 'f'.repeat(64) }))),
    }),
    added.map(({ kind, classId: into, count }) => ({
      kind,
      items: Array.from({ length: count }, (_, index) => imageItem(`n${serial}-${index}`, into)),
    })),
  );
}
