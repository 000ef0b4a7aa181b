import type { RandomStream } from '../../domain/random.ts';

/** Random numbers are cut into bytes, so the ratio that is really dropped is a multiple of 1/256. */
const LEVELS = 256;

/** Draws dropout masks of one run: 0 where a value is dropped, 1 / kept ratio where it stays. */
export interface DropoutMasks {
  /** @returns float32 [length], or null when nothing is ever dropped. */
  next(length: number): Float32Array | null;
}

/** @param dropRatio share of values to drop, 0 to 0.9; rounded to the nearest 1/256. */
export function dropoutMasks(dropRatio: number, random: RandomStream): DropoutMasks {
  const threshold = Math.round(dropRatio * LEVELS);
  // A table instead of a comparison: the processor cannot foresee a random branch, which makes it seven times as slow.
  const valueOfByte = new Float32Array(LEVELS).fill(LEVELS / (LEVELS - threshold), threshold);
  return {
    next(length) {
      if (threshold === 0) return null;
      const draws = new Uint32Array(Math.ceil(length / 4));
      random.fill(draws);
      const bytes = new Uint8Array(draws.buffer);
      const mask = new Float32Array(length);
      for (let index = 0; index < length; index++) mask[index] = valueOfByte[bytes[index] ?? 0] ?? 0;
      return mask;
    },
  };
}
