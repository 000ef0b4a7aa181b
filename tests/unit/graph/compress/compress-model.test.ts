import { beforeAll, describe, expect, it } from 'vitest';
import { type Compression, WEIGHT_ENCODINGS } from '../../../../src/domain/compression.ts';
import type { HeadWeights } from '../../../../src/domain/head.ts';
import type { LayerInputs } from '../../../../src/domain/layer-inputs.ts';
import { startGraph } from '../../../../src/engine/interpreter.ts';
import { compressModel } from '../../../../src/graph/compress-model.ts';
import type { FoldedGraph, FoldedNode, Weight } from '../../../../src/graph/folded-graph.ts';
import { writeLayersModel } from '../../../../src/graph/write-layers-model.ts';
import {
  features,
  loadLayers,
  seededImages,
  seededValues,
  seededWeight,
  startReference,
  tf,
} from '../support/tfjs-reference.ts';

beforeAll(startReference);

const SIDE = 10;
const PLAIN = { dilations: [1, 1], padding: 'same', activation: 'relu6' } as const;

/** One of every layer that has a kernel; the channels of the first differ in size by a factor of 1,000. */
const NODES: readonly FoldedNode[] = [
  { op: 'input', name: 'image', inputs: [], shape: [SIDE, SIDE, 3] },
  {
    ...{ op: 'conv', groups: 1, name: 'conv', inputs: ['image'], shape: [5, 5, 4], strides: [2, 2], ...PLAIN },
    ...{ kernel: unequal(seededWeight([3, 3, 3, 4], 1)), bias: seededWeight([4], 2) },
  },
  {
    ...{ op: 'depthwise', name: 'deep', inputs: ['conv'], shape: [5, 5, 8], strides: [1, 1], ...PLAIN },
    ...{ kernel: seededWeight([3, 3, 4, 2], 3), bias: seededWeight([8], 4) },
  },
  { op: 'globalAveragePool', name: 'pool', inputs: ['deep'], shape: [8] },
  {
    ...{ op: 'dense', name: 'dense', inputs: ['pool'], shape: [6], activation: 'hardSwish' },
    ...{ kernel: seededWeight([8, 6], 5), bias: seededWeight([6], 6) },
  },
];
const GRAPH: FoldedGraph = { inputSide: SIDE, pixels: 'teachable-machine', nodes: NODES, featureLength: 6 };
const HEAD: HeadWeights = {
  layers: [
    { kernel: seededValues(30, 7), bias: seededValues(5, 8), inputLength: 6, outputLength: 5, activation: 'relu' },
    { kernel: seededValues(15, 9), bias: seededValues(3, 10), inputLength: 5, outputLength: 3, activation: 'softmax' },
  ],
};
const MODEL = { graph: GRAPH, head: HEAD };

function unequal({ shape, values }: Weight) {
  return { shape, values: values.map((value, index) => value * 10 ** -(index % 4)) };
}

/** Probabilities by the engine's interpreter, from the numbers the compressed model says it has. */
function interpreted({ graph, head }: typeof MODEL, images: tf.Tensor4D): Float32Array {
  const running = startGraph(graph);
  const output = tf.tidy(() =>
    head.layers.reduce((x, { kernel, bias, inputLength, outputLength, activation }) => {
      const sum = x.matMul(tf.tensor2d(kernel, [inputLength, outputLength])).add<tf.Tensor2D>(tf.tensor1d(bias));
      if (activation === 'linear') return sum;
      return activation === 'relu' ? sum.relu() : tf.softmax(sum);
    }, running.run(images)),
  );
  const values = output.dataSync<'float32'>().slice();
  output.dispose();
  running.dispose();
  return values;
}

const write = ({ graph, head }: typeof MODEL) => writeLayersModel(graph, { head, pixelInput: 'graph' });

const far = (one: Float32Array, other: Float32Array) =>
  Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))));

