import type { Activation, FoldedGraph, FoldedNode, Padding, Weight } from '../graph/folded-graph.ts';
import * as tf from './tf.ts';

type Pool = Extract<FoldedNode, { op: 'maxPool' | 'averagePool' }>;
type Conv = Extract<FoldedNode, { op: 'conv' | 'depthwise' }>;
type ExplicitPad = [[number, number], [number, number], [number, number], [number, number]];

/** A folded graph whose weights are on the device. */
export interface RunningGraph {
  /**
   * @param input float32 [batch, side, side, 3], scaled as the graph's `pixels` say. Borrowed.
   * @returns float32 [batch, featureLength]. Owned by the caller. Synchronous: on a GPU only the commands are written.
   */
  run(input: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/** Weights of one node on the device: kernel and bias, or scale and offset. */
type NodeWeights = readonly [tf.Tensor, tf.Tensor];

function upload({ values, shape }: Weight): tf.Tensor {
  return tf.tensor(values, [...shape], 'float32');
}

function uploadWeights(node: FoldedNode): NodeWeights | null {
  if (node.op === 'conv' || node.op === 'depthwise') return [upload(node.kernel), upload(node.bias)];
  if (node.op === 'affine') return [upload(node.scale), upload(node.offset)];
  return null;
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

function activate(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  if (activation === 'relu') return tf.relu(x);
  return activation === 'relu6' ? tf.relu6(x) : x;
}

function convolve(node: Conv, x: tf.Tensor4D, [kernel, bias]: NodeWeights): tf.Tensor4D {
  const common = {
    x,
    filter: kernel as tf.Tensor4D,
    bias,
    strides: [...node.strides] as [number, number],
    dilations: [...node.dilations] as [number, number],
    activation: node.activation,
  };
  const pad = padOf(node.padding);
  if (node.op === 'conv') return tf.fused.conv2d({ ...common, pad });
  // The types leave explicit padding out for depthwise convolutions; all four backends compute it.
  return tf.fused.depthwiseConv2d({ ...common, pad: pad as 'same' });
}

function pool(node: Pool, x: tf.Tensor4D): tf.Tensor4D {
  const operation = node.op === 'maxPool' ? tf.maxPool : tf.avgPool;
  return operation(x, [...node.size] as [number, number], [...node.strides] as [number, number], padOf(node.padding));
}

/** Computes one node; `inputs` are rank 4 except after global pooling, which ends a graph. */
function compute(node: FoldedNode, inputs: readonly tf.Tensor4D[], weights: NodeWeights | null): tf.Tensor {
  const [x, y] = inputs;
  if (x === undefined) throw new Error(`Node ${node.name} has no input`);
  switch (node.op) {
    case 'input':
      return tf.clone(x);
    case 'conv':
    case 'depthwise':
      return convolve(node, x, required(weights, node));
    case 'affine': {
      const [scale, offset] = required(weights, node);
      return activate(tf.add(tf.mul(x, scale), offset), node.activation);
    }
    case 'add':
      return activate(tf.add(x, required(y, node)), node.activation);
    case 'concat':
      return tf.concat([...inputs], 3);
    case 'activation':
      // Every node owns its value, so an activation that changes nothing still needs a tensor of its own.
      return node.activation === 'linear' ? tf.clone(x) : activate(x, node.activation);
    case 'pad':
      return tf.pad(x, [[0, 0], [...node.padding[0]], [...node.padding[1]], [0, 0]]);
    case 'maxPool':
    case 'averagePool':
      return pool(node, x);
    case 'globalAveragePool':
      return tf.mean(x, [1, 2]);
    default:
      node satisfies never;
      throw new Error('Unknown node');
  }
}

function required<T>(value: T | null | undefined, node: FoldedNode): T {
  if (value === null || value === undefined) throw new Error(`Node ${node.name} is incomplete`);
  return value;
}

/** For every node the inputs nobody needs after it, so that activations are freed as early as they can be. */
function lastUses(nodes: readonly FoldedNode[]): string[][] {
  const seen = new Set<string>();
  const uses: string[][] = nodes.map(() => []);
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    for (const input of new Set(nodes[index]?.inputs)) {
      if (!seen.has(input)) uses[index]?.push(input);
      seen.add(input);
    }
  }
  return uses;
}

/**
 * Puts the weights of a folded graph on the device, once, and runs it with fused operations.
 * Bias and activation happen inside the convolution kernels, which is what makes folding worth while.
 */
export function startGraph(graph: FoldedGraph): RunningGraph {
  const weights = new Map(graph.nodes.map((node) => [node.name, uploadWeights(node)]));
  const freed = lastUses(graph.nodes);

  function run(input: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      const values = new Map<string, tf.Tensor>();
      let last: tf.Tensor = input;
      graph.nodes.forEach((node, index) => {
        const inputs = node.op === 'input' ? [input] : node.inputs.map((name) => values.get(name) as tf.Tensor4D);
        last = compute(node, inputs, weights.get(node.name) ?? null);
        values.set(node.name, last);
        for (const name of freed[index] ?? []) values.get(name)?.dispose();
      });
      return last as tf.Tensor2D;
    });
  }

  function dispose(): void {
    for (const pair of weights.values()) for (const tensor of pair ?? []) tensor.dispose();
    weights.clear();
  }

  return { run, dispose };
}
