import { float16ToFloat32, float32ToFloat16, LARGEST_FLOAT16 } from '../graph/weights/float16.ts';

/** Features of one image as they are kept: half-precision bits, or float32 where halves would not do. */
export type PackedRow = Uint16Array | Float32Array;

/** Below it the smallest step of half precision, 2^-24, is more than 1 part in 2^14 of the largest feature. */
const SMALLEST_PEAK = 2 ** -10;

/**
 * Halves of the features: each number rounded by at most 1 part in 2,048 of itself or 1 in 32,768 of the largest. Rows that
 * are tiny throughout, too large for half precision or not finite stay float32.
 */
export function packRow(values: Float32Array): PackedRow {
  let peak = 0;
  for (const value of values) {
    // A comparison with NaN is false, so that it ends here too.
    if (!(Math.abs(value) <= LARGEST_FLOAT16)) return values;
    peak = Math.max(peak, Math.abs(value));
  }
  return peak > 0 && peak < SMALLEST_PEAK ? values : float32ToFloat16(values);
}

/** float32 of every number; exact. */
export function unpackRow(row: PackedRow): Float32Array {
  return row instanceof Uint16Array ? float16ToFloat32(row) : row;
}
