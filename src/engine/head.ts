import type { DenseWeights, HeadWeights } from '../domain/head.ts';
import * as tf from './tf.ts';
import { denseRows } from './training/dense.ts';

/** Numbers a layer may give at a time: a head of neighbours has an output for every one of them. */
const MOST_VALUES = 2 ** 22;

/**
 * Runs a head.
 * @param features float32 [rows, featureLength]. Borrowed: the caller disposes it.
 * @returns float32 [rows, classCount], row major; every row sums to 1.
 */
export async function predictProbabilities(features: tf.Tensor2D, head: HeadWeights): Promise<Float32Array> {
  const [rowCount, featureLength] = features.shape;
  const widest = Math.max(...head.layers.map(({ outputLength }) => outputLength));
  const rowsAtOnce = Math.max(1, Math.floor(MOST_VALUES / widest));
  if (rowCount <= rowsAtOnce) return predictRows(features, head);
  const classCount = head.layers.at(-1)?.outputLength ?? 0;
  const all = new Float32Array(rowCount * classCount);
  for (let start = 0; start < rowCount; start += rowsAtOnce) {
    const part = tf.slice2d(features, [start, 0], [Math.min(rowsAtOnce, rowCount - start), featureLength]);
    const probabilities = await predictRows(part, head).finally(() => part.dispose());
    all.set(probabilities, start * classCount);
  }
  return all;
}

async function predictRows(features: tf.Tensor2D, head: HeadWeights): Promise<Float32Array> {
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
  return layer.activation === 'softmax'
    ? tf.softmax(denseRows(rows, kernel, bias))
    : denseRows(rows, kernel, bias, layer.activation);
}
