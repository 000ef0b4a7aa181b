import type { HeadWeights } from '../../domain/head.ts';
import * as tf from '../tf.ts';
import { activationOf, type HeadShape, layerSizes } from './head-shape.ts';

/**
 * All weights of a head as two tensors, because every optimiser step passes over each tensor a dozen times: `kernel`
 * holds nearly all numbers and is used as it is, `rest` joins the small ones so that they cost one round of calls.
 */
export interface Parameters {
  /** First layer's kernel, float32 [featureLength, its outputs]. */
  readonly kernel: tf.Tensor2D;
  /** The first layer's bias, then kernel (row major) and bias of every further layer. */
  readonly rest: tf.Tensor1D;
}

/** One dense layer of the parameters taken apart. */
export interface Layer {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** A head on the device. Owned by the caller. */
export function toParameters(head: HeadWeights): Parameters {
  const [first, ...others] = head.layers;
  if (first === undefined) throw new Error('a head has at least one layer');
  const small = [first.bias, ...others.flatMap(({ kernel, bias }) => [kernel, bias])];
  return {
    kernel: tf.tensor2d(first.kernel, [first.inputLength, first.outputLength]),
    rest: tf.tensor1d(joined(small)),
  };
}

/** 1 where `rest` holds a kernel, 0 where it holds a bias: L2 holds back kernels only. float32 [rest.length] */
export function kernelMask(shape: HeadShape): Float32Array {
  return joined(
    restPieces(shape).flatMap(({ kernelLength, biasLength }) => [
      new Float32Array(kernelLength).fill(1),
      new Float32Array(biasLength),
    ]),
  );
}

/** Takes parameters apart, first layer to last; call inside `tf.tidy`. */
export function layersOf({ kernel, rest }: Parameters, shape: HeadShape): readonly Layer[] {
  const sizes = layerSizes(shape);
  return restPieces(shape).map(({ start, kernelLength, biasLength }, layer) => {
    const [inputLength = 0, outputLength = 0] = sizes[layer] ?? [];
    return {
      kernel: layer === 0 ? kernel : tf.reshape(tf.slice1d(rest, start, kernelLength), [inputLength, outputLength]),
      bias: sizes.length === 1 ? rest : tf.slice1d(rest, start + kernelLength, biasLength),
    };
  });
}

/** Reads parameters back as plain data. */
export async function readParameters({ kernel, rest }: Parameters, shape: HeadShape): Promise<HeadWeights> {
  // Copies: on some backends `data` hands out the tensor's own memory.
  const first = (await kernel.data<'float32'>()).slice();
  const small = (await rest.data<'float32'>()).slice();
  const pieces = restPieces(shape);
  return {
    layers: layerSizes(shape).map(([inputLength, outputLength], layer) => {
      const { start = 0, kernelLength = 0 } = pieces[layer] ?? {};
      const biasStart = start + kernelLength;
      return {
        kernel: layer === 0 ? first : small.slice(start, biasStart),
        bias: small.slice(biasStart, biasStart + outputLength),
        inputLength,
        outputLength,
        activation: activationOf(layer, shape),
      };
    }),
  };
}

/** What `rest` holds of each layer: a kernel from `start` on, none of the first layer, then a bias. */
function restPieces(shape: HeadShape) {
  let start = 0;
  return layerSizes(shape).map(([inputLength, outputLength], layer) => {
    const kernelLength = layer === 0 ? 0 : inputLength * outputLength;
    const piece = { start, kernelLength, biasLength: outputLength };
    start += kernelLength + outputLength;
    return piece;
  });
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const piece of pieces) {
    all.set(piece, start);
    start += piece.length;
  }
  return all;
}
