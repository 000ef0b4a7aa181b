import type { HeadWeights } from '../../domain/head.ts';
import { predictProbabilities } from '../head.ts';
import * as tf from '../tf.ts';
import type { Features } from '../training/features.ts';
import { copyRows } from '../training/row-source.ts';

/** Probabilities are not taken for smaller than this: a single image must not decide between heads. */
const LEAST_PROBABILITY = 1e-7;

/** Probabilities of rows of the features, float32 [rowIndices.length, classCount]. */
export async function predictRows(
  features: Features,
  rowIndices: Int32Array,
  head: HeadWeights,
): Promise<Float32Array> {
  const { featureLength } = features;
  const values = new Float32Array(rowIndices.length * featureLength);
  copyRows(features, rowIndices, values, featureLength);
  const rows = tf.tensor2d(values, [rowIndices.length, featureLength]);
  return await predictProbabilities(rows, head).finally(() => rows.dispose());
}

/** Cross-entropy of every row, float64, from probabilities [rows, classCount]. */
export function lossesOf(probabilities: Float32Array, classIndices: Int32Array, classCount: number): Float64Array {
  return Float64Array.from(
    classIndices,
    (own, row) => -Math.log(Math.max(probabilities[row * classCount + own] ?? 0, LEAST_PROBABILITY)),
  );
}
