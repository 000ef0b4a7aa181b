import type { RandomStream } from '../../domain/random.ts';

/** Random numbers are cut into bytes, so the ratio that is really dropped is a multiple of 1/256. */
const LEVELS = 256;

/** Which values are hidden in one step: those whose byte is below `threshold`. The others are multiplied by `keptFactor`. */
export interface DropoutDraw {
  /** A byte for each value, in order; a few more may follow. Good until the next draw. */
  readonly bytes: Uint8Array;
  /** 1 to 255 */
  readonly threshold: number;
  /** 1 / kept ratio. */
  readonly keptFactor: number;
}

/** Draws dropout of one run. */
export interface Dropout {
  /** @returns null when nothing is ever dropped. */
  draw(length: number): DropoutDraw | null;
}

/** @param dropRatio share of values to drop, 0 to 0.9; rounded to the nearest 1/256. */
export function openDropout(dropRatio: number, random: RandomStream): Dropout {
  const threshold = Math.round(dropRatio * LEVELS);
  const keptFactor = LEVELS / (LEVELS - threshold);
  let words = new Uint32Array();
  return {
    draw(length) {
      if (threshold === 0) return null;
      const wordCount = Math.ceil(length / 4);
      if (words.length !== wordCount) words = new Uint32Array(wordCount);
      random.fill(words);
      return { bytes: new Uint8Array(words.buffer), threshold, keptFactor };
    },
  };
}

/** What to multiply `length` values with: 0 where one is dropped, else `keptFactor`. */
export function dropoutMask({ bytes, threshold, keptFactor }: DropoutDraw, length: number): Float32Array {
  // A table instead of a comparison: the processor cannot foresee a random branch, which makes it seven times as slow.
  const factorOfByte = new Float32Array(LEVELS).fill(keptFactor, threshold);
  const mask = new Float32Array(length);
  for (let index = 0; index < length; index++) mask[index] = factorOfByte[bytes[index] ?? 0] ?? 0;
  return mask;
}
