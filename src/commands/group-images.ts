import { backboneRef } from '../domain/backbone.ts';
import type { ContentHash, Dataset, ImageId } from '../domain/dataset.ts';
import { applyEdit, type Edit } from '../domain/edits.ts';
import { groupsOf } from '../domain/groups.ts';
import { imagesToJoin, nearCopyNotes } from '../domain/near-copies.ts';
import type { Project } from '../domain/project.ts';
import type { CommandContext } from './context.ts';
import { editDataset, noteInDataset } from './edit-dataset.ts';
import type { Learning } from './learning.ts';
import type { RunPlan } from './run-plan.ts';

/** Keeps images in one part of the split from now on, with all that was joined to one of them before. */
export function joinImages(ctx: CommandContext, imageIds: readonly ImageId[]): void {
  const dataset = ctx.store.getState().project?.dataset;
  if (dataset === undefined || imageIds.length < 2) return;
  const joinedId = ctx.newId();
  const joined = imagesToJoin(dataset, imageIds);
  const isApart = (id: ImageId) => dataset.images.get(id)?.grouping.isApart ?? false;
  const edits = [true, false].map(
    (apart): Edit => ({
      kind: 'group-images',
      imageIds: joined.filter((id) => isApart(id) === apart),
      choice: { joinedId, isApart: apart },
    }),
  );
  editDataset(ctx, `Keep ${imageIds.length} images together`, edits);
}

/** Takes images out of their groups: the split deals each by itself from now on. */
export function splitImages(ctx: CommandContext, imageIds: readonly ImageId[]): void {
  if (imageIds.length === 0) return;
  const choice = { joinedId: null, isApart: true };
  editDataset(ctx, imageIds.length === 1 ? 'Keep image apart' : `Keep ${imageIds.length} images apart`, [
    { kind: 'group-images', imageIds, choice },
  ]);
}

/** Takes back what was decided about the groups of images: names, times and features say again what belongs together. */
export function regroupImages(ctx: CommandContext, imageIds: readonly ImageId[]): void {
  if (imageIds.length === 0) return;
  const choice = { joinedId: null, isApart: false };
  editDataset(ctx, 'Group images automatically', [{ kind: 'group-images', imageIds, choice }]);
}

/**
 * Looks for near-copies among images whose features are there, and notes them in the project, so that the split that follows
 * keeps them together. Looked for once for the same images and backbone.
 *
 * @param failed contents without features.
 * @returns the project with what was found.
 * @throws DOMException 'AbortError' when cancelled.
 */
export async function withNearCopies(
  ctx: CommandContext,
  { project, backbone }: Pick<RunPlan, 'project' | 'backbone'>,
  failed: ReadonlySet<ContentHash>,
  { signal, check }: Pick<Learning, 'signal' | 'check'>,
): Promise<Project> {
  const perceptual = perceptualHashes(project.dataset, failed);
  const hashes = [...perceptual.keys()];
  const { resizeMode } = project;
  const basis = JSON.stringify([project.id, backbone.id, backbone.sha256, resizeMode]);
  const sought = ctx.session.copiesSought;
  if (hashes.length < 2 || (sought?.basis === basis && hashes.every((hash) => sought.hashes.has(hash)))) return project;
  const input = { backbone: backboneRef(backbone), hashes, perceptualHashes: [...perceptual.values()], resizeMode };
  const groupOf = await ctx.engine.call('nearCopies', input, { signal });
  check();
  ctx.session.copiesSought = { basis, hashes: new Set(hashes) };
  const groups = new Map<number, ContentHash[]>();
  groupOf.forEach((group, row) => {
    if (group >= 0) groups.set(group, [...(groups.get(group) ?? []), hashes[row] ?? '']);
  });
  const found = [...groups.values()];
  if (found.length === 0) return project;
  // What the page holds may have been edited since: each gets the notes that fit it.
  if (ctx.store.getState().project?.id === project.id) noteInDataset(ctx, (dataset) => noteOf(dataset, found));
  return { ...project, dataset: applyEdit(project.dataset, noteOf(project.dataset, found)).dataset };
}

function noteOf(dataset: Dataset, groups: readonly (readonly ContentHash[])[]): Edit {
  return { kind: 'note-near-copies', found: nearCopyNotes(dataset, groups) };
}

function perceptualHashes({ images }: Dataset, failed: ReadonlySet<ContentHash>): Map<ContentHash, string | null> {
  const hashes = new Map<ContentHash, string | null>();
  for (const { hash, grouping } of images.values()) {
    if (!failed.has(hash)) hashes.set(hash, hashes.get(hash) ?? grouping.perceptualHash);
  }
  return hashes;
}

/** The groups of now, for scripts: hashes of the images of each. */
export function groupHashes({ images }: Dataset): ContentHash[][] {
  return groupsOf({ images }).groups.map(({ imageIds }) => [
    ...new Set(imageIds.flatMap((id) => images.get(id)?.hash ?? [])),
  ]);
}
