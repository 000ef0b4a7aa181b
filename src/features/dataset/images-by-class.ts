import type { ClassId, Dataset, ImageItem } from '../../domain/dataset.ts';

type ImagesByClass = ReadonlyMap<ClassId, readonly ImageItem[]>;

function sameItems(a: readonly ImageItem[], b: readonly ImageItem[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/**
 * Groups images by class, in order of arrival.
 *
 * @returns a function that remembers its last answer: a class that has not changed keeps the same array, so that only the
 * cards of changed classes are drawn again.
 */
export function createImageGrouper(): (dataset: Dataset) => ImagesByClass {
  let last: ImagesByClass = new Map();
  return (dataset) => {
    const groups = new Map<ClassId, ImageItem[]>(dataset.classes.map(({ id }) => [id, []]));
    for (const item of dataset.images.values()) groups.get(item.classId)?.push(item);
    const next = new Map<ClassId, readonly ImageItem[]>();
    for (const [classId, items] of groups) {
      const before = last.get(classId);
      next.set(classId, before !== undefined && sameItems(before, items) ? before : items);
    }
    last = next;
    return next;
  };
}
