import { uniqueClassName } from './class-labels.ts';
import type {
  ClassId,
  ClassLabel,
  Dataset,
  GroupFacts,
  HeldOutEdits,
  ImageId,
  ImageItem,
  PartLock,
} from './dataset.ts';
import { cleanClassName } from './labels-from-paths.ts';

/** An entry together with the position it had. */
interface Placed<T> {
  readonly index: number;
  readonly value: T;
}

/** What the user decides about the group of an image. */
type GroupChoice = Pick<GroupFacts, 'joinedId' | 'isApart'>;

/** An image and the near-copies it belongs with. */
export interface NearCopy {
  readonly imageId: ImageId;
  readonly nearCopyId: GroupFacts['nearCopyId'];
}

/** One change of the labelled data, as plain data. Unknown image ids are passed over. */
export type Edit =
  | { readonly kind: 'add-class'; readonly label: ClassLabel }
  | { readonly kind: 'rename-class'; readonly classId: ClassId; readonly name: string }
  | { readonly kind: 'recolor-class'; readonly classId: ClassId; readonly colorIndex: number }
  | { readonly kind: 'order-classes'; readonly classIds: readonly ClassId[] }
  /** Takes the images of the class along. */
  | { readonly kind: 'delete-class'; readonly classId: ClassId }
  | { readonly kind: 'move-images'; readonly imageIds: readonly ImageId[]; readonly classId: ClassId }
  | { readonly kind: 'lock-images'; readonly imageIds: readonly ImageId[]; readonly part: PartLock | null }
  /** What the user decides about the groups of images; see `GroupFacts`. */
  | { readonly kind: 'group-images'; readonly imageIds: readonly ImageId[]; readonly choice: GroupChoice }
  /** What was found about near-copies; no act of the user, and so in no step that could be undone. */
  | { readonly kind: 'note-near-copies'; readonly found: readonly NearCopy[] }
  | { readonly kind: 'add-images'; readonly items: readonly ImageItem[] }
  | { readonly kind: 'delete-images'; readonly imageIds: readonly ImageId[] }
  /** Counts edits of test images made with a model's answers known; the inverse counts them back. */
  | { readonly kind: 'count-held-out-edits'; readonly change: HeldOutEdits }
  /** Puts images as they were in place of what is there under the same ids; the inverse of moves and locks. */
  | { readonly kind: 'replace-images'; readonly items: readonly ImageItem[] }
  /** Puts a class and images back where they were; positions ascend. The inverse of deletions. */
  | {
      readonly kind: 'restore';
      readonly label: Placed<ClassLabel> | null;
      readonly images: readonly Placed<ImageItem>[];
    };

export interface AppliedEdit {
  readonly dataset: Dataset;
  /** Applied to `dataset`, gives exactly what was before, order included. */
  readonly inverse: Edit;
}

/**
 * Applies one edit without touching the data given.
 * Names of classes stay unique: a second "cat" becomes "cat 2"; an empty name keeps the old one.
 *
 * @throws RangeError when a class it names does not exist, or an id to be added is taken.
 */
export function applyEdit(dataset: Dataset, edit: Edit): AppliedEdit {
  switch (edit.kind) {
    case 'add-class':
      return addClass(dataset, edit.label);
    case 'rename-class':
      return renameClass(dataset, edit.classId, edit.name);
    case 'recolor-class':
      return recolorClass(dataset, edit.classId, edit.colorIndex);
    case 'order-classes':
      return orderClasses(dataset, edit.classIds);
    case 'delete-class':
      return deleteClass(dataset, edit.classId);
    case 'move-images':
      classOf(dataset, edit.classId);
      return changeImages(dataset, edit.imageIds, (item) => ({ ...item, classId: edit.classId }));
    case 'lock-images':
      return changeImages(dataset, edit.imageIds, (item) => ({ ...item, lockedPart: edit.part }));
    case 'group-images':
      return changeImages(dataset, edit.imageIds, (item) => ({
        ...item,
        grouping: { ...item.grouping, ...edit.choice },
      }));
    case 'note-near-copies':
      return noteNearCopies(dataset, edit.found);
    case 'add-images':
      return addImages(dataset, edit.items);
    case 'delete-images':
      return deleteImages(dataset, edit.imageIds);
    case 'count-held-out-edits':
      return countHeldOutEdits(dataset, edit.change);
    case 'replace-images':
      return replaceImages(dataset, edit.items);
    case 'restore':
      return restore(dataset, edit.label, edit.images);
    default:
      return edit satisfies never;
  }
}