describe('a compressed model', () => {
  for (const encoding of WEIGHT_ENCODINGS) {
    it.each([0, 0.5])(
      `in ${encoding} with %f pruned gives in plain TensorFlow.js what its numbers give here`,
      async (prunedRatio) => {
        const images = seededImages(SIDE, 4);
        const compressed = compressModel(MODEL, { encoding, prunedRatio }, null);
        const model = await loadLayers(write(compressed));
        expect(far(features(model, images), interpreted(compressed, images))).toBeLessThan(1e-6);
        images.dispose();
      },
    );
  }

  it('answers nearly as before', () => {
    const images = seededImages(SIDE, 4);
    const before = interpreted(MODEL, images);
    const off = (encoding: Compression['encoding']) =>
      far(before, interpreted(compressModel(MODEL, { encoding, prunedRatio: 0 }, null), images));
    expect(off('float32')).toBe(0);
    expect(off('float16')).toBeLessThan(1e-3);
    expect(off('uint8-per-channel')).toBeLessThan(0.01);
    expect(off('uint8')).toBeLessThan(0.01);
    images.dispose();
  });

  it('is per channel within a 255th of the largest weight of each channel, however small that is', () => {
    const { nodes } = compressModel(MODEL, { encoding: 'uint8-per-channel', prunedRatio: 0 }, null).graph;
    const [steps, affine, conv] = [nodes[1], nodes[2], NODES[1]];
    if (steps?.op !== 'conv' || affine?.op !== 'affine' || conv?.op !== 'conv') throw new Error('other nodes');
    const largest = [0, 1, 2, 3].map((channel) =>
      Math.max(...conv.kernel.values.filter((_, index) => index % 4 === channel).map(Math.abs)),
    );
    expect([...affine.scale.values]).toEqual(largest);
    conv.kernel.values.forEach((value, index) => {
      const found = (steps.kernel.values[index] ?? Number.NaN) * (affine.scale.values[index % 4] ?? Number.NaN);
      expect(Math.abs(found - value)).toBeLessThan(((largest[index % 4] ?? 0) / 255) * 1.001);
    });
  });

  it.each(WEIGHT_ENCODINGS)('in %s leaves neighbours their votes, and prunes none of them', async (encoding) => {
    const [near, say] = HEAD.layers;
    if (near === undefined || say === undefined) throw new Error('no layers');
    const votes = say.kernel.map((_, index) => (index % 3 === Math.floor(index / 3) % 3 ? 1 : 0));
    const layers = [
      { ...near, activation: 'softmax' as const },
      { ...say, kernel: votes, bias: new Float32Array(3), activation: 'linear' as const },
    ];
    const compressed = compressModel({ graph: GRAPH, head: { layers } }, { encoding, prunedRatio: 0.9 }, null);
    const [nearNow, sayNow] = compressed.head.layers;
    expect(sayNow?.kernel).toEqual(votes);
    const step = (Math.max(...near.kernel) - Math.min(...near.kernel)) / 255;
    expect(far(near.kernel, nearNow?.kernel ?? new Float32Array(0))).toBeLessThan(0.51 * step);
    const images = seededImages(SIDE, 2);
    const said = features(await loadLayers(write(compressed)), images);
    expect(far(said, interpreted(compressed, images))).toBeLessThan(1e-6);
    for (const row of [0, 3]) expect(said.slice(row, row + 3).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    images.dispose();
  });

  it.each(WEIGHT_ENCODINGS)(
    'in %s, half pruned, gives on average what it gave, where it is known what layers are given',
    (encoding) => {
      const images = seededImages(SIDE, 4);
      const conv: FoldedNode = {
        ...{
          op: 'conv',
          groups: 1,
          name: 'conv',
          inputs: ['image'],
          shape: [SIDE, SIDE, 6],
          strides: [1, 1],
          ...PLAIN,
        },
        ...{ kernel: seededWeight([1, 1, 3, 6], 1), bias: seededWeight([6], 2), activation: 'linear' },
      };
      const pool: FoldedNode = { op: 'globalAveragePool', name: 'pool', inputs: ['conv'], shape: [6] };
      const graph = { ...GRAPH, nodes: [...NODES.slice(0, 1), conv, pool] };
      const means = images.mean([0, 1, 2]).dataSync<'float32'>().slice();
      const strengths = new Float32Array(3).fill(1);
      const none = new Float32Array(0);
      const inputs = { nodes: new Map([['conv', { means, strengths }]]), features: { means: none, strengths: none } };
      const compression = { encoding, prunedRatio: 0.5 };
      const onAverage = (known: LayerInputs | null) => {
        const running = startGraph(
          known === null ? graph : compressModel({ graph, head: HEAD }, compression, known).graph,
        );
        const mean = tf.tidy(() => running.run(images).mean(0).dataSync<'float32'>().slice());
        running.dispose();
        return mean;
      };
      expect(far(onAverage(null), onAverage(inputs))).toBeLessThan(1e-5);
      const zeros = { means: new Float32Array(3), strengths };
      expect(far(onAverage(null), onAverage({ ...inputs, nodes: new Map([['conv', zeros]]) }))).toBeGreaterThan(1e-3);
      images.dispose();
    },
  );

  it('takes a half and a quarter of the bytes for its kernels', () => {
    const kernelBytes = 4 * (108 + 72 + 48 + 45);
    const bytesOf = (encoding: Compression['encoding']) =>
      write(compressModel(MODEL, { encoding, prunedRatio: 0 }, null)).weightData.byteLength;
    expect(bytesOf('float32') - bytesOf('float16')).toBe(kernelBytes / 2);
    expect(bytesOf('float32') - bytesOf('uint8')).toBe((kernelBytes * 3) / 4);
  });

  it('keeps as float32 what half precision cannot hold', async () => {
    const [input, conv] = NODES;
    if (input === undefined || conv?.op !== 'conv') throw new Error('no convolution');
    const huge = { ...conv, kernel: { ...conv.kernel, values: conv.kernel.values.map((value) => value * 1e6) } };
    const graph = { ...GRAPH, nodes: [input, huge, ...NODES.slice(2)] };
    const compressed = compressModel({ graph, head: HEAD }, { encoding: 'float16', prunedRatio: 0 }, null);
    expect(compressed.graph.nodes[1]).toMatchObject({ kernel: { values: huge.kernel.values } });
    const model = await loadLayers(write(compressed));
    expect(model.weights[0]?.read().dataSync().every(Number.isFinite)).toBe(true);
  });

  it('leaves the given one as it was', () => {
    const before = structuredClone(MODEL);
    compressModel(MODEL, { encoding: 'uint8-per-channel', prunedRatio: 0.9 }, null);
    expect(MODEL).toEqual(before);
  });
});
