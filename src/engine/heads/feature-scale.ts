import { beat } from '../../domain/beat.ts';
import type { DenseWeights, HeadWeights } from '../../domain/head.ts';

/**
 * One scale for all features: each is centred by its own mean, and all are divided by one number. Unlike a deviation for each
 * feature it keeps their proportions, which few images need, and a head on scaled features folds back into plain layers.
 */
export interface FeatureScale {
  /** Mean of every feature, float64 [featureLength]. */
  readonly means: Float64Array;
  /** Multiplies every centred feature, above 0: one over the root mean square of those that vary; 1 where none does. */
  readonly factor: number;
  /** 1 for a feature that is the same on all rows measured, uint8 [featureLength]. */
  readonly isConstant: Uint8Array;
}

/** Features of images, one row each, with the scale they are read on where they have one. */
interface MeasuredRows {
  readonly values: Float32Array;
  readonly featureLength: number;
}

/** The mean of equal numbers is not exactly that number: a smaller deviation, as a share of the mean, is none. */
const ROUNDING = 1e-7;

/** Measures the scale over `rowIndices`, in float64. */
export function measureScale({ values, featureLength }: MeasuredRows, rowIndices: Int32Array): FeatureScale {
  const share = 1 / Math.max(1, rowIndices.length);
  const means = new Float64Array(featureLength);
  const squares = new Float64Array(featureLength);
  for (const row of rowIndices) {
    beat();
    const start = row * featureLength;
    for (let column = 0; column < featureLength; column++) {
      means[column] = (means[column] ?? 0) + (values[start + column] ?? 0) * share;
    }
  }
  for (const row of rowIndices) {
    beat();
    const start = row * featureLength;
    for (let column = 0; column < featureLength; column++) {
      const apart = (values[start + column] ?? 0) - (means[column] ?? 0);
      squares[column] = (squares[column] ?? 0) + apart * apart * share;
    }
  }
  const isConstant = Uint8Array.from(squares, (square, column) =>
    square <= (ROUNDING * (means[column] ?? 0)) ** 2 ? 1 : 0,
  );
  let [sum, count] = [0, 0];
  squares.forEach((square, column) => {
    if (isConstant[column] === 1) return;
    sum += square;
    count += 1;
  });
  const factor = 1 / Math.sqrt(sum / count);
  return { means, factor: Number.isFinite(factor) && factor > 0 ? factor : 1, isConstant };
}

/** Writes one row, on that scale, to `target` from `start` on. */
export function scaleRow(
  { values, featureLength }: MeasuredRows,
  row: number,
  { means, factor }: FeatureScale,
  target: Float32Array,
  start: number,
): void {
  const from = row * featureLength;
  for (let column = 0; column < featureLength; column++) {
    target[start + column] = ((values[from + column] ?? 0) - (means[column] ?? 0)) * factor;
  }
}

/** float32 [rowIndices.length, featureLength]: the rows on that scale. */
export function scaledRows(features: MeasuredRows, rowIndices: Int32Array, scale: FeatureScale): Float32Array {
  const rows = new Float32Array(rowIndices.length * features.featureLength);
  rowIndices.forEach((row, position) => {
    beat();
    scaleRow(features, row, scale, rows, position * features.featureLength);
  });
  return rows;
}

/** A head for features as they are, from one for scaled features: (x - m) f w + b = x (f w) + (b - m f w). */
export function foldScale(head: HeadWeights, { means, factor }: FeatureScale): HeadWeights {
  return withFirstLayer(head, (first) => {
    const kernel = first.kernel.map((weight) => weight * factor);
    return { ...first, kernel, bias: shiftedBias({ ...first, kernel }, means, -1) };
  });
}

/** A head for scaled features, from one for features as they are: `foldScale` the other way round. */
export function unfoldScale(head: HeadWeights, { means, factor }: FeatureScale): HeadWeights {
  return withFirstLayer(head, (first) => ({
    ...first,
    kernel: first.kernel.map((weight) => weight / factor),
    bias: shiftedBias(first, means, 1),
  }));
}

/** New weights without those of constant features: training never moves these, so they would stay as drawn. */
export function withoutConstantFeatures(head: HeadWeights, { isConstant }: FeatureScale): HeadWeights {
  return withFirstLayer(head, (first) => ({
    ...first,
    kernel: first.kernel.map((weight, index) =>
      isConstant[Math.floor(index / first.outputLength)] === 1 ? 0 : weight,
    ),
  }));
}

function withFirstLayer(head: HeadWeights, change: (first: DenseWeights) => DenseWeights): HeadWeights {
  const [first, ...others] = head.layers;
  return first === undefined ? head : { layers: [change(first), ...others] };
}

/** The bias plus `sign` times what the layer makes of the means, summed in float64. */
function shiftedBias({ kernel, bias, outputLength }: DenseWeights, means: Float64Array, sign: 1 | -1): Float32Array {
  const sums = Float64Array.from(bias);
  for (let index = 0; index < kernel.length; index++) {
    const output = index % outputLength;
    const mean = means[Math.floor(index / outputLength)] ?? 0;
    sums[output] = (sums[output] ?? 0) + sign * mean * (kernel[index] ?? 0);
  }
  return Float32Array.from(sums);
}
