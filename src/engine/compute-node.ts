import type { Activation, FoldedNode, Padding, Weight } from '../graph/folded-graph.ts';
import * as tf from './tf.ts';

type Pool = Extract<FoldedNode, { op: 'maxPool' | 'averagePool' }>;
type Filter = Extract<FoldedNode, { op: 'conv' | 'depthwise' }>;
type ExplicitPad = [[number, number], [number, number], [number, number], [number, number]];

/** Weights of one node on the device, in pairs: kernel and bias (a pair for each group), or scale and offset. */
export type NodeWeights = readonly tf.Tensor[];

function upload({ values, shape }: Weight): tf.Tensor {
  return tf.tensor(values, [...shape], 'float32');
}

/** Puts a node's weights on the device; the caller disposes of them. Empty where a node has none. */
export function uploadWeights(node: FoldedNode): NodeWeights {
  if (node.op === 'conv' && node.groups > 1) return tf.tidy(() => uploadGroups(node));
  if ('kernel' in node) return [upload(node.kernel), upload(node.bias)];
  if (node.op === 'affine') return [upload(node.scale), upload(node.offset)];
  return [];
}

function uploadGroups(node: Extract<FoldedNode, { op: 'conv' }>): tf.Tensor[] {
  const kernels = tf.split(upload(node.kernel), node.groups, 3);
  const biases = tf.split(upload(node.bias), node.groups);
  return kernels.flatMap((kernel, group) => [kernel, required(biases[group], node)]);
}

function padOf(padding: Padding): 'same' | ExplicitPad {
  if (padding === 'same') return 'same';
  const [[top, bottom], [left, right]] = padding;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** What an activation makes of every value; the value itself where it is linear. */
export function activate<T extends tf.Tensor>(x: T, activation: Activation): T {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'hardSigmoid':
      return hardSigmoid(x);
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'hardSwish':
      return tf.mul(x, hardSigmoid(x));
    default:
      activation satisfies never;
      throw new Error('Unknown activation');
  }
}

function hardSigmoid<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6);
}

/** Activations every backend computes inside its convolution; the others follow it. */
function isFused(activation: Activation): activation is 'linear' | 'relu' | 'relu6' {
  return activation === 'linear' || activation === 'relu' || activation === 'relu6';
}

function filter(node: Filter, x: tf.Tensor4D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor4D {
  const common = {
    x,
    filter: kernel as tf.Tensor4D,
    bias,
    strides: [...node.strides] as [number, number],
    dilations: [...node.dilations] as [number, number],
    activation: isFused(node.activation) ? node.activation : 'linear',
  } as const;
  const pad = padOf(node.padding);
  const filtered =
    node.op === 'conv'
      ? tf.fused.conv2d({ ...common, pad })
      : // The types leave explicit padding out for depthwise convolutions; all four backends compute it.
        tf.fused.depthwiseConv2d({ ...common, pad: pad as 'same' });
  return isFused(node.activation) ? filtered : activate(filtered, node.activation);
}

/** No backend of tfjs knows groups: each is a convolution of its own. */
function filterGroups(node: Filter, x: tf.Tensor4D, weights: NodeWeights): tf.Tensor4D {
  const parts = tf.split<tf.Tensor4D>(x, weights.length / 2, 3);
  const outputs = parts.map((part, group) =>
    filter(node, part, required(weights[group * 2], node), required(weights[group * 2 + 1], node)),
  );
  return tf.concat(outputs, 3);
}

function dense(node: Extract<FoldedNode, { op: 'dense' }>, x: tf.Tensor, weights: NodeWeights): tf.Tensor {
  const [kernel, bias] = weights;
  const sum = tf.add(tf.matMul(x as tf.Tensor2D, required(kernel, node) as tf.Tensor2D), required(bias, node));
  return activate(sum, node.activation);
}

function pool(node: Pool, x: tf.Tensor4D): tf.Tensor4D {
  const operation = node.op === 'maxPool' ? tf.maxPool : tf.avgPool;
  return operation(x, [...node.size] as [number, number], [...node.strides] as [number, number], padOf(node.padding));
}

/** [batch, channels] as [batch, 1, 1, channels] where it meets an image. */
function alignRank(y: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return x.rank === 4 && y.rank === 2 ? tf.reshape(y, [y.shape[0], 1, 1, y.shape[1] ?? 0]) : y;
}

function required<T>(value: T | null | undefined, node: FoldedNode): T {
  if (value === null || value === undefined) throw new Error(`Node ${node.name} is incomplete`);
  return value;
}

/**
 * Computes one node.
 *
 * @param inputs [batch, height, width, channels] or [batch, length], as the nodes before say. Borrowed.
 * @returns a tensor of its own, even where nothing changes.
 */
export function computeNode(node: FoldedNode, inputs: readonly tf.Tensor[], weights: NodeWeights): tf.Tensor {
  const x = required(inputs[0], node) as tf.Tensor4D;
  switch (node.op) {
    case 'input':
      return tf.clone(x);
    case 'conv':
    case 'depthwise':
      return weights.length > 2
        ? filterGroups(node, x, weights)
        : filter(node, x, required(weights[0], node), required(weights[1], node));
    case 'affine':
      return activate(tf.add(tf.mul(x, required(weights[0], node)), required(weights[1], node)), node.activation);
    case 'dense':
      return dense(node, x, weights);
    case 'add':
      return activate(tf.add(x, required(inputs[1], node)), node.activation);
    case 'multiply':
      return activate(tf.mul(x, alignRank(required(inputs[1], node), x)), node.activation);
    case 'concat':
      return tf.concat([...inputs], x.rank - 1);
    case 'activation':
      return node.activation === 'linear' ? tf.clone(x) : activate(x, node.activation);
    case 'pad':
      return tf.pad(x, [[0, 0], [...node.padding[0]], [...node.padding[1]], [0, 0]]);
    case 'maxPool':
    case 'averagePool':
      return pool(node, x);
    case 'globalAveragePool':
      return tf.mean(x, [1, 2], node.shape.length === 3);
    case 'globalMaxPool':
      return tf.max(x, [1, 2], node.shape.length === 3);
    case 'flatten':
      return tf.reshape(x, [x.shape[0], -1]);
    default:
      node satisfies never;
      throw new Error('Unknown node');
  }
}
