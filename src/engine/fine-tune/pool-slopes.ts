import type { FoldedNode } from '../../graph/folded-graph.ts';
import * as tf from '../tf.ts';
import { givenBack, padded, positionsOf, seenFrom, type Window, windowOver } from './window.ts';

type Pool = Extract<FoldedNode, { op: 'maxPool' | 'averagePool' }>;

function windowOf(node: Pool, x: tf.Tensor4D): Window {
  return windowOver(x, { ...node, dilations: [1, 1] });
}

/** Below every value a network computes; infinity would turn into NaN when multiplied with zero. */
const LOWEST = -3e38;

/** The slope goes to where the maximum was found: the first place in reading order, where several hold it. */
export function maxPoolSlope(node: Pool, x: tf.Tensor4D, output: tf.Tensor4D, slope: tf.Tensor4D): tf.Tensor4D {
  const window = windowOf(node, x);
  const around = padded(x, window, LOWEST);
  let left = slope;
  let sum: tf.Tensor4D | null = null;
  for (const position of positionsOf(window)) {
    const isMaximum = tf.cast(tf.equal(seenFrom(around, window, position), output), 'float32');
    const taken = tf.mul<tf.Tensor4D>(left, isMaximum);
    left = tf.sub(left, taken);
    const given = givenBack(taken, window, position);
    sum = sum === null ? given : tf.add<tf.Tensor4D>(sum, given);
  }
  if (sum === null) throw new Error(`Node ${node.name} is incomplete`);
  return sum;
}

/** Every value that was averaged gets its share; padding was left out of the average. */
export function averagePoolSlope(node: Pool, x: tf.Tensor4D, slope: tf.Tensor4D): tf.Tensor4D {
  const window = windowOf(node, x);
  const share = tf.div<tf.Tensor4D>(slope, valuesSeen(window));
  return tf.addN(positionsOf(window).map((position) => givenBack(share, window, position)));
}

/** How many values, padding left out, each output was made of: [1, output height, output width, 1]. */
function valuesSeen({ size, strides, padding, input, output }: Window): tf.Tensor4D {
  const counts = ([0, 1] as const).map((axis) =>
    Array.from({ length: output[axis] }, (_, at) => {
      const start = at * strides[axis] - padding[axis][0];
      return Math.min(start + size[axis], input[axis]) - Math.max(start, 0);
    }),
  );
  const [down = [], across = []] = counts;
  const values = down.flatMap((tall) => across.map((wide) => tall * wide));
  return tf.tensor4d(values, [1, output[0], output[1], 1]);
}

/** The same share for every place. @param slope [batch, channels] or [batch, 1, 1, channels]. */
export function globalAverageSlope(x: tf.Tensor4D, slope: tf.Tensor): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const share = tf.mul<tf.Tensor4D>(tf.reshape(slope, [batch, 1, 1, channels]), 1 / (height * width));
  return tf.mul(tf.ones<tf.Rank.R4>([1, height, width, 1]), share);
}

/** Places that share the maximum share the slope. @param slope [batch, channels] or [batch, 1, 1, channels]. */
export function globalMaxSlope(x: tf.Tensor4D, output: tf.Tensor, slope: tf.Tensor): tf.Tensor4D {
  const [batch, , , channels] = x.shape;
  const isMaximum = tf.cast<tf.Tensor4D>(tf.equal(x, tf.reshape(output, [batch, 1, 1, channels])), 'float32');
  const count = tf.sum(isMaximum, [1, 2], true);
  return tf.mul(isMaximum, tf.div(tf.reshape(slope, [batch, 1, 1, channels]), count));
}
