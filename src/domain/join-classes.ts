import type { ClassId, ClassLabel, ContentHash, Dataset, ImageId, ImageItem, PartLock } from './dataset.ts';
import type { Edit } from './edits.ts';

/** Classes whose names differ only in case, or in how a letter is encoded, in the project's order; each list has two or more. */
export function sameNameGroups(classes: readonly ClassLabel[]): readonly (readonly ClassLabel[])[] {
  const byName = new Map<string, ClassLabel[]>();
  for (const label of classes) {
    const key = label.name.normalize('NFKC').toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), label]);
  }
  return [...byName.values()].filter(({ length }) => length > 1);
}

/** How several classes become one. */
export interface JoinedClasses {
  /** The one with the most images; of equal ones the first. */
  readonly target: ClassLabel;
  readonly others: readonly ClassLabel[];
  readonly edits: readonly Edit[];
}

/** Locks from weak to strong: a photo that is in two of the classes is kept where it is held out. */
const BY_STRENGTH: readonly (PartLock | null)[] = [null, 'train', 'train-or-validation', 'validation', 'test'];

/** Plans a join. @returns null with fewer than two classes that there are. */
export function joinedClasses(dataset: Dataset, classIds: readonly ClassId[]): JoinedClasses | null {
  const labels = dataset.classes.filter(({ id }) => classIds.includes(id));
  const images = [...dataset.images.values()];
  const countOf = ({ id }: ClassLabel) => images.filter(({ classId }) => classId === id).length;
  const [target, ...others] = labels.toSorted((one, other) => countOf(other) - countOf(one));
  if (target === undefined || others.length === 0) return null;
  const kept = new Map<ContentHash, ImageItem>();
  for (const item of images) if (item.classId === target.id) kept.set(item.hash, item);
  const locks = new Map<ImageId, PartLock | null>();
  const moved: ImageId[] = [];
  for (const item of images) {
    if (!others.some(({ id }) => id === item.classId)) continue;
    const copy = kept.get(item.hash);
    if (copy === undefined) {
      kept.set(item.hash, item);
      moved.push(item.id);
    } else {
      const now = locks.get(copy.id) ?? copy.lockedPart;
      if (BY_STRENGTH.indexOf(item.lockedPart) > BY_STRENGTH.indexOf(now)) locks.set(copy.id, item.lockedPart);
    }
  }
  const edits: readonly Edit[] = [
    { kind: 'move-images', imageIds: moved, classId: target.id },
    ...[...locks].map(([id, part]): Edit => ({ kind: 'lock-images', imageIds: [id], part })),
    // Copies that the target has go with their class.
    ...others.map(({ id }): Edit => ({ kind: 'delete-class', classId: id })),
  ];
  return { target, others, edits };
}
