import type { Activation } from '../../graph/folded-graph.ts';
import * as tf from '../tf.ts';
import { runOwnKernel } from './kernels/own-kernel.ts';

/** Activations whose slope needs the value before them; that of the others follows from the value after them. */
export function needsValueBefore(activation: Activation): boolean {
  return activation === 'swish' || activation === 'hardSwish';
}

/**
 * Slope of a loss before an activation, from that after it.
 * @param value after the activation, or before it where `needsValueBefore`.
 */
export function slopeBefore(activation: Activation, slope: tf.Tensor, value: tf.Tensor): tf.Tensor {
  switch (activation) {
    case 'linear':
      return slope;
    case 'relu':
      return slopeInside(slope, value, 0, Number.POSITIVE_INFINITY);
    case 'relu6':
      return slopeInside(slope, value, 0, 6);
    case 'sigmoid':
      return tf.mul(slope, tf.mul(value, tf.sub(1, value)));
    case 'hardSigmoid':
      return tf.mul(slopeInside(slope, value, 0, 1), 1 / 6);
    case 'swish': {
      const gate = tf.sigmoid(value);
      return tf.mul(slope, tf.mul(gate, tf.add(1, tf.mul(value, tf.sub(1, gate)))));
    }
    case 'hardSwish': {
      // x (x + 3) / 6 between -3 and 3, x above, 0 below.
      const curved = tf.mul(inside(value, -3, 3), tf.add(tf.mul(value, 1 / 3), 0.5));
      return tf.mul(slope, tf.add(curved, tf.cast(tf.greaterEqual(value, 3), 'float32')));
    }
    default:
      activation satisfies never;
      throw new Error('Unknown activation');
  }
}

/** The slope where `low` < value < `high`, 0 elsewhere. */
function slopeInside(slope: tf.Tensor, value: tf.Tensor, low: number, high: number): tf.Tensor {
  const [own] = runOwnKernel('GraftSlopeInside', { slope, value }, { low, high }) ?? [];
  return own ?? tf.mul(slope, inside(value, low, high));
}

/** 1 where `low` < value < `high`, 0 elsewhere. */
function inside(value: tf.Tensor, low: number, high: number): tf.Tensor {
  const above = tf.step(low === 0 ? value : tf.sub(value, low));
  return high === Number.POSITIVE_INFINITY ? above : tf.mul(above, tf.step(tf.sub(high, value)));
}
