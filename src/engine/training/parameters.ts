import type { DenseWeights, HeadWeights } from '../../domain/head.ts';
import * as tf from '../tf.ts';
import { type HeadShape, initialHead } from './head-shape.ts';

/**
 * All weights of a head as two tensors, because every optimiser step passes over each tensor a dozen times: `kernel`
 * holds nearly all numbers and is used as it is, `rest` joins the small ones so that they cost one round of calls.
 */
export interface Parameters {
  /** First layer's kernel, float32 [featureLength, hiddenUnits or classCount]. */
  readonly kernel: tf.Tensor2D;
  /** With a hidden layer: its bias, then the second kernel (row major), then its bias. Without: the bias. */
  readonly rest: tf.Tensor1D;
}

/** `rest` taken apart; `second` is null without a hidden layer. */
export interface Layers {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly second: { readonly kernel: tf.Tensor2D; readonly bias: tf.Tensor1D } | null;
}

/** The weights a run starts with. Owned by the caller. */
export function initialParameters(shape: HeadShape, seed: number): Parameters {
  const [first, second] = initialHead(shape, seed).layers;
  if (first === undefined) throw new Error('a head has at least one layer');
  const small = second === undefined ? [first.bias] : [first.bias, second.kernel, second.bias];
  return {
    kernel: tf.tensor2d(first.kernel, [first.inputLength, first.outputLength]),
    rest: tf.tensor1d(Float32Array.from(small.flatMap((values) => [...values]))),
  };
}

/** 1 where `rest` holds a kernel, 0 where it holds a bias: L2 holds back kernels only. float32 [rest.length] */
export function kernelMask(shape: HeadShape): Float32Array {
  const { hiddenUnits, classCount } = shape;
  return new Float32Array(restLength(shape)).fill(0).fill(1, hiddenUnits, hiddenUnits + hiddenUnits * classCount);
}

/** Takes parameters apart; call inside `tf.tidy`. */
export function layersOf({ kernel, rest }: Parameters, { hiddenUnits, classCount }: HeadShape): Layers {
  if (hiddenUnits === 0) return { kernel, bias: rest, second: null };
  const secondLength = hiddenUnits * classCount;
  return {
    kernel,
    bias: tf.slice1d(rest, 0, hiddenUnits),
    second: {
      kernel: tf.reshape(tf.slice1d(rest, hiddenUnits, secondLength), [hiddenUnits, classCount]),
      bias: tf.slice1d(rest, hiddenUnits + secondLength, classCount),
    },
  };
}

/** Reads parameters back as plain data. */
export async function readParameters({ kernel, rest }: Parameters, shape: HeadShape): Promise<HeadWeights> {
  const { featureLength, hiddenUnits, classCount } = shape;
  // Copies: on some backends `data` hands out the tensor's own memory.
  const first = (await kernel.data<'float32'>()).slice();
  const small = (await rest.data<'float32'>()).slice();
  if (hiddenUnits === 0) return { layers: [dense(first, small, featureLength, 'softmax')] };
  const secondEnd = hiddenUnits + hiddenUnits * classCount;
  return {
    layers: [
      dense(first, small.slice(0, hiddenUnits), featureLength, 'relu'),
      dense(small.slice(hiddenUnits, secondEnd), small.slice(secondEnd), hiddenUnits, 'softmax'),
    ],
  };
}

function dense(
  kernel: Float32Array,
  bias: Float32Array,
  inputLength: number,
  activation: DenseWeights['activation'],
): DenseWeights {
  return { kernel, bias, inputLength, outputLength: bias.length, activation };
}

function restLength({ hiddenUnits, classCount }: HeadShape): number {
  return hiddenUnits === 0 ? classCount : hiddenUnits + hiddenUnits * classCount + classCount;
}
