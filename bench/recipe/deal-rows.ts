import type { Part } from '../../src/domain/dataset.ts';
import { randomStream, shuffledIndices } from '../../src/domain/random.ts';
import { assignParts, DEFAULT_SPLIT } from '../../src/domain/split.ts';

/** Photos to learn from in each class: so many, or all that are not tested on. */
export type CellSize = number | 'all';

/** Photos of one class. */
export interface ClassPhotos {
  readonly photoCount: number;
  /** Of them; these come first. */
  readonly testedCount: number;
}

/** Photos of one cell of the table, entry by entry: those to learn from first, then those tested on. */
export interface DealtRows {
  /** Class of the photo. */
  readonly classIndices: readonly number[];
  /** Place of the photo among those of its class. */
  readonly places: readonly number[];
  readonly parts: readonly Part[];
}

/**
 * Deals the photos of every class: the first ones are tested on, whatever the seed; of the others the seed draws `size` a class to
 * learn from. Graft's own rule with its default shares then decides which of those are for validation.
 *
 * @param withValidation false leaves all drawn photos to training.
 */
export function dealRows(
  classes: readonly ClassPhotos[],
  size: CellSize,
  seed: number,
  withValidation: boolean,
): DealtRows {
  const learnt = classes.flatMap(({ photoCount, testedCount }, classIndex) => {
    const order = shuffledIndices(photoCount - testedCount, randomStream(seed, `photos of class ${classIndex}`));
    const drawn = order.subarray(0, size === 'all' ? order.length : size);
    return Array.from(drawn, (at) => ({ classIndex, place: testedCount + at }));
  });
  const tested = classes.flatMap(({ testedCount }, classIndex) =>
    Array.from({ length: testedCount }, (_, place) => ({ classIndex, place })),
  );
  const items = learnt.map(({ classIndex, place }) => ({
    hash: hashOf(classIndex, place),
    classId: String(classIndex),
    lockedPart: withValidation ? null : ('train' as const),
    groupId: hashOf(classIndex, place),
  }));
  const learntParts = assignParts(items, { ...DEFAULT_SPLIT, testRatio: 0, seed });
  const all = [...learnt, ...tested];
  return {
    classIndices: all.map(({ classIndex }) => classIndex),
    places: all.map(({ place }) => place),
    parts: [...learntParts, ...tested.map((): Part => 'test')],
  };
}

/** Stands for the content of a photo. */
export const hashOf = (classIndex: number, place: number): string => `photo ${place} of class ${classIndex}`;
