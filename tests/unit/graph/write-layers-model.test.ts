import { beforeAll, describe, expect, it } from 'vitest';
import type { PixelScaling } from '../../../src/domain/backbone.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import type { FoldedGraph, FoldedNode, Padding } from '../../../src/graph/folded-graph.ts';
import { pixelAffine } from '../../../src/graph/pixel-scaling.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { writeLayersModel } from '../../../src/graph/write-layers-model.ts';
import { interpreted } from './support/interpreted.ts';
import {
  differenceRatio,
  features,
  foldedFeatures,
  loadLayers,
  seededImages,
  seededValues,
  seededWeight,
  startReference,
  tf,
} from './support/tfjs-reference.ts';

beforeAll(startReference);

const SIDE = 10;

const INPUT: FoldedNode = { op: 'input', name: 'image/in', inputs: [], shape: [SIDE, SIDE, 3] };
const POOL: FoldedNode = { op: 'globalAveragePool', name: 'pool', inputs: ['deep'], shape: [8] };
const CONV: FoldedNode = {
  op: 'conv',
  groups: 1,
  name: '_stem/conv',
  inputs: ['image/in'],
  shape: [5, 5, 4],
  kernel: seededWeight([3, 3, 3, 4], 1),
  bias: seededWeight([4], 2),
  strides: [2, 2],
  dilations: [1, 1],
  padding: [
    [0, 1],
    [1, 1],
  ],
  activation: 'relu6',
};

function deep(dilation: number): FoldedNode {
  return {
    op: 'depthwise',
    name: 'deep',
    inputs: ['_stem/conv'],
    shape: [5, 5, 8],
    kernel: seededWeight([2, 3, 4, 2], 3),
    bias: seededWeight([8], 4),
    strides: [1, 1],
    dilations: [dilation, dilation],
    padding: 'same',
    activation: 'linear',
  };
}

function graphOf(nodes: readonly FoldedNode[], pixels: PixelScaling = '[-1,1]'): FoldedGraph {
  return { inputSide: SIDE, pixels, nodes, featureLength: 8 };
}

const SMALL = graphOf([INPUT, CONV, deep(1), POOL]);

