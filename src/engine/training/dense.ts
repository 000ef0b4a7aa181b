import * as tf from '../tf.ts';

/**
 * Product, bias and activation in one call.
 * @param rows float32 [rows, inputLength]. Borrowed.
 * @param kernel float32 [inputLength, outputLength]. Borrowed.
 * @param bias float32 [outputLength]. Borrowed.
 * @returns float32 [rows, outputLength]. Owned by the caller.
 */
export function denseRows(
  rows: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: 'linear' | 'relu' = 'linear',
): tf.Tensor2D {
  // tfjs does not type the rank of a fused product; two matrices give a matrix.
  return tf.fused.matMul({ a: rows, b: kernel, bias, activation }) as tf.Tensor2D;
}
