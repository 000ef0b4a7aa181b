import type { ContentHash, Dataset, ImageId } from './dataset.ts';

const SEQUENCE_DIGITS = 7;

/** Sequence number an id was made with, or -1 for an id of another make. */
function sequenceOf(id: ImageId): number {
  const digits = /^([0-9a-z]{7})-/.exec(id)?.[1];
  return digits === undefined ? -1 : Number.parseInt(digits, 36);
}

/**
 * Makes ids for images about to be added: a running number in base 36, then the start of the content hash.
 * Ids sort in order of arrival, which is how storage reads them back.
 */
export function imageIdsAfter(dataset: Dataset): (hash: ContentHash) => ImageId {
  let next = 0;
  for (const id of dataset.images.keys()) next = Math.max(next, sequenceOf(id) + 1);
  return (hash) => `${(next++).toString(36).padStart(SEQUENCE_DIGITS, '0')}-${hash.slice(0, 8)}`;
}
