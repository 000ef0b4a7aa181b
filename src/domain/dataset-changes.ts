import type { Dataset, ImageId, ImageItem } from './dataset.ts';

/** What storage has to write to follow an edit. */
export interface ImageChanges {
  readonly put: readonly ImageItem[];
  readonly delete: readonly ImageId[];
}

/** Images that differ between two states. Unchanged items are recognised by identity, which `applyEdit` keeps. */
export function imageChanges(before: Dataset, after: Dataset): ImageChanges {
  if (before.images === after.images) return { put: [], delete: [] };
  const put = [...after.images.values()].filter((item) => before.images.get(item.id) !== item);
  return { put, delete: [...before.images.keys()].filter((id) => !after.images.has(id)) };
}
