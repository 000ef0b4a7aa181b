import type { Dataset } from './dataset.ts';
import { groupsOf } from './groups.ts';
import type { SplitSettings } from './split.ts';

/** 32-bit FNV-1a over UTF-16 units, http://www.isthe.com/chongo/tech/comp/fnv/, with a closing avalanche (MurmurHash3's). */
function hash32(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const hexadecimal = (value: number) => (value >>> 0).toString(16).padStart(8, '0');

/**
 * Short text that changes with what training sees: photos, their classes, their groups, their locked parts, the split.
 * Independent of order, of class names and of colours, so renaming a class does not make a model old. Sums of hashes
 * need no sorting: 10,000 images take a few milliseconds.
 */
export function datasetFingerprint(dataset: Dataset, split: SplitSettings): string {
  let low = 0;
  let high = 0;
  const { idOf } = groupsOf(dataset);
  for (const { hash, classId, lockedPart } of dataset.images.values()) {
    const groupId = idOf(hash);
    const line = `${hash}|${classId}|${lockedPart ?? ''}${groupId === hash ? '' : `|${groupId}`}`;
    low = (low + hash32(line, 0)) >>> 0;
    high = (high + hash32(line, 0x9e3779b9)) >>> 0;
  }
  const { trainRatio, validationRatio, testRatio, seed } = split;
  const settings = hash32([trainRatio, validationRatio, testRatio, seed].join('|'), 0);
  return `${dataset.images.size}-${hexadecimal(low)}${hexadecimal(high)}-${hexadecimal(settings)}`;
}
