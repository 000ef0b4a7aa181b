import type { ContentHash, Dataset, ImageId } from './dataset.ts';
import type { NearCopy } from './edits.ts';

/**
 * What to note about near-copies that were found. Groups noted before stay, and grow: another backbone may see other
 * copies, and the split should not change with the backbone. So a group found now takes the id of the first one that it
 * shares a photo with, and the others of that group along.
 *
 * @param groups contents that are copies of each other, two or more each.
 * @returns images whose note changes.
 */
export function nearCopyNotes({ images }: Dataset, groups: readonly (readonly ContentHash[])[]): NearCopy[] {
  const noted = new Map<ContentHash, string>();
  for (const { hash, grouping } of images.values()) {
    if (grouping.nearCopyId !== null && !noted.has(hash)) noted.set(hash, grouping.nearCopyId);
  }
  const renamed = new Map<string, string>();
  const nameOf = (id: string): string => {
    const next = renamed.get(id);
    return next === undefined || next === id ? id : nameOf(next);
  };
  for (const group of groups) {
    const earlier = group.flatMap((hash) => noted.get(hash) ?? []).map(nameOf);
    const id = least(earlier.length > 0 ? earlier : group);
    for (const other of earlier) renamed.set(other, id);
    for (const hash of group) noted.set(hash, id);
  }
  const notes: NearCopy[] = [];
  for (const { id: imageId, hash, grouping } of images.values()) {
    const found = noted.get(hash);
    const nearCopyId = found === undefined ? null : nameOf(found);
    if (nearCopyId !== grouping.nearCopyId) notes.push({ imageId, nearCopyId });
  }
  return notes;
}

function least(ids: readonly string[]): string {
  return [...ids].sort()[0] ?? '';
}

/**
 * What keeping images together takes: they and all that was joined to one of them before get one id.
 * @returns images to be joined.
 */
export function imagesToJoin({ images }: Dataset, imageIds: readonly ImageId[]): ImageId[] {
  const wanted = new Set(imageIds);
  const joined = new Set(imageIds.flatMap((id) => images.get(id)?.grouping.joinedId ?? []));
  const isMeant = (id: ImageId, joinedId: string | null) =>
    wanted.has(id) || (joinedId !== null && joined.has(joinedId));
  return [...images.values()].filter(({ id, grouping }) => isMeant(id, grouping.joinedId)).map(({ id }) => id);
}
