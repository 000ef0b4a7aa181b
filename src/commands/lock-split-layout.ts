import type { ClassId, ContentHash, Dataset, ImageId, ImageItem, Part, PartLock } from '../domain/dataset.ts';
import { PARTS } from '../domain/dataset.ts';
import type { Edit } from '../domain/edits.ts';
import {
  type EarlierImages,
  type LayoutLabel,
  labelOf,
  labelsInLayout,
  type PathLabel,
} from '../domain/labels-from-paths.ts';
import { overlapsOf, type PartOverlap, partOfLock, strongestPart } from '../domain/part-overlap.ts';
import type { CommandContext } from './context.ts';
import { editDataset } from './edit-dataset.ts';
import { notify } from './notices.ts';

/** An image that came in, and what its path said. */
export interface PlacedFile {
  readonly hash: ContentHash;
  readonly classId: ClassId;
  readonly label: PathLabel;
}

/** What an import brought that was not there before. */
export interface BroughtIn {
  readonly imageIds: ReadonlySet<ImageId>;
  readonly classIds: ReadonlySet<ClassId>;
  readonly joinKey: string;
  /** False where the user chose the class: no image is without one then. */
  readonly isByFolder: boolean;
}

/** What became of a layout. */
interface KeptLayout {
  /** Images taken out again because nothing says which class they show. */
  readonly takenOut: readonly ImageItem[];
  readonly overlaps: readonly PartOverlap[];
}

const NO_LAYOUT: KeptLayout = { takenOut: [], overlaps: [] };

/**
 * Keeps a `train/ val/ test/` layout as the split, once all paths are known. A photo that lies in two parts is kept in the
 * held-out one, with all its copies, whatever the order of the files, their classes, and the import they came with.
 * Without a validation folder the training images are kept out of the test part alone, so that the share of the form
 * deals the validation part out of them. Images directly in a part's folder have no class: those that came in as one
 * called "test" are taken out again, and so is that class.
 */
export function lockSplitLayout(ctx: CommandContext, placed: readonly PlacedFile[], brought: BroughtIn): KeptLayout {
  const dataset = ctx.store.getState().project?.dataset;
  if (dataset === undefined) return NO_LAYOUT;
  const earlier = [...dataset.images.values()].filter(({ id }) => !brought.imageIds.has(id));
  const pathLabels = placed.map(({ label }) => label);
  const labels = labelsInLayout(pathLabels, earlierFacts(dataset, earlier));
  if (labels === null) return NO_LAYOUT;
  const unlabelled = brought.isByFolder ? unlabelledItems(dataset, placed, labels, brought.imageIds) : [];
  const layout = layoutOf(placed, labels, earlier);
  const locks = locksOf(dataset, layout, new Set(unlabelled));
  const lockEdits = [...locks].map(([part, imageIds]): Edit => ({ kind: 'lock-images', imageIds, part }));
  const edits = [...lockEdits, ...removalOf(dataset, unlabelled, brought.classIds)];
  editDataset(ctx, 'Add images', edits, brought.joinKey);
  if (lockEdits.length > 0) tellLayout(ctx, locks, layout);
  return { takenOut: unlabelled, overlaps: overlapsOf(layout.partsByHash) };
}

function earlierFacts(dataset: Dataset, earlier: readonly ImageItem[]): EarlierImages {
  const names = new Map(dataset.classes.map(({ id, name }) => [id, name]));
  return {
    classNames: new Set(earlier.map(({ classId }) => names.get(classId) ?? '')),
    parts: new Set(earlier.flatMap(({ path }) => labelOf(path).part ?? [])),
  };
}

/** Images of this import that lie directly in a part's folder and in no class folder beside. */
function unlabelledItems(
  dataset: Dataset,
  placed: readonly PlacedFile[],
  labels: readonly LayoutLabel[],
  imageIds: ReadonlySet<ImageId>,
): readonly ImageItem[] {
  const keyOf = ({ hash, classId }: Pick<PlacedFile, 'hash' | 'classId'>) => `${hash} ${classId}`;
  const keysWhere = (isUnlabelled: boolean) =>
    new Set(placed.filter((_, index) => labels[index]?.isUnlabelled === isUnlabelled).map(keyOf));
  // A file whose class is known decides over a copy of it that lies loose.
  const [loose, labelled] = [keysWhere(true), keysWhere(false)];
  return [...dataset.images.values()].filter(
    (item) => imageIds.has(item.id) && loose.has(keyOf(item)) && !labelled.has(keyOf(item)),
  );
}

