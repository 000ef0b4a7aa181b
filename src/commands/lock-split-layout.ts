import type { ClassId, ContentHash, ImageId, Part } from '../domain/dataset.ts';
import { PARTS } from '../domain/dataset.ts';
import type { Edit } from '../domain/edits.ts';
import { EMPTY_TALLY, isSplitLayout, type PathLabel, tallyLabel } from '../domain/labels-from-paths.ts';
import type { CommandContext } from './context.ts';
import { editDataset } from './edit-dataset.ts';
import { notify } from './notices.ts';

/** An image that came in, and what its path said. */
export interface PlacedFile {
  readonly hash: ContentHash;
  readonly classId: ClassId;
  readonly label: PathLabel;
}

/** Keeps a `train/ val/ test/` layout as the split, once all paths are known. */
export function lockSplitLayout(ctx: CommandContext, placed: readonly PlacedFile[], joinKey: string): void {
  const dataset = ctx.store.getState().project?.dataset;
  const tally = placed.reduce((sum, { label }) => tallyLabel(sum, label), EMPTY_TALLY);
  if (dataset === undefined || !isSplitLayout(tally)) return;
  const wanted = new Map(placed.map(({ hash, classId, label }) => [`${hash} ${classId}`, label.part]));
  const byPart = new Map<Part, ImageId[]>(PARTS.map((part) => [part, []]));
  for (const item of dataset.images.values()) {
    const part = wanted.get(`${item.hash} ${item.classId}`);
    if (part) byPart.get(part)?.push(item.id);
  }
  const edits = [...byPart].map(([part, imageIds]): Edit => ({ kind: 'lock-images', imageIds, part }));
  editDataset(ctx, 'Add images', edits, joinKey);
  const counts = PARTS.map((part) => `${byPart.get(part)?.length ?? 0} ${part}`).join(', ');
  notify(ctx.store, 'info', 'The folders already split the images, and that split is kept.', `${counts}.`);
}