export interface AppliedEdits {
  readonly dataset: Dataset;
  /** Applied in this order to `dataset`, give what was before. */
  readonly inverses: readonly Edit[];
}

/**
 * Applies edits one after another.
 * @throws RangeError as `applyEdit` does.
 */
export function applyEdits(dataset: Dataset, edits: readonly Edit[]): AppliedEdits {
  let current = dataset;
  const inverses: Edit[] = [];
  for (const edit of edits) {
    const applied = applyEdit(current, edit);
    current = applied.dataset;
    inverses.push(applied.inverse);
  }
  return { dataset: current, inverses: inverses.reverse() };
}

function classOf(dataset: Dataset, classId: ClassId): ClassLabel {
  const label = dataset.classes.find(({ id }) => id === classId);
  if (label === undefined) throw new RangeError(`There is no class ${classId}`);
  return label;
}

function withLabel(dataset: Dataset, label: ClassLabel): Dataset {
  return { ...dataset, classes: dataset.classes.map((other) => (other.id === label.id ? label : other)) };
}

function addClass(dataset: Dataset, label: ClassLabel): AppliedEdit {
  if (dataset.classes.some(({ id }) => id === label.id)) throw new RangeError(`Class ${label.id} exists already`);
  const named = { ...label, name: uniqueClassName(dataset.classes, label.name) };
  return {
    dataset: { ...dataset, classes: [...dataset.classes, named] },
    inverse: { kind: 'delete-class', classId: label.id },
  };
}

function renameClass(dataset: Dataset, classId: ClassId, wanted: string): AppliedEdit {
  const label = classOf(dataset, classId);
  const name = cleanClassName(wanted) === '' ? label.name : uniqueClassName(dataset.classes, wanted, classId);
  return {
    dataset: withLabel(dataset, { ...label, name }),
    inverse: { kind: 'rename-class', classId, name: label.name },
  };
}

function recolorClass(dataset: Dataset, classId: ClassId, colorIndex: number): AppliedEdit {
  const label = classOf(dataset, classId);
  return {
    dataset: withLabel(dataset, { ...label, colorIndex }),
    inverse: { kind: 'recolor-class', classId, colorIndex: label.colorIndex },
  };
}

/** Named classes come first, in this order; the others keep theirs behind them. */
function orderClasses(dataset: Dataset, classIds: readonly ClassId[]): AppliedEdit {
  const first = [...new Set(classIds)].map((id) => classOf(dataset, id));
  const rest = dataset.classes.filter((label) => !first.includes(label));
  const inverse: Edit = { kind: 'order-classes', classIds: dataset.classes.map(({ id }) => id) };
  return { dataset: { ...dataset, classes: [...first, ...rest] }, inverse };
}

function deleteClass(dataset: Dataset, classId: ClassId): AppliedEdit {
  const label = classOf(dataset, classId);
  const index = dataset.classes.indexOf(label);
  const own = new Set<ImageId>();
  for (const item of dataset.images.values()) if (item.classId === classId) own.add(item.id);
  const { kept, removed } = splitImages(dataset, own);
  return {
    dataset: { ...dataset, classes: dataset.classes.toSpliced(index, 1), images: kept },
    inverse: { kind: 'restore', label: { index, value: label }, images: removed },
  };
}

function deleteImages(dataset: Dataset, imageIds: readonly ImageId[]): AppliedEdit {
  const { kept, removed } = splitImages(dataset, new Set(imageIds));
  return { dataset: { ...dataset, images: kept }, inverse: { kind: 'restore', label: null, images: removed } };
}