/** Which parts the photos of an import are in. */
interface Layout {
  /** By this import's folders, and by the folders and locks of copies that were there. */
  readonly partsByHash: ReadonlyMap<ContentHash, ReadonlySet<Part>>;
  /** Images of earlier imports that came from the folder of a part and are in no part yet. */
  readonly earlierUnlocked: ReadonlyMap<ImageId, Part>;
  /** Parts that have a folder, of this import or an earlier one. */
  readonly folders: ReadonlySet<Part>;
}

function layoutOf(
  placed: readonly PlacedFile[],
  labels: readonly LayoutLabel[],
  earlier: readonly ImageItem[],
): Layout {
  const partsByHash = new Map<ContentHash, Set<Part>>();
  const folders = new Set<Part>();
  placed.forEach(({ hash }, index) => {
    const label = labels[index];
    if (label === undefined || label.part === null || label.isUnlabelled) return;
    partsByHash.set(hash, (partsByHash.get(hash) ?? new Set()).add(label.part));
    folders.add(label.part);
  });
  const isWhole = folders.has('train') && folders.size > 1;
  const earlierUnlocked = new Map<ImageId, Part>();
  for (const { id, hash, path, lockedPart } of partsByHash.size === 0 ? [] : earlier) {
    const folder = labelOf(path).part;
    const part = lockedPart === null ? folder : partOfLock(lockedPart);
    if (part !== null) partsByHash.get(hash)?.add(part);
    if (folder === null) continue;
    folders.add(folder);
    // Where this import has a whole layout, images that are in no part are so by the user's choice.
    if (lockedPart === null && !isWhole) earlierUnlocked.set(id, folder);
  }
  return { partsByHash, earlierUnlocked, folders };
}

/** Ids of images to lock, by what they are to be locked to. */
function locksOf(
  dataset: Dataset,
  { partsByHash, earlierUnlocked, folders }: Layout,
  unlabelled: ReadonlySet<ImageItem>,
): ReadonlyMap<PartLock, ImageId[]> {
  const trainLock = folders.has('test') && !folders.has('validation') ? 'train-or-validation' : 'train';
  const locks = new Map<PartLock, ImageId[]>();
  if (partsByHash.size === 0) return locks;
  for (const item of dataset.images.values()) {
    // A validation folder that comes later ends the dealing out.
    const isDealt = item.lockedPart === 'train-or-validation' && labelOf(item.path).part === 'train';
    const part =
      strongestPart(partsByHash.get(item.hash) ?? []) ?? earlierUnlocked.get(item.id) ?? (isDealt ? 'train' : null);
    const lock = part === 'train' ? trainLock : part;
    if (lock === null || lock === item.lockedPart || unlabelled.has(item)) continue;
    const ids = locks.get(lock);
    if (ids === undefined) locks.set(lock, [item.id]);
    else ids.push(item.id);
  }
  return locks;
}

function tellLayout(
  { store }: CommandContext,
  locks: ReadonlyMap<PartLock, readonly ImageId[]>,
  { folders }: Layout,
): void {
  const countOf = (lock: PartLock) => locks.get(lock)?.length ?? 0;
  const dealtCount = countOf('train-or-validation');
  const counts = PARTS.map((part) => `${countOf(part) + (part === 'train' ? dealtCount : 0)} ${part}`);
  const missing = PARTS.filter((part) => !folders.has(part)).map((part) => MISSING_WORDS[part]);
  const title = 'The folders already split the images, and that split is kept.';
  const given = counts.filter((_, index) => folders.has(PARTS[index] ?? 'train'));
  notify(store, 'info', title, [`${given.join(', ')}.`, ...missing].join(' '));
}

const MISSING_WORDS: Readonly<Record<Part, string>> = {
  train: 'There is no training folder: the images that were there before are learnt from.',
  validation:
    'There is no validation folder: validation images are dealt out of the training images, by the share under Data split.',
  test: 'There is no test folder: the score is of the validation images, which is a little too good.',
};

/** Deletes images, and the new classes that hold nothing else. */
function removalOf(dataset: Dataset, items: readonly ImageItem[], newClassIds: ReadonlySet<ClassId>): Edit[] {
  if (items.length === 0) return [];
  const removed = new Set(items);
  const emptied = new Set(items.map(({ classId }) => classId).filter((id) => newClassIds.has(id)));
  for (const item of dataset.images.values()) if (!removed.has(item)) emptied.delete(item.classId);
  return [
    { kind: 'delete-images', imageIds: items.map(({ id }) => id) },
    ...[...emptied].map((classId): Edit => ({ kind: 'delete-class', classId })),
  ];
}
