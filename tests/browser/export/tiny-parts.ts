import * as tf from '@tensorflow/tfjs';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { randomStream } from '../../../src/domain/random.ts';
import type { FoldedGraph, Weight } from '../../../src/graph/folded-graph.ts';

export const SIDE = 32;
export const FEATURE_LENGTH = 6;

/** Numbers from -1 to 1 that are the same in every run. */
function numbers(count: number, name: string): Float32Array {
  const stream = randomStream(7, name);
  return Float32Array.from({ length: count }, () => stream.uniform() * 2 - 1);
}

function weight(name: string, ...shape: readonly number[]): Weight {
  return {
    shape,
    values: numbers(
      shape.reduce((product, length) => product * length, 1),
      name,
    ),
  };
}

const CONV = { kernel: weight('conv', 3, 3, 3, 4), bias: weight('conv bias', 4) };
const DEPTHWISE = { kernel: weight('depthwise', 3, 3, 4, 1), bias: weight('depthwise bias', 4) };
const LAST = { kernel: weight('last', 1, 1, 4, FEATURE_LENGTH), bias: weight('last bias', FEATURE_LENGTH) };
const PLAIN = { strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;

/** Three convolutions and a pooling with random weights, on squares of 32 px. */
export const TINY_GRAPH: FoldedGraph = {
  inputSide: SIDE,
  pixels: 'imagenet',
  featureLength: FEATURE_LENGTH,
  nodes: [
    { op: 'input', name: 'image', inputs: [], shape: [SIDE, SIDE, 3] },
    {
      op: 'conv',
      groups: 1,
      name: 'conv',
      inputs: ['image'],
      shape: [16, 16, 4],
      ...CONV,
      ...PLAIN,
      strides: [2, 2],
      activation: 'relu6',
    },
    {
      op: 'depthwise',
      name: 'depthwise',
      inputs: ['conv'],
      shape: [16, 16, 4],
      ...DEPTHWISE,
      ...PLAIN,
      activation: 'relu',
    },
    {
      op: 'conv',
      groups: 1,
      name: 'last',
      inputs: ['depthwise'],
      shape: [16, 16, FEATURE_LENGTH],
      ...LAST,
      ...PLAIN,
      activation: 'linear',
    },
    { op: 'globalAveragePool', name: 'feature', inputs: ['last'], shape: [FEATURE_LENGTH] },
  ],
};

export const TINY_HEAD: HeadWeights = {
  layers: [
    {
      kernel: numbers(FEATURE_LENGTH * 5, 'hidden'),
      bias: numbers(5, 'hidden bias'),
      inputLength: FEATURE_LENGTH,
      outputLength: 5,
      activation: 'relu',
    },
    {
      kernel: numbers(5 * 3, 'top'),
      bias: numbers(3, 'top bias'),
      inputLength: 5,
      outputLength: 3,
      activation: 'softmax',
    },
  ],
};

/** Probabilities of the tiny network by tensor operations alone, from the same numbers but none of the writing code. */
export async function referenceProbabilities(pixels: Uint8Array): Promise<Float32Array> {
  const output = tf.tidy(() => {
    const bytes = tf.tensor4d(Float32Array.from(pixels), [1, SIDE, SIDE, 3]);
    const scaled: tf.Tensor4D = bytes.div(255).sub([0.485, 0.456, 0.406]).div([0.229, 0.224, 0.225]);
    const sums = tf.conv2d(scaled, tf.tensor4d(CONV.kernel.values, [3, 3, 3, 4]), 2, 'same').add(CONV.bias.values);
    const conv = tf.minimum<tf.Tensor4D>(sums.relu(), 6);
    const depthwise: tf.Tensor4D = tf
      .depthwiseConv2d(conv, tf.tensor4d(DEPTHWISE.kernel.values, [3, 3, 4, 1]), 1, 'same')
      .add(DEPTHWISE.bias.values)
      .relu();
    const last = tf
      .conv2d(depthwise, tf.tensor4d(LAST.kernel.values, [1, 1, 4, FEATURE_LENGTH]), 1, 'same')
      .add(LAST.bias.values);
    return headProbabilities(last.mean([1, 2]));
  });
  const values = await output.data<'float32'>();
  output.dispose();
  return values;
}

/** The head by tensor operations. @param features float32 [batch, FEATURE_LENGTH]. */
export function headProbabilities(features: tf.Tensor): tf.Tensor {
  return TINY_HEAD.layers.reduce((input, { kernel, bias, inputLength, outputLength, activation }) => {
    const sums = tf.matMul(input, tf.tensor2d(kernel, [inputLength, outputLength])).add(tf.tensor1d(bias));
    return activation === 'relu' ? sums.relu() : tf.softmax(sums);
  }, features);
}
