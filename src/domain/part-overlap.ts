import type { ContentHash, Part, PartLock } from './dataset.ts';

/** Photos that folders or earlier imports put into two parts, byte for byte. */
export interface PartOverlap {
  /** Where they are kept. */
  readonly keptIn: Part;
  /** Where copies of them lay, too. */
  readonly alsoIn: Part;
  readonly photoCount: number;
}

/** Held-out parts come first: what a model learnt from says nothing as a test image. */
const BY_STRENGTH: readonly Part[] = ['test', 'validation', 'train'];

/** The part in which a photo is kept that was put into all of these. */
export function strongestPart(parts: Iterable<Part>): Part | null {
  const all = new Set(parts);
  return BY_STRENGTH.find((part) => all.has(part)) ?? null;
}

/** The part that a lock stands for beside folders of parts. */
export function partOfLock(lock: PartLock): Part {
  return lock === 'train-or-validation' ? 'train' : lock;
}

/** Counts the photos that are in more than one part. @param parts of every content, each once. */
export function overlapsOf(parts: ReadonlyMap<ContentHash, ReadonlySet<Part>>): readonly PartOverlap[] {
  const pairs = BY_STRENGTH.flatMap((keptIn, strength) =>
    BY_STRENGTH.slice(strength + 1).map((alsoIn) => ({ keptIn, alsoIn })),
  );
  return pairs.flatMap(({ keptIn, alsoIn }) => {
    let photoCount = 0;
    for (const all of parts.values()) if (strongestPart(all) === keptIn && all.has(alsoIn)) photoCount += 1;
    return photoCount === 0 ? [] : [{ keptIn, alsoIn, photoCount }];
  });
}

const HELD_OUT_WORDS: Readonly<Record<Part, string>> = {
  test: 'kept in the test part and not learnt from',
  validation: 'kept in the validation part and not learnt from',
  train: 'learnt from',
};

/** One overlap as a sentence. */
export function overlapSentence({ keptIn, alsoIn, photoCount }: PartOverlap): string {
  const photos = photoCount === 1 ? '1 photo is' : `${photoCount} photos are`;
  const them = photoCount === 1 ? 'It is' : 'They are';
  const words = alsoIn === 'train' ? HELD_OUT_WORDS[keptIn] : `kept in the ${keptIn} part alone`;
  return `${photos} in both the ${keptIn} and the ${alsoIn === 'train' ? 'training' : alsoIn} folder. ${them} ${words}.`;
}
