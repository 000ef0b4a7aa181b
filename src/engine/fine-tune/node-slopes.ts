import type { FoldedNode } from '../../graph/folded-graph.ts';
import type { NodeWeights } from '../compute-node.ts';
import * as tf from '../tf.ts';
import { asRows, convSlopes, depthwiseSlopes, type NodeSlopes, sumOfRows } from './filter-slopes.ts';
import { averagePoolSlope, globalAverageSlope, globalMaxSlope, maxPoolSlope } from './pool-slopes.ts';

/** What one node computed, and what is known of the loss after it. */
export interface Passed {
  readonly inputs: readonly tf.Tensor[];
  readonly output: tf.Tensor;
  readonly weights: NodeWeights;
  /** Slope of the loss in the node's value before its activation. */
  readonly slope: tf.Tensor;
  /** Which inputs' slopes are needed. */
  readonly wanted: readonly boolean[];
}

function required(tensors: readonly tf.Tensor[], index: number, node: FoldedNode): tf.Tensor {
  const found = tensors[index];
  if (found === undefined) throw new Error(`Node ${node.name} is incomplete`);
  return found;
}

/**
 * The backward pass of every kind of node, from the slope of its value to those of its inputs and weights. To be called
 * inside a tidy. Everything is made of products, shifts and plain convolutions, which every backend has.
 */
export function nodeSlopes(node: FoldedNode, { inputs, output, weights, slope, wanted }: Passed): NodeSlopes {
  const x = required(inputs, 0, node);
  const [image, imageSlope] = [x as tf.Tensor4D, slope as tf.Tensor4D];
  const wantsFirst = wanted[0] ?? false;
  const only = (of: () => tf.Tensor): NodeSlopes => ({ inputs: [wantsFirst ? of() : null], weights: [] });
  switch (node.op) {
    case 'input':
      return { inputs: [], weights: [] };
    case 'conv':
      return convSlopes(node, image, weights, imageSlope, wantsFirst);
    case 'depthwise':
      return depthwiseSlopes(node, image, weights, imageSlope, wantsFirst);
    case 'affine':
      return {
        inputs: [wantsFirst ? tf.mul(slope, required(weights, 0, node)) : null],
        weights: [sumOfRows(asRows(tf.mul(slope, x))), sumOfRows(asRows(slope))],
      };
    case 'dense': {
      const kernel = required(weights, 0, node) as tf.Tensor2D;
      return {
        inputs: [wantsFirst ? tf.matMul(slope as tf.Tensor2D, tf.transpose(kernel)) : null],
        weights: [tf.matMul(tf.transpose(x as tf.Tensor2D), slope as tf.Tensor2D), sumOfRows(slope as tf.Tensor2D)],
      };
    }
    case 'add':
      return { inputs: wanted.map((isWanted) => (isWanted ? tf.clone(slope) : null)), weights: [] };
    case 'multiply':
      return { inputs: productSlopes(x, required(inputs, 1, node), slope, wanted), weights: [] };
    case 'concat':
      return { inputs: partSlopes(inputs, slope, wanted), weights: [] };
    case 'activation':
      return only(() => tf.clone(slope));
    case 'pad': {
      const [[top], [left]] = node.padding;
      return only(() => tf.slice(imageSlope, [0, top, left, 0], image.shape));
    }
    case 'maxPool':
      return only(() => maxPoolSlope(node, image, output as tf.Tensor4D, imageSlope));
    case 'averagePool':
      return only(() => averagePoolSlope(node, image, imageSlope));
    case 'globalAveragePool':
      return only(() => globalAverageSlope(image, slope));
    case 'globalMaxPool':
      return only(() => globalMaxSlope(image, output, slope));
    case 'flatten':
      return only(() => tf.reshape(slope, x.shape));
    default:
      node satisfies never;
      throw new Error('Unknown node');
  }
}

/** The second factor may be one value a channel, the same at every place. */
function productSlopes(x: tf.Tensor, factor: tf.Tensor, slope: tf.Tensor, wanted: readonly boolean[]) {
  const isGate = factor.size !== x.size;
  const aligned = isGate ? tf.reshape(factor, [x.shape[0] ?? 1, 1, 1, x.shape[x.rank - 1] ?? 1]) : factor;
  const ofFactor = () => {
    const product = tf.mul(slope, x);
    return tf.reshape(isGate ? tf.sum(product, [1, 2]) : product, factor.shape);
  };
  return [wanted[0] === true ? tf.mul(slope, aligned) : null, wanted[1] === true ? ofFactor() : null];
}

/** Each input's channels of what was put side by side. */
function partSlopes(inputs: readonly tf.Tensor[], slope: tf.Tensor, wanted: readonly boolean[]) {
  let start = 0;
  return inputs.map((input, index) => {
    const begin = slope.shape.map((_, axis) => (axis === slope.rank - 1 ? start : 0));
    start += input.shape[input.rank - 1] ?? 0;
    return wanted[index] === true ? tf.slice(slope, begin, input.shape) : null;
  });
}