function countHeldOutEdits(dataset: Dataset, change: HeldOutEdits): AppliedEdit {
  const { relabelledCount = 0, deletedCount = 0 } = dataset.heldOutEdits ?? {};
  const heldOutEdits = {
    relabelledCount: relabelledCount + change.relabelledCount,
    deletedCount: deletedCount + change.deletedCount,
  };
  const inverse: Edit = {
    kind: 'count-held-out-edits',
    change: { relabelledCount: -change.relabelledCount, deletedCount: -change.deletedCount },
  };
  const { heldOutEdits: _, ...rest } = dataset;
  const isNone = heldOutEdits.relabelledCount === 0 && heldOutEdits.deletedCount === 0;
  return { dataset: isNone ? rest : { ...rest, heldOutEdits }, inverse };
}

function splitImages(dataset: Dataset, unwanted: ReadonlySet<ImageId>) {
  const kept = new Map<ImageId, ImageItem>();
  const removed: Placed<ImageItem>[] = [];
  let index = 0;
  for (const [id, value] of dataset.images) {
    if (unwanted.has(id)) removed.push({ index, value });
    else kept.set(id, value);
    index += 1;
  }
  return { kept, removed };
}

function changeImages(
  dataset: Dataset,
  imageIds: readonly ImageId[],
  change: (item: ImageItem) => ImageItem,
): AppliedEdit {
  const items = imageIds.map((id) => dataset.images.get(id)).filter((item) => item !== undefined);
  return replaceImages(dataset, items.map(change));
}

function replaceImages(dataset: Dataset, items: readonly ImageItem[]): AppliedEdit {
  const images = new Map(dataset.images);
  const before = new Map<ImageId, ImageItem>();
  for (const item of items) {
    const old = dataset.images.get(item.id);
    if (old === undefined) continue;
    before.set(item.id, old);
    // What was found meanwhile stays known when an earlier act is undone.
    images.set(item.id, withNearCopy(item, old.grouping.nearCopyId));
  }
  return { dataset: { ...dataset, images }, inverse: { kind: 'replace-images', items: [...before.values()] } };
}

function noteNearCopies(dataset: Dataset, found: readonly NearCopy[]): AppliedEdit {
  const images = new Map(dataset.images);
  const before: NearCopy[] = [];
  for (const { imageId, nearCopyId } of found) {
    const old = images.get(imageId);
    if (old === undefined) continue;
    before.push({ imageId, nearCopyId: old.grouping.nearCopyId });
    images.set(imageId, withNearCopy(old, nearCopyId));
  }
  return { dataset: { ...dataset, images }, inverse: { kind: 'note-near-copies', found: before.reverse() } };
}

function withNearCopy(item: ImageItem, nearCopyId: GroupFacts['nearCopyId']): ImageItem {
  if (item.grouping.nearCopyId === nearCopyId) return item;
  return { ...item, grouping: { ...item.grouping, nearCopyId } };
}

function addImages(dataset: Dataset, items: readonly ImageItem[]): AppliedEdit {
  const classIds = new Set(dataset.classes.map(({ id }) => id));
  const images = new Map(dataset.images);
  for (const item of items) {
    if (!classIds.has(item.classId)) throw new RangeError(`There is no class ${item.classId}`);
    if (images.has(item.id)) throw new RangeError(`Image ${item.id} exists already`);
    images.set(item.id, item);
  }
  return {
    dataset: { ...dataset, images },
    inverse: { kind: 'delete-images', imageIds: items.map(({ id }) => id) },
  };
}

function restore(
  dataset: Dataset,
  label: Placed<ClassLabel> | null,
  removed: readonly Placed<ImageItem>[],
): AppliedEdit {
  const images = new Map(putBack([...dataset.images.values()], removed).map((item) => [item.id, item]));
  if (label === null) {
    const imageIds = removed.map(({ value }) => value.id);
    return { dataset: { ...dataset, images }, inverse: { kind: 'delete-images', imageIds } };
  }
  return {
    dataset: { ...dataset, classes: dataset.classes.toSpliced(label.index, 0, label.value), images },
    inverse: { kind: 'delete-class', classId: label.value.id },
  };
}

/** Merges removed entries, positions ascending, into what was left. */
function putBack<T>(kept: readonly T[], removed: readonly Placed<T>[]): T[] {
  const merged: T[] = [];
  let next = 0;
  for (const { index, value } of removed) {
    const gap = kept.slice(next, next + index - merged.length);
    for (const item of gap) merged.push(item);
    next += gap.length;
    merged.push(value);
  }
  for (const item of kept.slice(next)) merged.push(item);
  return merged;
}
