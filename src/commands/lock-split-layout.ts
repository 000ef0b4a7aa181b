import type { ClassId, ContentHash, Dataset, ImageId, ImageItem, Part } from '../domain/dataset.ts';
import { PARTS } from '../domain/dataset.ts';
import type { Edit } from '../domain/edits.ts';
import { type LayoutLabel, labelsInLayout, type PathLabel } from '../domain/labels-from-paths.ts';
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
}

/**
 * Keeps a `train/ val/ test/` layout as the split, once all paths are known. Images directly in such a folder have no
 * class: those that came in as one called "test" are taken out again, and so is that class.
 *
 * @returns the images taken out.
 */
export function lockSplitLayout(
  ctx: CommandContext,
  placed: readonly PlacedFile[],
  { imageIds, classIds, joinKey }: BroughtIn,
): readonly ImageItem[] {
  const dataset = ctx.store.getState().project?.dataset;
  const labels = labelsInLayout(placed.map(({ label }) => label));
  if (dataset === undefined || labels === null) return [];
  const wanted = new Map<string, LayoutLabel>();
  for (const [index, label] of labels.entries()) {
    const file = placed[index];
    // A file whose class is known decides over a copy of it that lies loose.
    if (file !== undefined && !(label.isUnlabelled && wanted.has(keyOf(file)))) wanted.set(keyOf(file), label);
  }
  const byPart = new Map<Part, ImageId[]>(PARTS.map((part) => [part, []]));
  const unlabelled: ImageItem[] = [];
  for (const item of dataset.images.values()) {
    const label = wanted.get(keyOf(item));
    if (label?.isUnlabelled === true) {
      if (imageIds.has(item.id)) unlabelled.push(item);
    } else if (label?.part) byPart.get(label.part)?.push(item.id);
  }
  const locks = [...byPart]
    .filter(([, ids]) => ids.length > 0)
    .map(([part, ids]): Edit => ({ kind: 'lock-images', imageIds: ids, part }));
  editDataset(ctx, 'Add images', [...locks, ...removalOf(dataset, unlabelled, classIds)], joinKey);
  if (locks.length > 0) {
    const counts = PARTS.map((part) => `${byPart.get(part)?.length ?? 0} ${part}`).join(', ');
    notify(ctx.store, 'info', 'The folders already split the images, and that split is kept.', `${counts}.`);
  }
  return unlabelled;
}

function keyOf({ hash, classId }: Pick<PlacedFile, 'hash' | 'classId'>): string {
  return `${hash} ${classId}`;
}

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
