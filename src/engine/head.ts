import type { DenseWeights, HeadWeights } from '../domain/head.ts';
import * as tf from './tf.ts';
import { denseRows } from './training/dense.ts';

/**
 * Runs a head.
 * @param features float32 [rows, featureLength]. Borrowed: the caller disposes it.
 * @returns float32 [rows, classCount], row major; every row sums to 1.
 */
export async function predictProbabilities(features: tf.Tensor2D, head: HeadWeights): Promise<Float32Array> {
  if (features.shape[0] === 0) return new Float32Array(0);
  const probabilities = tf.tidy(() => head.layers.reduce(applyLayer, features));
  try {
    // A copy: on some backends `data` hands out the tensor's own memory.
    return (await probabilities.data<'float32'>()).slice();
  } finally {
    probabilities.dispose();
  }
}

function applyLayer(rows: tf.Tensor2D, layer: DenseWeights): tf.Tensor2D {
  const kernel = tf.tensor2d(layer.kernel, [layer.inputLength, layer.outputLength]);
  const bias = tf.tensor1d(layer.bias);
  return layer.activation === 'relu'
    ? denseRows(rows, kernel, bias, 'relu')
    : tf.softmax(denseRows(rows, kernel, bias));
}
