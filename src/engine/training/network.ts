import * as tf from '../tf.ts';
import { denseRows } from './dense.ts';
import type { DeviceBatch } from './device-batch.ts';
import type { HeadShape } from './head-shape.ts';
import { type Layer, layersOf, type Parameters } from './parameters.ts';

/** Gradients of the mean weighted cross-entropy, without L2. Shaped like the parameters. */
interface Gradients extends Parameters {
  /** float32 [2]: summed cross-entropy and number of hits of the counted rows. */
  readonly sums: tf.Tensor1D;
  /** Slope of the loss in what the first layer gives, before its relu; float32 [rows, its outputs]. */
  readonly firstSlope: tf.Tensor2D;
}

/** Class scores before the softmax, float32 [rows, classCount]. Call inside `tf.tidy`. */
export function logitsOf(rows: tf.Tensor2D, layers: readonly Layer[]): tf.Tensor2D {
  return layers.reduce(
    (input, { kernel, bias }, layer) => denseRows(input, kernel, bias, layer < layers.length - 1 ? 'relu' : 'linear'),
    rows,
  );
}

/**
 * One pass forward and back, written out: no gradient tape, and no product with a transposing flag, which on wasm is
 * ten times as slow as transposing first. Call inside `tf.tidy`.
 */
export function gradientsOf(parameters: Parameters, shape: HeadShape, batch: DeviceBatch): Gradients {
  const layers = layersOf(parameters, shape);
  // What each layer takes, and before dropout what each hidden layer gives.
  const inputs = [batch.rows];
  const actives: tf.Tensor2D[] = [];
  for (const [layer, { kernel, bias }] of layers.slice(0, -1).entries()) {
    const active = denseRows(inputs[layer] ?? batch.rows, kernel, bias, 'relu');
    actives.push(active);
    inputs.push(masked(active, batch.hiddenMasks[layer] ?? null));
  }
  const { slope: lastSlope, sums } = crossEntropySlope(logitsOf(inputs.at(-1) ?? batch.rows, layers.slice(-1)), batch);
  const rest: tf.Tensor1D[] = [];
  let slope = lastSlope;
  for (let layer = layers.length - 1; layer > 0; layer--) {
    const [input, active, kernel] = [inputs[layer], actives[layer - 1], layers[layer]?.kernel];
    if (input === undefined || active === undefined || kernel === undefined) break;
    rest.unshift(tf.reshape(tf.matMul(tf.transpose(input), slope), [-1]), tf.sum(slope, 0));
    const back = tf.mul<tf.Tensor2D>(tf.matMul(slope, tf.transpose(kernel)), tf.step(active));
    slope = masked(back, batch.hiddenMasks[layer - 1] ?? null);
  }
  const firstBias = tf.sum<tf.Tensor1D>(slope, 0);
  return {
    kernel: tf.matMul(tf.transpose(batch.rows), slope),
    rest: rest.length === 0 ? firstBias : tf.concat1d([firstBias, ...rest]),
    sums,
    firstSlope: slope,
  };
}

/** Summed cross-entropy [1] and predicted class [rows], joined to float32 [1 + rows]. Call inside `tf.tidy`. */
export function lossAndPredictions(logits: tf.Tensor2D, truth: tf.Tensor2D): tf.Tensor1D {
  const loss = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), truth)));
  return tf.concat1d([tf.reshape(loss, [1]), tf.cast(tf.argMax(logits, 1), 'float32')]);
}

function crossEntropySlope(logits: tf.Tensor2D, batch: DeviceBatch): { slope: tf.Tensor2D; sums: tf.Tensor1D } {
  const logProbabilities = tf.logSoftmax(logits);
  const labelSlope = tf.sub<tf.Tensor2D>(tf.mul(tf.exp(logProbabilities), batch.weights), batch.targets);
  const slope = batch.soft === null ? labelSlope : tf.add<tf.Tensor2D>(labelSlope, softSlope(logits, batch.soft));
  const loss = tf.neg(tf.sum(tf.mul(logProbabilities, batch.truth)));
  const isRight = tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(batch.truth, 1)), 'float32');
  // The truth of a row sums to 1 when the row counts, to 0 when it does not.
  const hits = tf.sum(tf.mul(isRight, tf.sum(batch.truth, 1)));
  return { slope, sums: tf.concat1d([tf.reshape(loss, [1]), tf.reshape(hits, [1])]) };
}

/** A teacher's part of the slope, see `createTeacherFeed`. */
function softSlope(logits: tf.Tensor2D, { temperature, weights, targets }: NonNullable<DeviceBatch['soft']>) {
  return tf.sub(tf.mul(tf.softmax(tf.div<tf.Tensor2D>(logits, temperature)), weights), targets);
}

function masked(values: tf.Tensor2D, mask: tf.Tensor2D | null): tf.Tensor2D {
  return mask === null ? values : tf.mul(values, mask);
}
