import { beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../../src/graph/read-model.ts';
import { readArguments, startReference, tf } from './support/tfjs-reference.ts';

beforeAll(startReference);

type Symbolic = tf.SymbolicTensor;
const layers = tf.layers;
const apply = (layer: { apply: (x: Symbolic | Symbolic[]) => unknown }, x: Symbolic | Symbolic[]) =>
  layer.apply(x) as Symbolic;

function block(x: Symbolic, name: string, strides = 1): Symbolic {
  const options = { filters: 4, kernelSize: 3, strides, padding: 'same' as const, name: `${name}_conv` };
  const norm = apply(layers.batchNormalization({ name: `${name}_bn` }), apply(layers.conv2d(options), x));
  return apply(layers.activation({ activation: 'relu', name: `${name}_relu` }), norm);
}

async function read(build: (x: Symbolic) => Symbolic, featureLayer: string | null = null) {
  const input = tf.input({ shape: [16, 16, 3], name: 'image' });
  const model = tf.model({ inputs: input, outputs: build(input) });
  const args = await readArguments(model, { inputSide: 16, featureLayer });
  return {
    graph: readModel(...args),
    readAt: (layer: string) => readModel(args[0], args[1], { ...args[2], featureLayer: layer }),
  };
}

const vgg = (x: Symbolic) => {
  const body = ['block1', 'block2', 'block3'].reduce(
    (value, name) => apply(layers.maxPooling2d({ poolSize: 2, name: `${name}_pool` }), block(value, name)),
    x,
  );
  const flat = apply(layers.flatten({ name: 'flatten' }), body);
  const fc1 = apply(layers.dense({ units: 6, activation: 'relu', name: 'fc1' }), flat);
  const dropped = apply(layers.dropout({ rate: 0.5, name: 'dropout' }), fc1);
  const fc2 = apply(layers.dense({ units: 5, activation: 'relu', name: 'fc2' }), dropped);
  return apply(layers.dense({ units: 3, activation: 'softmax', name: 'predictions' }), fc2);
};

describe('the places where a network can be cut', () => {
  it('are its hidden vectors, its last map and its blocks, deepest first', async () => {
    const { graph } = await read(vgg);
    expect(graph.featureSource).toBe('block3_pool');
    expect(graph.featureCandidates).toEqual([
      { name: 'fc2', shape: [5] },
      { name: 'fc1', shape: [6] },
      { name: 'block3_pool', shape: [2, 2, 4] },
      { name: 'block2_pool', shape: [4, 4, 4] },
      { name: 'block1_pool', shape: [8, 8, 4] },
    ]);
  });

  it('can each be read, and are the same whichever was chosen', async () => {
    const { graph, readAt } = await read(vgg);
    for (const { name, shape } of graph.featureCandidates) {
      const chosen = readAt(name);
      expect(chosen.featureSource).toBe(name);
      expect(chosen.featureLength).toBe(shape.at(-1));
      expect(chosen.featureCandidates).toEqual(graph.featureCandidates);
    }
  });

  it('include the value after batch norm and activation, not the bare convolution', async () => {
    const { graph } = await read((x) => block(block(block(x, 'stem'), 'down', 2), 'last'));
    expect(graph.featureCandidates.map(({ name }) => name)).toEqual(['last_relu', 'down_relu', 'stem_relu']);
  });

  it('include the pool before a top of 1x1 convolutions, and their hidden vector', async () => {
    const { graph } = await read((x) => {
      const pooled = apply(
        layers.globalAveragePooling2d({ dataFormat: 'channelsLast', name: 'pool' }),
        block(x, 'block1'),
      );
      const pixel = apply(layers.reshape({ targetShape: [1, 1, 4], name: 'pixel' }), pooled);
      const hidden = apply(layers.conv2d({ filters: 7, kernelSize: 1, activation: 'relu', name: 'hidden' }), pixel);
      const logits = apply(layers.conv2d({ filters: 3, kernelSize: 1, name: 'logits' }), hidden);
      return apply(layers.softmax(), apply(layers.flatten(), logits));
    });
    expect(graph.featureSource).toBe('pool');
    expect(graph.featureCandidates.map(({ name }) => name)).toEqual(['hidden', 'pool', 'block1_relu']);
  });

  it('include an embedding at the very end, where nothing says it is a classifier', async () => {
    const { graph } = await read((x) => {
      const pooled = apply(layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), block(x, 'block1'));
      return apply(layers.dense({ units: 8, name: 'embedding' }), pooled);
    });
    expect(graph.featureCandidates[0]).toEqual({ name: 'embedding', shape: [8] });
  });
});
