import { beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../../src/graph/read-model.ts';
import { GraphModelBuilder } from './support/graph-model-builder.ts';
import {
  differenceRatio,
  foldedFeatures,
  loadGraph,
  seededImages,
  seededValues,
  startReference,
  tf,
} from './support/tfjs-reference.ts';

beforeAll(startReference);

const SIDE = 12;
const FACTS = { inputSide: SIDE, pixels: '[-1,1]', featureLayer: null } as const;

/** Weights of a fresh convolution, named so that every call gives others. */
function kernel(model: GraphModelBuilder, name: string, shape: readonly number[]): string {
  const count = shape.reduce((product, side) => product * side, 1);
  return model.constant(name, seededValues(count, name.length), shape);
}

/** Reads the model, and compares with what tfjs computes at the node the feature was taken from. */
async function compare(model: GraphModelBuilder, facts: Partial<Parameters<typeof readModel>[2]> = {}) {
  const files = model.files();
  const graph = readModel(structuredClone(files.modelJson), files.weightData, { ...FACTS, ...facts });
  const original = await loadGraph(files);
  const images = seededImages(SIDE);
  const output = original.execute(images, graph.featureSource) as tf.Tensor;
  const wanted = (output.rank === 4 ? output.mean([1, 2]) : output).dataSync() as Float32Array;
  const difference = differenceRatio(wanted, await foldedFeatures(graph, images));
  tf.dispose([images, output]);
  original.dispose();
  return { graph, difference, ops: graph.nodes.map((node) => node.op) };
}

describe('a tfjs graph model gives the same features once folded', () => {
  it('with unfused convolutions, biases, batch norms and activations', async () => {
    const model = new GraphModelBuilder(SIDE);
    const conv = model.node('conv', 'Conv2D', ['image', kernel(model, 'w', [3, 3, 3, 4])], model.window('SAME', 2));
    const biased = model.node('biased', 'BiasAdd', [conv, model.constant('b', [0.5, -0.25, 0, 1], [4])]);
    const norm = model.node(
      'norm',
      'FusedBatchNormV3',
      [
        biased,
        model.constant('gamma', [1, 2, -1, 0.5], [4]),
        model.constant('beta', [0, 0.1, 0.2, -0.3], [4]),
        model.constant('mean', [0.2, 0, -0.1, 0.4], [4]),
        model.constant('variance', [1, 0.5, 0.25, 2], [4]),
      ],
      { epsilon: { f: 0.001 }, is_training: { b: false } },
    );
    const active = model.node('active', 'Relu6', [norm]);
    const weights = kernel(model, 'dw', [3, 3, 4, 2]);
    model.node('end', 'Relu', [model.node('deep', 'DepthwiseConv2dNative', [active, weights], model.window('VALID'))]);
    const { difference, ops } = await compare(model);
    expect(difference).toBeLessThan(1e-4);
    expect(ops).toEqual(['input', 'conv', 'depthwise', 'globalAveragePool']);
  });

  it('with fused convolutions, constants behind identities, and a residual sum', async () => {
    const model = new GraphModelBuilder(SIDE);
    const weights = model.node('w/read', 'Identity', [kernel(model, 'w', [3, 3, 3, 4])]);
    const attr = { ...model.window('SAME'), ...model.fused('BiasAdd', 'Relu6') };
    const first = model.node('first', '_FusedConv2D', ['image', weights, kernel(model, 'bias', [4])], attr);
    const deep = model.node(
      'deep',
      'FusedDepthwiseConv2dNative',
      [first, kernel(model, 'depth', [3, 3, 4, 1]), kernel(model, 'offset', [4])],
      { ...model.window('SAME'), ...model.fused('BiasAdd', 'Relu') },
    );
    model.node('out', 'Identity', [model.node('sum', 'AddV2', [first, `${deep}:0`])]);
    const { difference, ops } = await compare(model);
    expect(difference).toBeLessThan(1e-4);
    expect(ops).toEqual(['input', 'conv', 'depthwise', 'add', 'globalAveragePool']);
  });

  it('with padding nodes, pools, concatenation and an average over space', async () => {
    const model = new GraphModelBuilder(SIDE);
    const padding = model.constant('paddings', [0, 0, 1, 2, 0, 1, 0, 0], [4, 2], 'int32');
    const padded = model.node('pad', 'Pad', ['image', padding]);
    const conv = model.node('conv', 'Conv2D', [padded, kernel(model, 'w', [3, 3, 3, 4])], model.window('VALID', 2));
    const active = model.node('active', 'Relu', [conv]);
    const most = model.node('most', 'MaxPool', [active], model.pool('SAME', 3, 2));
    const mean = model.node('mean', 'AvgPool', [active], model.pool('SAME', 3, 2));
    const axis = model.constant('axis', [3], [], 'int32');
    const joined = model.node('joined', 'ConcatV2', [most, mean, axis], { N: { i: '2' } });
    const space = model.constant('space', [1, 2], [2], 'int32');
    model.node('feature', 'Mean', [joined, space], { keep_dims: { b: false } });
    const { difference, ops, graph } = await compare(model);
    expect(difference).toBeLessThan(1e-4);
    expect(ops.toSorted()).toEqual(['averagePool', 'concat', 'conv', 'globalAveragePool', 'input', 'maxPool']);
    expect(graph.featureLength).toBe(8);
  });

  it('with batch norm written as products and sums, and a value added to itself', async () => {
    const model = new GraphModelBuilder(SIDE);
    const conv = model.node('conv', 'Conv2D', ['image', kernel(model, 'w', [1, 1, 3, 4])], model.window('SAME'));
    const scaled = model.node('scaled', 'Mul', [conv, kernel(model, 'scale', [4])]);
    const moved = model.node('moved', 'Sub', [scaled, model.constant('two', [2], [])]);
    const halved = model.node('halved', 'RealDiv', [moved, model.constant('half', [2], [])]);
    model.node('twice', 'Add', [halved, halved]);
    const { difference, ops } = await compare(model);
    expect(difference).toBeLessThan(1e-4);
    expect(ops).toEqual(['input', 'conv', 'add', 'globalAveragePool']);
  });
});

describe('a tfjs graph model with gates and dense layers', () => {
  const space = (model: GraphModelBuilder) => model.constant('space', [1, 2], [2], 'int32');
  const number = (model: GraphModelBuilder, name: string, value: number) => model.constant(name, [value], []);

  it('gives the same with squeeze and excitation, its hard sigmoid spelt out', async () => {
    const model = new GraphModelBuilder(SIDE);
    const attr = { ...model.window('SAME'), ...model.fused('BiasAdd', 'Relu') };
    const body = model.node(
      'body',
      '_FusedConv2D',
      ['image', kernel(model, 'w', [3, 3, 3, 4]), kernel(model, 'b', [4])],
      attr,
    );
    const pooled = model.node('pooled', 'Mean', [body, space(model)], { keep_dims: { b: true } });
    const logits = model.node('logits', 'Conv2D', [pooled, kernel(model, 'gate', [1, 1, 4, 4])], model.window('VALID'));
    const moved = model.node('moved', 'AddV2', [logits, number(model, 'three', 3)]);
    const gate = model.node('sixth', 'Mul', [model.node('clipped', 'Relu6', [moved]), number(model, 'c', 1 / 6)]);
    model.node('gated', 'Mul', [gate, body]);
    const { difference, graph } = await compare(model);
    expect(difference).toBeLessThan(1e-4);
    expect(graph.nodes.map((node) => ('activation' in node ? `${node.op} ${node.activation}` : node.op))).toEqual([
      'input',
      'conv relu',
      'globalAveragePool',
      'conv hardSigmoid',
      'multiply linear',
      'globalAveragePool',
    ]);
  });

  it('gives the same with swish and hard swish, whichever way round they are written', async () => {
    const model = new GraphModelBuilder(SIDE);
    const conv = (name: string, from: string, channels: number) =>
      model.node(name, 'Conv2D', [from, kernel(model, `${name}_weights`, [1, 1, channels, 4])], model.window('SAME'));
    const a = conv('a', 'image', 3);
    const swish = model.node('swish', 'Mul', [model.node('gate', 'Sigmoid', [a]), a]);
    const b = conv('b', swish, 4);
    const clipped = model.node('clipped', 'Relu6', [model.node('moved', 'Add', [number(model, 'three', 3), b])]);
    const product = model.node('product', 'Mul', [b, clipped]);
    conv('c', model.node('sixth', 'Mul', [product, number(model, 'c6', 1 / 6)]), 4);
    const { difference, graph } = await compare(model);
    expect(difference).toBeLessThan(1e-4);
    expect(graph.nodes.flatMap((node) => (node.op === 'conv' ? [node.activation] : []))).toEqual([
      'swish',
      'hardSwish',
      'linear',
    ]);
  });

  it('gives the same at a hidden dense layer, and is cut before both when none is named', async () => {
    const model = new GraphModelBuilder(SIDE);
    const body = model.node('body', 'Conv2D', ['image', kernel(model, 'w', [3, 3, 3, 4])], model.window('SAME', 4));
    const flat = model.node('flat', 'Reshape', [body, model.constant('shape', [-1, 36], [2], 'int32')]);
    const weights = [kernel(model, 'hidden_weights', [36, 5]), kernel(model, 'hb', [5])];
    const hidden = model.node('hidden', '_FusedMatMul', [flat, ...weights], model.fused('BiasAdd', 'Relu'));
    const logits = model.node('logits', 'MatMul', [hidden, kernel(model, 'top', [2, 5])], {
      transpose_a: { b: false },
      transpose_b: { b: true },
    });
    model.node('end', 'Softmax', [logits]);
    const named = await compare(model, { featureLayer: 'hidden' });
    expect(named.difference).toBeLessThan(1e-4);
    expect(named.ops).toEqual(['input', 'conv', 'flatten', 'dense']);
    const whole = await compare(model, { featureLayer: 'logits' });
    expect(whole.difference).toBeLessThan(1e-4);
    const { graph } = await compare(model);
    expect(graph.featureSource).toBe('body');
    expect(graph.featureCandidates.map(({ name }) => name)).toEqual(['hidden', 'body']);
  });

  it('gives the same with maxima over space, sums of three and 3 - x', async () => {
    const model = new GraphModelBuilder(SIDE);
    const conv = model.node('conv', 'Conv2D', ['image', kernel(model, 'w', [3, 3, 3, 4])], model.window('SAME'));
    const turned = model.node('turned', 'Sub', [number(model, 'three', 3), conv]);
    const relu = model.node('relu', 'Relu', [conv]);
    model.node('most', 'Max', [model.node('sum', 'AddN', [turned, conv, relu]), space(model)], {
      keep_dims: { b: false },
    });
    const { difference, ops } = await compare(model);
    expect(difference).toBeLessThan(1e-4);
    expect(ops.at(-1)).toBe('globalMaxPool');
  });
});

describe('arithmetic on the input of a graph model', () => {
  const withInputArithmetic = (factor: number, offset: number) => {
    const model = new GraphModelBuilder(SIDE);
    const scaled = model.node('scaled', 'Mul', [model.constant('factor', [factor], []), 'image']);
    const moved = model.node('moved', 'Sub', [scaled, model.constant('offset', [offset], [])]);
    model.node('conv', 'Conv2D', [moved, kernel(model, 'w', [3, 3, 3, 4])], model.window('SAME'));
    return model;
  };

  it('becomes part of the scaling of the pixels', () => {
    const { modelJson, weightData } = withInputArithmetic(2, 1).files();
    const graph = readModel(modelJson, weightData, { ...FACTS, pixels: '[0,1]' });
    expect(graph.pixels).toBe('[-1,1]');
    expect(graph.nodes.map((node) => node.op)).toEqual(['input', 'conv', 'globalAveragePool']);
  });

  it('stays a node of its own when it is no scaling we know', async () => {
    const { difference, ops, graph } = await compare(withInputArithmetic(3, 1), { pixels: '[0,1]' });
    expect(graph.pixels).toBe('[0,1]');
    expect(ops).toContain('affine');
    expect(difference).toBeLessThan(1e-4);
  });
});

describe('the classification top of a graph model', () => {
  const pooledNetwork = () => {
    const model = new GraphModelBuilder(SIDE);
    const conv = model.node('conv', 'Conv2D', ['image', kernel(model, 'w', [3, 3, 3, 4])], model.window('SAME'));
    return { model, pooled: model.node('pooled', 'AvgPool', [conv], model.pool('VALID', SIDE, 1)) };
  };

  it('is cut away when it is a product and a softmax', async () => {
    const { model, pooled } = pooledNetwork();
    const vector = model.node('vector', 'Squeeze', [pooled], { squeeze_dims: { list: { i: ['1', '2'] } } });
    const bias = kernel(model, 'bias', [5]);
    const attr = { ...model.fused('BiasAdd'), transpose_a: { b: false }, transpose_b: { b: false } };
    const logits = model.node('logits', '_FusedMatMul', [vector, kernel(model, 'dense', [4, 5]), bias], attr);
    model.node('Identity', 'Identity', [model.node('softmax', 'Softmax', [logits])]);
    const { difference, ops, graph } = await compare(model);
    expect(graph.featureSource).toBe('pooled');
    expect(ops).toEqual(['input', 'conv', 'globalAveragePool']);
    expect(difference).toBeLessThan(1e-4);
  });

  it('is cut away when it is a convolution of one pixel with its bias', async () => {
    const { model, pooled } = pooledNetwork();
    const logits = model.node('logits', 'Conv2D', [pooled, kernel(model, 'dense', [1, 1, 4, 9])], model.window('SAME'));
    const biased = model.node('biased', 'BiasAdd', [logits, kernel(model, 'bias', [9])]);
    model.node('squeezed', 'Squeeze', [biased], { squeeze_dims: { list: { i: ['1', '2'] } } });
    const { graph } = await compare(model);
    expect(graph.featureLength).toBe(4);
  });

  it('is left out when a node is named as the feature', async () => {
    const { model } = pooledNetwork();
    const { graph, difference } = await compare(model, { featureLayer: 'conv' });
    expect(graph.featureSource).toBe('conv');
    expect(difference).toBeLessThan(1e-4);
  });
});

describe('a graph model that cannot be read is refused by name', () => {
  it('for an unknown operation', () => {
    const model = new GraphModelBuilder(SIDE);
    model.node('bent', 'Elu', ['image']);
    const { modelJson, weightData } = model.files();
    expect(() => readModel(modelJson, weightData, FACTS)).toThrow(/"bent" is a Elu/);
  });

  it('for a kernel that is computed', () => {
    const model = new GraphModelBuilder(SIDE);
    model.node('conv', 'Conv2D', ['image', 'image'], model.window('SAME'));
    const { modelJson, weightData } = model.files();
    expect(() => readModel(modelJson, weightData, FACTS)).toThrow(/Input 1 of "conv" is not a constant/);
  });

  it('for a batch norm still in training', () => {
    const model = new GraphModelBuilder(SIDE);
    const vectors = ['a', 'bb', 'ccc', 'dddd'].map((name) => kernel(model, name, [3]));
    model.node('norm', 'FusedBatchNormV3', ['image', ...vectors], { is_training: { b: true } });
    const { modelJson, weightData } = model.files();
    expect(() => readModel(modelJson, weightData, FACTS)).toThrow(/"norm" is still in training/);
  });
});
