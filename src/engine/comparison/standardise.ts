import { scaledRows, scaleOfRows } from '../heads/scale-of-rows.ts';

/** Two sets of rows on one scale, float32 [rows, length] each. */
interface Standardised {
  readonly train: Float32Array;
  readonly judge: Float32Array;
}

/**
 * Brings every feature to mean 0 and deviation 1 over the training rows, and the rows to judge with the same two
 * numbers. A feature that never changes becomes 0.
 *
 * @param features float32 [rows, length], row major.
 * @param trainRows positions in `features`; at least one.
 */
export function standardised(
  features: Float32Array,
  length: number,
  trainRows: readonly number[],
  judgeRows: readonly number[],
): Standardised {
  const all = { values: features, featureLength: length };
  const seen = Int32Array.from(trainRows);
  const scale = scaleOfRows(all, seen);
  return { train: scaledRows(all, seen, scale), judge: scaledRows(all, Int32Array.from(judgeRows), scale) };
}
