import type { FoldedNode } from '../../graph/folded-graph.ts';
import type { NodeWeights } from '../compute-node.ts';
import * as tf from '../tf.ts';
import { runOwnKernel } from './kernels/own-kernel.ts';
import { forTurnedFilter, padded, positionsOf, seenFrom, type Window, windowOver } from './window.ts';

type Filter = Extract<FoldedNode, { op: 'conv' | 'depthwise' }>;

/** Slopes of one node: of its inputs (null where not asked for) and of its weights, in the order of `NodeWeights`. */
export interface NodeSlopes {
  readonly inputs: readonly (tf.Tensor | null)[];
  readonly weights: readonly tf.Tensor[];
}

/**
 * Sums rows: [rows, channels] to [channels]. A product where there is no kernel of ours: sums along the first axis would
 * transpose first.
 */
export function sumOfRows(rows: tf.Tensor2D): tf.Tensor1D {
  const [sum] = runOwnKernel('GraftRowSums', { rows }) ?? [];
  if (sum !== undefined) return sum as tf.Tensor1D;
  return tf.reshape(tf.matMul(tf.ones<tf.Rank.R2>([1, rows.shape[0]]), rows), [rows.shape[1]]);
}

/** Every value of a channel in one column: [..., channels] to [rest, channels]. */
export function asRows(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[x.rank - 1] ?? 1]);
}

function windowOf(node: Filter, x: tf.Tensor4D): Window {
  const [tall = 1, wide = 1] = node.kernel.shape;
  return windowOver(x, { ...node, size: [tall, wide] });
}

function isPointwise({ size, strides, padding }: Window): boolean {
  return [...size, ...strides].every((one) => one === 1) && padding.flat().every((edge) => edge === 0);
}

/**
 * A convolution: the kernel's slope is, for each of its positions, what that position saw, transposed, times the slope of
 * the outputs; the inputs' slope is a convolution of the outputs' slope with the kernel turned by half a circle.
 */
export function convSlopes(
  node: Extract<FoldedNode, { op: 'conv' }>,
  x: tf.Tensor4D,
  weights: NodeWeights,
  slope: tf.Tensor4D,
  wantsInput: boolean,
): NodeSlopes {
  const window = windowOf(node, x);
  if (weights.length <= 2) {
    const [kernel] = weights as readonly tf.Tensor4D[];
    if (kernel === undefined) throw new Error(`Node ${node.name} is incomplete`);
    const part = oneConv(x, kernel, slope, window, wantsInput);
    return { inputs: [part.input], weights: [part.kernel, part.bias] };
  }
  const groupCount = weights.length / 2;
  const inputs = tf.split<tf.Tensor4D>(x, groupCount, 3);
  const slopes = tf.split<tf.Tensor4D>(slope, groupCount, 3);
  const parts = inputs.map((input, group) =>
    oneConv(input, weights[group * 2] as tf.Tensor4D, slopes[group] as tf.Tensor4D, window, wantsInput),
  );
  const input = wantsInput
    ? tf.concat(
        parts.flatMap((part) => part.input ?? []),
        3,
      )
    : null;
  return { inputs: [input], weights: parts.flatMap(({ kernel, bias }) => [kernel, bias]) };
}

function oneConv(x: tf.Tensor4D, kernel: tf.Tensor4D, slope: tf.Tensor4D, window: Window, wantsInput: boolean) {
  const rows = asRows(slope);
  const around = padded(x, window);
  const kernelSlopes = positionsOf(window).map((position) =>
    // What was seen is transposed first: on wasm a product with the transposing flag is ten times as slow.
    tf.tidy(() => tf.matMul(tf.transpose(asRows(seenFrom(around, window, position))), rows)),
  );
  return {
    kernel: tf.reshape(tf.stack(kernelSlopes), kernel.shape),
    bias: sumOfRows(rows),
    input: wantsInput ? convInputSlope(x, kernel, slope, window) : null,
  };
}

function convInputSlope(x: tf.Tensor4D, kernel: tf.Tensor4D, slope: tf.Tensor4D, window: Window): tf.Tensor4D {
  if (isPointwise(window)) {
    const [, , inCount, outCount] = kernel.shape;
    const turned = tf.transpose(tf.reshape(kernel, [inCount, outCount]));
    return tf.reshape(tf.matMul(asRows(slope), turned), x.shape);
  }
  const turned = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]);
  const dilations: [number, number] = [...window.dilations];
  return tf.conv2d(forTurnedFilter(slope, window), turned, 1, 'valid', 'NHWC', dilations);
}

/**
 * A depthwise convolution: the kernel's slope is, for each of its positions, what that position saw times the slope of
 * the outputs, summed by channel; the inputs' slope is a depthwise convolution with the kernel turned by half a circle.
 */
export function depthwiseSlopes(
  node: Extract<FoldedNode, { op: 'depthwise' }>,
  x: tf.Tensor4D,
  [kernel]: NodeWeights,
  slope: tf.Tensor4D,
  wantsInput: boolean,
): NodeSlopes {
  if (kernel === undefined) throw new Error(`Node ${node.name} is incomplete`);
  const window = windowOf(node, x);
  const own =
    kernel.shape[3] === 1 ? runOwnKernel('GraftDepthwiseSlopes', { x, kernel, slope }, { window, wantsInput }) : null;
  if (own !== null) return { inputs: [own[2] ?? null], weights: own.slice(0, 2) };
  return depthwiseProducts(kernel as tf.Tensor4D, x, slope, window, wantsInput);
}

function depthwiseProducts(
  kernel: tf.Tensor4D,
  x: tf.Tensor4D,
  slope: tf.Tensor4D,
  window: Window,
  wantsInput: boolean,
): NodeSlopes {
  const [tall, wide, channels, multiplier] = kernel.shape;
  const around = padded(x, window);
  // Output channel c * multiplier + m looks at input channel c: each m is a depthwise convolution of its own.
  const parts = Array.from({ length: multiplier }, (_, m) => everyNth(slope, multiplier, m));
  const kernelSlopes = positionsOf(window).map((position) =>
    tf.tidy(() => {
      const seen = seenFrom(around, window, position);
      return tf.stack(
        parts.map((part) => sumOfRows(asRows(tf.mul(seen, part)))),
        1,
      );
    }),
  );
  const input = wantsInput
    ? tf.addN(
        parts.map((part, m) => {
          const filter = tf.slice(kernel, [0, 0, 0, m], [tall, wide, channels, 1]);
          const dilations: [number, number] = [...window.dilations];
          const turned = tf.reverse(filter, [0, 1]);
          return tf.depthwiseConv2d(forTurnedFilter(part, window), turned, 1, 'valid', 'NHWC', dilations);
        }),
      )
    : null;
  return {
    inputs: [input],
    weights: [tf.reshape(tf.stack(kernelSlopes), [tall, wide, channels, multiplier]), sumOfRows(asRows(slope))],
  };
}

function everyNth(x: tf.Tensor4D, count: number, first: number): tf.Tensor4D {
  if (count === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const apart = tf.reshape(x, [batch * height * width, channels / count, count]);
  const one = tf.slice(apart, [0, 0, first], [batch * height * width, channels / count, 1]);
  return tf.reshape(one, [batch, height, width, channels / count]);
}
