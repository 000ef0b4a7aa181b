import * as tf from '../tf.ts';
import { denseRows } from './dense.ts';
import type { DeviceBatch } from './device-batch.ts';
import type { HeadShape } from './head-shape.ts';
import { type Layers, layersOf, type Parameters } from './parameters.ts';

/** Gradients of the mean weighted cross-entropy, without L2. Shaped like the parameters. */
interface Gradients extends Parameters {
  /** float32 [2]: summed cross-entropy and number of hits of the counted rows. */
  readonly sums: tf.Tensor1D;
}

/** Class scores before the softmax, float32 [rows, classCount]. Call inside `tf.tidy`. */
export function logitsOf(rows: tf.Tensor2D, layers: Layers): tf.Tensor2D {
  if (layers.second === null) return denseRows(rows, layers.kernel, layers.bias);
  const hidden = denseRows(rows, layers.kernel, layers.bias, 'relu');
  return denseRows(hidden, layers.second.kernel, layers.second.bias);
}

/**
 * One pass forward and back, written out: no gradient tape, and no product with a transposing flag, which on wasm is
 * ten times as slow as transposing first. Call inside `tf.tidy`.
 */
export function gradientsOf(parameters: Parameters, shape: HeadShape, batch: DeviceBatch): Gradients {
  const { kernel, bias, second } = layersOf(parameters, shape);
  const rowsAcross = tf.transpose(batch.rows);
  if (second === null) {
    const logits = denseRows(batch.rows, kernel, bias);
    const { slope, sums } = crossEntropySlope(logits, batch);
    return { kernel: tf.matMul(rowsAcross, slope), rest: tf.sum(slope, 0), sums };
  }
  const active = denseRows(batch.rows, kernel, bias, 'relu');
  const hidden = masked(active, batch.hiddenMask);
  const logits = denseRows(hidden, second.kernel, second.bias);
  const { slope, sums } = crossEntropySlope(logits, batch);
  const hiddenSlope = masked(
    tf.mul<tf.Tensor2D>(tf.matMul(slope, tf.transpose(second.kernel)), tf.step(active)),
    batch.hiddenMask,
  );
  const secondSlope = tf.matMul<tf.Tensor2D>(tf.transpose(hidden), slope);
  const rest = tf.concat1d([tf.sum(hiddenSlope, 0), tf.reshape(secondSlope, [-1]), tf.sum(slope, 0)]);
  return { kernel: tf.matMul(rowsAcross, hiddenSlope), rest, sums };
}

/** Summed cross-entropy [1] and predicted class [rows], joined to float32 [1 + rows]. Call inside `tf.tidy`. */
export function lossAndPredictions(logits: tf.Tensor2D, truth: tf.Tensor2D): tf.Tensor1D {
  const loss = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), truth)));
  return tf.concat1d([tf.reshape(loss, [1]), tf.cast(tf.argMax(logits, 1), 'float32')]);
}

function crossEntropySlope(logits: tf.Tensor2D, batch: DeviceBatch): { slope: tf.Tensor2D; sums: tf.Tensor1D } {
  const logProbabilities = tf.logSoftmax(logits);
  const slope = tf.sub<tf.Tensor2D>(tf.mul(tf.exp(logProbabilities), batch.weights), batch.targets);
  const loss = tf.neg(tf.sum(tf.mul(logProbabilities, batch.truth)));
  const isRight = tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(batch.truth, 1)), 'float32');
  // The truth of a row sums to 1 when the row counts, to 0 when it does not.
  const hits = tf.sum(tf.mul(isRight, tf.sum(batch.truth, 1)));
  return { slope, sums: tf.concat1d([tf.reshape(loss, [1]), tf.reshape(hits, [1])]) };
}

function masked(values: tf.Tensor2D, mask: tf.Tensor2D | null): tf.Tensor2D {
  return mask === null ? values : tf.mul(values, mask);
}