describe('a written layers model', () => {
  it('has only names tfjs accepts, each once', () => {
    const { modelJson } = writeLayersModel(SMALL, { head: null, pixelInput: 'graph' });
    const names = modelJson.modelTopology.config.layers.map((layer) => layer.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name))).toBe(true);
  });

  it('reads back as the same network', () => {
    const { modelJson, weightData } = writeLayersModel(SMALL, { head: null, pixelInput: 'graph' });
    const again = readModel(modelJson, weightData, { inputSide: SIDE, pixels: '[-1,1]', featureLayer: null });
    const withoutNames = (node: FoldedNode) => ({ ...node, name: '', inputs: node.inputs.length });
    expect(again.nodes.map(withoutNames)).toEqual(SMALL.nodes.map(withoutNames));
  });

  it.each([
    { size: 'few channels, as one kernel with zeros', inLength: 2, expected: 'Conv2D' },
    { size: 'many channels, cropped apart', inLength: 40, expected: 'Cropping2D' },
  ])('computes a convolution in groups of $size', async ({ inLength, expected }) => {
    const [groups, outCount] = [4, 48];
    const channels = inLength * groups;
    const padding: Padding = [
      [1, 0],
      [2, 1],
    ];
    const strides = [2, 1] as const;
    const nodes: FoldedNode[] = [
      INPUT,
      {
        ...CONV,
        shape: [5, 5, channels],
        kernel: seededWeight([3, 3, 3, channels], 1),
        bias: seededWeight([channels], 2),
      },
      {
        ...{ op: 'conv', name: 'deep', inputs: ['_stem/conv'], shape: [2, 6, outCount], groups },
        ...{ kernel: seededWeight([3, 3, inLength, outCount], 3), bias: seededWeight([outCount], 4) },
        ...{ strides, dilations: [1, 1], padding, activation: 'swish' },
      },
      { ...POOL, shape: [outCount] },
    ];
    const graph = { ...graphOf(nodes), featureLength: outCount };
    const { layers } = writeLayersModel(graph, { head: null, pixelInput: 'graph' }).modelJson.modelTopology.config;
    expect(layers.some((layer) => layer.class_name === expected)).toBe(true);
    const images = seededImages(SIDE);
    expect(differenceRatio(interpreted(graph, images), await foldedFeatures(graph, images))).toBeLessThan(1e-5);
    images.dispose();
  });

  it('computes gates, vectors and every activation', async () => {
    const map = [5, 5, 4];
    const nodes: FoldedNode[] = [
      INPUT,
      CONV,
      { op: 'activation', name: 'bent', inputs: ['_stem/conv'], shape: map, activation: 'hardSwish' },
      { op: 'globalMaxPool', name: 'most', inputs: ['bent'], shape: [1, 1, 4] },
      { op: 'globalAveragePool', name: 'mean', inputs: ['bent'], shape: [4] },
      ...(['hardSigmoid', 'sigmoid', 'hardSwish', 'swish', 'relu6'] as const).map(
        (activation, index): FoldedNode => ({
          ...{ op: 'dense', name: activation, inputs: ['mean'], shape: [4], activation },
          ...{ kernel: seededWeight([4, 4], index + 10), bias: seededWeight([4], index + 20) },
        }),
      ),
      { op: 'multiply', name: 'gated', inputs: ['bent', 'hardSigmoid'], shape: map, activation: 'linear' },
      { op: 'multiply', name: 'again', inputs: ['gated', 'most'], shape: map, activation: 'relu' },
      {
        ...{ op: 'affine', name: 'moved', inputs: ['hardSwish'], shape: [4], activation: 'sigmoid' },
        ...{ scale: seededWeight([4], 30), offset: seededWeight([4], 31) },
      },
      { op: 'flatten', name: 'flat', inputs: ['again'], shape: [100] },
      { op: 'concat', name: 'all', inputs: ['flat', 'moved', 'sigmoid', 'swish', 'relu6'], shape: [116] },
    ];
    const graph = { ...graphOf(nodes), featureLength: 116 };
    const images = seededImages(SIDE);
    expect(differenceRatio(interpreted(graph, images), await foldedFeatures(graph, images))).toBeLessThan(1e-5);
    images.dispose();
  });

  it('has the gaps of a dilated depthwise kernel written out', async () => {
    const images = seededImages(SIDE);
    const given = await foldedFeatures(graphOf([INPUT, CONV, deep(2), POOL]), images);
    const wanted = tf.tidy(() => {
      const kernelOf = (node: FoldedNode) => {
        if (node.op !== 'conv' && node.op !== 'depthwise') throw new Error('no kernel');
        return [tf.tensor(node.kernel.values, [...node.kernel.shape]), tf.tensor(node.bias.values)] as const;
      };
      const [kernel, bias] = kernelOf(CONV);
      const padded = tf.pad4d(images, [
        [0, 0],
        [0, 1],
        [1, 1],
        [0, 0],
      ]);
      const stem = tf.relu6(tf.conv2d(padded, kernel as tf.Tensor4D, 2, 'valid').add(bias)) as tf.Tensor4D;
      const [spread, offset] = kernelOf(deep(2));
      const end = tf.depthwiseConv2d(stem, spread as tf.Tensor4D, 1, 'same', 'NHWC', 2).add(offset);
      return end.mean([1, 2]).dataSync() as Float32Array;
    });
    expect(differenceRatio(wanted, given)).toBeLessThan(1e-4);
    images.dispose();
  });

  it('ends in the probabilities of its head', async () => {
    const head: HeadWeights = {
      layers: [
        { kernel: seededValues(40, 5), bias: seededValues(5, 6), inputLength: 8, outputLength: 5, activation: 'relu' },
        {
          kernel: seededValues(15, 7),
          bias: seededValues(3, 8),
          inputLength: 5,
          outputLength: 3,
          activation: 'softmax',
        },
      ],
    };
    const images = seededImages(SIDE, 3);
    const model = await loadLayers(writeLayersModel(SMALL, { head, pixelInput: 'graph' }));
    const given = features(model, images);
    const feature = await foldedFeatures(SMALL, images);
    const wanted = tf.tidy(() =>
      head.layers
        .reduce<tf.Tensor2D>(
          (x, { kernel, bias, inputLength, outputLength, activation }) => {
            const sum = x.matMul(tf.tensor2d(kernel, [inputLength, outputLength])).add<tf.Tensor2D>(tf.tensor1d(bias));
            return activation === 'relu' ? sum.relu() : tf.softmax(sum);
          },
          tf.tensor2d(feature, [3, 8]),
        )
        .dataSync(),
    );
    expect(model.outputs[0]?.shape).toEqual([null, 3]);
    expect(differenceRatio(wanted as Float32Array, given)).toBeLessThan(1e-4);
    images.dispose();
  });

  for (const pixels of ['[-1,1]', '[0,1]', '0-255', 'imagenet', 'caffe', 'teachable-machine'] as const) {
    it(`takes Teachable Machine's pixels for a network that wants ${pixels}`, async () => {
      const graph = graphOf(SMALL.nodes, pixels);
      const bytes = seededValues(SIDE * SIDE * 3, 9).map((value) => Math.floor((value + 1) * 127.999));
      const { scale, offset, source } = pixelAffine(pixels);
      const scaled = bytes.map((_, index) => {
        const channel = (index % 3) as 0 | 1 | 2;
        const byte = bytes[index - channel + source[channel]] ?? Number.NaN;
        return byte * scale[channel] + offset[channel];
      });
      const shape: [number, number, number, number] = [1, SIDE, SIDE, 3];
      const wanted = await foldedFeatures(graph, tf.tensor4d(scaled, shape));
      const machine = tf.tensor4d(
        bytes.map((byte) => byte / 127 - 1),
        shape,
      );
      const given = await foldedFeatures(graph, machine, { head: null, pixelInput: 'teachable-machine' });
      expect(differenceRatio(wanted, given)).toBeLessThan(1e-4);
    });
  }
});
