import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGraph } from '../../../src/engine/interpreter.ts';
import * as tf from '../../../src/engine/tf.ts';
import { differenceRatio, verifyFolding } from '../../../src/engine/verify.ts';
import { installWasmPaths } from '../../../src/engine/wasm-paths.ts';
import type { Activation, FoldedGraph, FoldedNode, Padding } from '../../../src/graph/folded-graph.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { tinyEntry } from '../../helpers/browser/engine.ts';

let state = 3;
/** Numbers between -1 and 1, the same on every run. */
function noise(length: number): Float32Array {
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

const weight = (shape: number[]) => ({ shape, values: noise(shape.reduce((a, b) => a * b, 1)) });

interface ConvCase {
  readonly title: string;
  readonly padding: Padding;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
}

const CONV_CASES: readonly ConvCase[] = [
  { title: 'same padding', padding: 'same', strides: [1, 1], dilations: [1, 1] },
  { title: 'same padding and stride 2', padding: 'same', strides: [2, 2], dilations: [1, 1] },
  {
    title: 'no padding',
    padding: [
      [0, 0],
      [0, 0],
    ],
    strides: [1, 1],
    dilations: [1, 1],
  },
  {
    title: 'uneven padding and stride 2',
    padding: [
      [0, 1],
      [2, 1],
    ],
    strides: [2, 2],
    dilations: [1, 1],
  },
  { title: 'dilation', padding: 'same', strides: [1, 1], dilations: [2, 2] },
];

const INPUT_SIDE = 9;

/** input -> node -> global average pooling; the input has 3 channels, the node's output `channels`. */
function graphOf(node: FoldedNode, channels: number): FoldedGraph {
  const nodes: FoldedNode[] = [
    { op: 'input', name: 'in', inputs: [], shape: [INPUT_SIDE, INPUT_SIDE, 3] },
    node,
    { op: 'globalAveragePool', name: 'out', inputs: [node.name], shape: [channels] },
  ];
  return { inputSide: INPUT_SIDE, pixels: '[0,1]', nodes, featureLength: channels };
}

/** The same convolution from plain parts: pad, convolve, add, clip. */
function plainConv(x: tf.Tensor4D, node: FoldedNode): tf.Tensor4D {
  if (node.op !== 'conv' && node.op !== 'depthwise') throw new Error('not a convolution');
  const kernel = tf.tensor4d(node.kernel.values, [...node.kernel.shape] as [number, number, number, number]);
  const strides = [...node.strides] as [number, number];
  const dilations = [...node.dilations] as [number, number];
  const pad = node.padding === 'same' ? 'same' : 'valid';
  const padded = node.padding === 'same' ? x : tf.pad(x, [[0, 0], [...node.padding[0]], [...node.padding[1]], [0, 0]]);
  const convolved =
    node.op === 'conv'
      ? tf.conv2d(padded, kernel, strides, pad, 'NHWC', dilations)
      : tf.depthwiseConv2d(padded, kernel, strides, pad, 'NHWC', dilations);
  return tf.clipByValue(tf.add(convolved, tf.tensor1d(node.bias.values)), 0, 6);
}

async function expectSame(graph: FoldedGraph, reference: (x: tf.Tensor4D) => tf.Tensor4D) {
  await expectSameVector(graph, (x) => tf.mean(reference(x), [1, 2]));
}

async function expectSameVector(graph: FoldedGraph, reference: (x: tf.Tensor4D) => tf.Tensor) {
  const x = tf.tensor4d(noise(2 * INPUT_SIDE * INPUT_SIDE * 3), [2, INPUT_SIDE, INPUT_SIDE, 3]);
  const before = tf.memory().numTensors;
  const running = startGraph(graph);
  const ours = running.run(x);
  const wanted = tf.tidy(() => reference(x));
  expect(ours.shape).toEqual(wanted.shape);
  const ratio = differenceRatio(await ours.data<'float32'>(), await wanted.data<'float32'>());
  expect(ratio).toBeLessThan(1e-5);
  tf.dispose([ours, wanted]);
  running.dispose();
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
}

beforeAll(() => installWasmPaths());

describe.each(['cpu', 'wasm'])('the interpreter on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  it.each(CONV_CASES)('convolves as the plain parts do: $title', async ({ padding, strides, dilations }) => {
    const common = { name: 'conv', inputs: ['in'], padding, strides, dilations, activation: 'relu6' } as const;
    const conv: FoldedNode = {
      ...common,
      op: 'conv',
      groups: 1,
      shape: [1, 1, 5],
      kernel: weight([3, 3, 3, 5]),
      bias: weight([5]),
    };
    await expectSame(graphOf(conv, 5), (x) => plainConv(x, conv));
    const depthwise: FoldedNode = {
      ...common,
      op: 'depthwise',
      shape: [1, 1, 3],
      kernel: weight([3, 3, 3, 1]),
      bias: weight([3]),
    };
    await expectSame(graphOf(depthwise, 3), (x) => plainConv(x, depthwise));
  });

  it('pools with explicit padding', async () => {
    const node = { name: 'pool', inputs: ['in'], shape: [1, 1, 3], size: [3, 3], strides: [2, 2] } as const;
    const maxPool: FoldedNode = { ...node, op: 'maxPool', padding: 'same' };
    await expectSame(graphOf(maxPool, 3), (x) => tf.maxPool(x, 3, 2, 'same'));
    const averagePool: FoldedNode = {
      ...node,
      op: 'averagePool',
      padding: [
        [0, 0],
        [0, 0],
      ],
    };
    await expectSame(graphOf(averagePool, 3), (x) => tf.avgPool(x, 3, 2, 'valid'));
  });

  it('scales by channel and pads', async () => {
    const affine: FoldedNode = {
      op: 'affine',
      name: 'affine',
      inputs: ['in'],
      shape: [INPUT_SIDE, INPUT_SIDE, 3],
      scale: { shape: [3], values: Float32Array.of(2, -1, 0.5) },
      offset: { shape: [3], values: Float32Array.of(0, 1, -0.25) },
      activation: 'relu',
    };
    await expectSame(graphOf(affine, 3), (x) => tf.relu(tf.add(tf.mul(x, [2, -1, 0.5]), [0, 1, -0.25])));
    const pad: FoldedNode = {
      op: 'pad',
      name: 'pad',
      inputs: ['in'],
      shape: [12, 10, 3],
      padding: [
        [1, 2],
        [0, 1],
      ],
    };
    await expectSame(graphOf(pad, 3), (x) =>
      tf.pad(x, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
    );
  });

  const MAP = [INPUT_SIDE, INPUT_SIDE, 3];
  const hardSigmoid = (x: tf.Tensor) => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1);
  const ACTIVATIONS: readonly [Activation, (x: tf.Tensor) => tf.Tensor][] = [
    ['linear', (x) => x],
    ['relu', (x) => tf.maximum(x, 0)],
    ['relu6', (x) => tf.clipByValue(x, 0, 6)],
    ['sigmoid', (x) => tf.div(1, tf.add(1, tf.exp(tf.neg(x))))],
    ['swish', (x) => tf.div(x, tf.add(1, tf.exp(tf.neg(x))))],
    ['hardSigmoid', hardSigmoid],
    ['hardSwish', (x) => tf.mul(x, hardSigmoid(x))],
  ];

  it.each(ACTIVATIONS)('bends values by %s, after an operation or alone', async (activation, reference) => {
    const scale = { shape: [3], values: Float32Array.of(9, -7, 5) };
    const offset = { shape: [3], values: Float32Array.of(0, 1, -2) };
    const affine: FoldedNode = { op: 'affine', name: 'a', inputs: ['in'], shape: MAP, scale, offset, activation };
    await expectSame(graphOf(affine, 3), (x) => reference(tf.add(tf.mul(x, [9, -7, 5]), [0, 1, -2])) as tf.Tensor4D);
    const alone: FoldedNode = { op: 'activation', name: 'a', inputs: ['in'], shape: MAP, activation };
    await expectSame(graphOf(alone, 3), (x) => reference(x) as tf.Tensor4D);
    const kernel = weight([3, 3, 3, 2]);
    const bias = weight([2]);
    const common = { strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;
    const conv: FoldedNode = {
      ...{ op: 'conv', name: 'c', inputs: ['in'], shape: [INPUT_SIDE, INPUT_SIDE, 2], groups: 1, kernel, bias },
      ...common,
      activation,
    };
    await expectSame(graphOf(conv, 2), (x) => {
      const filter = tf.tensor4d(kernel.values, [3, 3, 3, 2]);
      return reference(tf.add(tf.conv2d(x, filter, 1, 'same'), tf.tensor1d(bias.values))) as tf.Tensor4D;
    });
  });

  it('convolves in groups, each with its own channels', async () => {
    const kernel = weight([3, 3, 1, 6]);
    const bias = weight([6]);
    const conv: FoldedNode = {
      ...{ op: 'conv', name: 'grouped', inputs: ['in'], shape: [5, 5, 6], kernel, groups: 3, bias },
      ...{ strides: [2, 2], dilations: [1, 1], padding: 'same', activation: 'relu' },
    };
    await expectSame(graphOf(conv, 6), (x) => {
      const filter = tf.tensor4d(kernel.values, [3, 3, 1, 6]);
      const parts = [0, 1, 2].map((group) =>
        tf.conv2d(
          tf.slice(x, [0, 0, 0, group], [-1, -1, -1, 1]),
          tf.slice(filter, [0, 0, 0, group * 2], [-1, -1, -1, 2]),
          2,
          'same',
        ),
      );
      return tf.relu(tf.add(tf.concat(parts, 3), tf.tensor1d(bias.values)));
    });
  });

  it('gates a map by a vector of its own maximum and average, as a pixel or a vector', async () => {
    const kernel = weight([3, 3]);
    const bias = weight([3]);
    for (const isPixel of [true, false]) {
      const pooled = isPixel ? [1, 1, 3] : [3];
      const nodes: FoldedNode[] = [
        { op: 'input', name: 'in', inputs: [], shape: MAP },
        { op: 'globalAveragePool', name: 'mean', inputs: ['in'], shape: pooled },
        { op: 'globalMaxPool', name: 'most', inputs: ['in'], shape: pooled },
        { op: 'multiply', name: 'gate', inputs: ['mean', 'most'], shape: pooled, activation: 'sigmoid' },
        { op: 'multiply', name: 'gated', inputs: ['in', 'gate'], shape: MAP, activation: 'linear' },
        { op: 'flatten', name: 'flat', inputs: ['gated'], shape: [INPUT_SIDE * INPUT_SIDE * 3] },
        { op: 'globalAveragePool', name: 'out', inputs: ['gated'], shape: [3] },
        { op: 'dense', name: 'dense', inputs: ['out'], shape: [3], kernel, bias, activation: 'hardSwish' },
        { op: 'concat', name: 'all', inputs: ['flat', 'dense'], shape: [INPUT_SIDE * INPUT_SIDE * 3 + 3] },
      ];
      const graph: FoldedGraph = { inputSide: INPUT_SIDE, pixels: '[0,1]', nodes, featureLength: 246 };
      await expectSameVector(graph, (x) => {
        const gate = tf.sigmoid(tf.mul(tf.mean(x, [1, 2], true), tf.max(x, [1, 2], true)));
        const gated = tf.mul(x, gate);
        const sum = tf.add(
          tf.matMul(tf.mean(gated, [1, 2]), tf.tensor2d(kernel.values, [3, 3])),
          tf.tensor1d(bias.values),
        );
        return tf.concat([tf.reshape(gated, [2, -1]), tf.mul(sum, hardSigmoid(sum))], 1);
      });
    }
  });

  it('frees each value after its last use and not before, with branches that join again', async () => {
    const shape = [INPUT_SIDE, INPUT_SIDE, 3];
    const graph: FoldedGraph = {
      inputSide: INPUT_SIDE,
      pixels: '[0,1]',
      featureLength: 6,
      nodes: [
        { op: 'input', name: 'in', inputs: [], shape },
        { op: 'activation', name: 'same', inputs: ['in'], shape, activation: 'linear' },
        { op: 'activation', name: 'a', inputs: ['same'], shape, activation: 'relu' },
        { op: 'add', name: 'twice', inputs: ['a', 'a'], shape, activation: 'linear' },
        { op: 'add', name: 'b', inputs: ['twice', 'same'], shape, activation: 'relu6' },
        { op: 'concat', name: 'c', inputs: ['b', 'in'], shape: [INPUT_SIDE, INPUT_SIDE, 6] },
        { op: 'globalAveragePool', name: 'out', inputs: ['c'], shape: [6] },
      ],
    };
    await expectSame(graph, (x) => {
      const a = tf.relu(x);
      return tf.concat([tf.relu6(tf.add(tf.add(a, a), x)), x], 3);
    });
  });

  it('gives the features of a whole network that tfjs itself computes from the original', async () => {
    const { manifest, urls } = tinyEntry();
    const base = urls[0] ?? '';
    const model: unknown = await (await fetch(base)).json();
    const shards = await Promise.all(
      ['shard-1.bin', 'shard-2.bin'].map(async (name) => (await fetch(new URL(name, base))).arrayBuffer()),
    );
    const weightData = await new Blob(shards).arrayBuffer();
    const graph = readModel(model, weightData, manifest);
    expect(await verifyFolding(model, weightData, manifest, graph)).toBeLessThan(1e-5);
  });

  it('refuses a network whose features change', async () => {
    const { manifest, urls } = tinyEntry();
    const base = urls[0] ?? '';
    const model: unknown = await (await fetch(base)).json();
    const shards = await Promise.all(
      ['shard-1.bin', 'shard-2.bin'].map(async (name) => (await fetch(new URL(name, base))).arrayBuffer()),
    );
    const weightData = await new Blob(shards).arrayBuffer();
    const graph = readModel(model, weightData, manifest);
    const conv = graph.nodes.find((node) => node.op === 'conv');
    if (conv?.op === 'conv') conv.bias.values[0] = (conv.bias.values[0] ?? 0) + 0.5;
    await expect(verifyFolding(model, weightData, manifest, graph)).rejects.toMatchObject({ code: 'folding-failed' });
  });
});

describe('the difference of two features', () => {
  it('is relative to the largest reference value, and infinite where numbers are missing', () => {
    expect(differenceRatio(Float32Array.of(1, 4), Float32Array.of(1, 5))).toBeCloseTo(0.2);
    expect(differenceRatio(Float32Array.of(0), Float32Array.of(0))).toBe(0);
    expect(differenceRatio(Float32Array.of(1), Float32Array.of(0))).toBe(Number.POSITIVE_INFINITY);
    expect(differenceRatio(Float32Array.of(Number.NaN), Float32Array.of(1))).toBe(Number.POSITIVE_INFINITY);
    expect(differenceRatio(Float32Array.of(1), Float32Array.of(1, 2))).toBe(Number.POSITIVE_INFINITY);
  });
});
