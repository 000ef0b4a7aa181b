import { beat } from '../../domain/beat.ts';
import type { Features } from '../training/features.ts';

/** Mean of every feature, and what to multiply with so that its deviation is 1; 0 for one that never changes. */
export interface FeatureScale {
  readonly means: Float64Array;
  readonly factors: Float64Array;
}

/** The mean of equal numbers is not exactly that number: a smaller deviation, as a share of the mean, is none. */
const ROUNDING = 1e-7;

/** Measured over `rowIndices`, as scikit-learn's StandardScaler does. */
export function scaleOfRows({ values, featureLength }: Features, rowIndices: Int32Array): FeatureScale {
  const means = new Float64Array(featureLength);
  const squares = new Float64Array(featureLength);
  for (const row of rowIndices) {
    beat();
    for (let column = 0; column < featureLength; column++) {
      means[column] = (means[column] ?? 0) + (values[row * featureLength + column] ?? 0) / rowIndices.length;
    }
  }
  for (const row of rowIndices) {
    beat();
    for (let column = 0; column < featureLength; column++) {
      const apart = (values[row * featureLength + column] ?? 0) - (means[column] ?? 0);
      squares[column] = (squares[column] ?? 0) + (apart * apart) / rowIndices.length;
    }
  }
  const isConstant = (square: number, column: number) => square <= (ROUNDING * (means[column] ?? 0)) ** 2;
  return { means, factors: squares.map((square, column) => (isConstant(square, column) ? 0 : 1 / Math.sqrt(square))) };
}

/** float32 [rowIndices.length, featureLength]: the rows on that scale. */
export function scaledRows(
  { values, featureLength }: Features,
  rowIndices: Int32Array,
  { means, factors }: FeatureScale,
): Float32Array {
  const rows = new Float32Array(rowIndices.length * featureLength);
  rowIndices.forEach((row, position) => {
    beat();
    for (let column = 0; column < featureLength; column++) {
      const value = values[row * featureLength + column] ?? 0;
      rows[position * featureLength + column] = (value - (means[column] ?? 0)) * (factors[column] ?? 0);
    }
  });
  return rows;
}
