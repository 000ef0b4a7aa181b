import type { ClassId, ContentHash, Dataset, ImageId, ImageItem } from './dataset.ts';
import { imageIdsAfter } from './image-ids.ts';

/** The same photo under two or more labels. */
export interface Conflict {
  readonly hash: ContentHash;
  readonly imageIds: readonly ImageId[];
  /** In order of arrival, each once. */
  readonly classIds: readonly ClassId[];
}

/** An image on its way in: an item without its id. */
export type IncomingImage = Omit<ImageItem, 'id'>;

export interface AdditionPlan {
  readonly added: readonly ImageItem[];
  /** Copies of images already in the same class; left out. */
  readonly duplicateCount: number;
  /** Added images whose photo is in another class too. */
  readonly conflictCount: number;
}

/** Photos that are in more than one class, by exact content, in order of arrival. */
export function findConflicts(dataset: Dataset): Conflict[] {
  const firsts = new Map<ContentHash, ImageItem>();
  // Most photos are there once: only the others get a list.
  const copies = new Map<ContentHash, ImageItem[]>();
  for (const item of dataset.images.values()) {
    const first = firsts.get(item.hash);
    const group = copies.get(item.hash);
    if (first === undefined) firsts.set(item.hash, item);
    else if (group === undefined) copies.set(item.hash, [first, item]);
    else group.push(item);
  }
  const conflicts: Conflict[] = [];
  for (const [hash, items] of copies) {
    const classIds = [...new Set(items.map(({ classId }) => classId))];
    if (classIds.length > 1) conflicts.push({ hash, classIds, imageIds: items.map(({ id }) => id) });
  }
  return conflicts;
}

/** Decides what of a chunk is new: a copy within its class is dropped, a copy in another class is kept and counted. */
export function planAdditions(dataset: Dataset, incoming: readonly IncomingImage[]): AdditionPlan {
  const nextId = imageIdsAfter(dataset);
  const classesByHash = classesOf(dataset, new Set(incoming.map(({ hash }) => hash)));
  const added: ImageItem[] = [];
  let duplicateCount = 0;
  let conflictCount = 0;
  for (const image of incoming) {
    const classIds = classesByHash.get(image.hash) ?? new Set<ClassId>();
    if (classIds.has(image.classId)) {
      duplicateCount += 1;
      continue;
    }
    if (classIds.size > 0) conflictCount += 1;
    classesByHash.set(image.hash, classIds.add(image.classId));
    added.push({ ...image, id: nextId(image.hash) });
  }
  return { added, duplicateCount, conflictCount };
}

function classesOf(dataset: Dataset, wanted: ReadonlySet<ContentHash>): Map<ContentHash, Set<ClassId>> {
  const found = new Map<ContentHash, Set<ClassId>>();
  for (const { hash, classId } of dataset.images.values()) {
    if (wanted.has(hash)) found.set(hash, (found.get(hash) ?? new Set<ClassId>()).add(classId));
  }
  return found;
}
