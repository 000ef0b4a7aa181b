import { beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../../src/graph/read-model.ts';
import {
  apply,
  conv,
  depthwise,
  layers,
  network,
  norm,
  pad,
  relu,
  relu6,
  type Symbolic,
} from './support/layers-by-hand.ts';
import { readArguments, readBack, startReference, tf } from './support/tfjs-reference.ts';

beforeAll(startReference);

const CLOSE = 1e-4;

describe('a tfjs layers model gives the same features once folded', () => {
  const sizes = [1, 2, 3, 5];
  for (const padding of ['same', 'valid'] as const) {
    for (const strides of [1, 2, 3]) {
      it(`with convolutions of every kernel size, padding ${padding}, stride ${strides}`, async () => {
        for (const kernelSize of sizes) {
          const { difference } = await readBack(network((x) => norm(conv(x, { kernelSize, strides, padding }))));
          expect(difference).toBeLessThan(CLOSE);
        }
      });
      it(`with depthwise convolutions, padding ${padding}, stride ${strides}`, async () => {
        const { difference, ops } = await readBack(
          network((x) => relu6(norm(depthwise(x, { strides, padding, depthMultiplier: 2, useBias: false })))),
        );
        expect(difference).toBeLessThan(CLOSE);
        expect(ops).toEqual(['input', 'depthwise', 'globalAveragePool']);
      });
      it(`with maximum and average pools, padding ${padding}, stride ${strides}`, async () => {
        for (const pool of [layers.maxPooling2d, layers.averagePooling2d]) {
          const { difference } = await readBack(
            network((x) => apply(pool({ poolSize: 3, strides, padding }), conv(x))),
          );
          expect(difference).toBeLessThan(CLOSE);
        }
      });
    }
  }

  it('with dilated convolutions', async () => {
    const { difference } = await readBack(network((x) => conv(x, { dilationRate: 2, padding: 'same' })));
    expect(difference).toBeLessThan(CLOSE);
  });

  it('with activations inside convolutions', async () => {
    const { difference, ops } = await readBack(
      network((x) => depthwise(conv(x, { activation: 'relu' }), { activation: 'relu6' })),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'depthwise', 'globalAveragePool']);
  });

  it('with separable convolutions', async () => {
    const separable = layers.separableConv2d({
      filters: 5,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
    });
    const { difference, ops } = await readBack(network((x) => apply(separable, x)));
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'depthwise', 'conv', 'globalAveragePool']);
  });

  it('with batch norms that lack scale or centre', async () => {
    const { difference, ops } = await readBack(
      network((x) => norm(norm(conv(x, { useBias: false }), { scale: false }), { center: false, epsilon: 0.01 })),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'globalAveragePool']);
  });

  it('with a batch norm before an unpadded convolution, which takes it in', async () => {
    const { difference, ops } = await readBack(network((x) => conv(norm(relu(conv(x))), { kernelSize: 2 })));
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'conv', 'globalAveragePool']);
  });

  it('with a batch norm before an unpadded depthwise convolution, which takes it in', async () => {
    const { difference, ops } = await readBack(network((x) => depthwise(norm(relu(conv(x))), { depthMultiplier: 3 })));
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'depthwise', 'globalAveragePool']);
  });

  it('with a batch norm before a padded convolution, which must stay apart', async () => {
    for (const build of [(x: Symbolic) => conv(norm(x), { padding: 'same' }), (x: Symbolic) => conv(pad(norm(x)))]) {
      const { difference, ops } = await readBack(network(build));
      expect(difference).toBeLessThan(CLOSE);
      expect(ops).toEqual(['input', 'affine', 'conv', 'globalAveragePool']);
    }
  });

  it('with a scale without offset before a padded convolution, which takes it in', async () => {
    const scale = layers.rescaling({ scale: 0.3, offset: 0 });
    const { difference, ops } = await readBack(network((x) => conv(apply(scale, relu(conv(x))), { padding: 'same' })));
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'conv', 'globalAveragePool']);
  });

  it('with two users of one convolution, whose batch norm must stay apart', async () => {
    const { difference, ops } = await readBack(
      network((x) => {
        const shared = conv(x);
        return apply(layers.add(), [relu(norm(shared)), relu6(shared)]);
      }),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(ops.toSorted()).toEqual(['activation', 'add', 'affine', 'conv', 'globalAveragePool', 'input']);
  });

  it('with additions of three values', async () => {
    const { difference, graph } = await readBack(
      network((x) => {
        const [a, b, c] = [conv(x), conv(x), relu(conv(x))];
        return relu(apply(layers.add(), [a, b, c]));
      }),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(graph.nodes.filter((node) => node.op === 'add').every((node) => node.inputs.length === 2)).toBe(true);
  });

  it('with concatenations', async () => {
    const { difference, graph } = await readBack(
      network((x) => apply(layers.concatenate(), [conv(x), relu6(conv(x, { filters: 2 })), conv(x, { filters: 1 })])),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(graph.featureLength).toBe(7);
  });

  it('with zero padding before convolutions, which take it in', async () => {
    const { difference, ops } = await readBack(
      network((x) => depthwise(pad(relu(conv(pad(x, 2), { strides: 2 }))), { strides: 2 })),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'depthwise', 'globalAveragePool']);
  });

  it('with zero padding before a maximum, taken in only where nothing is negative', async () => {
    const pool = (x: Symbolic) => apply(layers.maxPooling2d({ poolSize: 3, strides: 2 }), x);
    const after = await readBack(network((x) => pool(pad(relu(conv(x))))));
    expect(after.difference).toBeLessThan(CLOSE);
    expect(after.ops).toEqual(['input', 'conv', 'maxPool', 'globalAveragePool']);
    const signed = await readBack(network((x) => pool(pad(conv(x)))));
    expect(signed.difference).toBeLessThan(CLOSE);
    expect(signed.ops).toEqual(['input', 'conv', 'pad', 'maxPool', 'globalAveragePool']);
  });

  it('with zero padding wider than the window of a maximum, which must stay apart', async () => {
    const pool = layers.maxPooling2d({ poolSize: 2, strides: 2 });
    const { difference, ops } = await readBack(network((x) => apply(pool, pad(relu(conv(x)), 3))));
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toContain('pad');
  });

  it('with zero padding before an average, which must stay apart', async () => {
    const { difference, ops } = await readBack(
      network((x) => apply(layers.averagePooling2d({ poolSize: 3 }), pad(conv(x)))),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toContain('pad');
  });

  it('with rescaling of the input, taken into the scaling of the pixels where one fits', async () => {
    const scaled = network((x) =>
      conv(apply(layers.rescaling({ scale: 1 / 127.5, offset: -1 }), x), { padding: 'same' }),
    );
    const fitting = readModel(...(await readArguments(scaled, { pixels: '0-255' })));
    expect(fitting.pixels).toBe('[-1,1]');
    expect(fitting.nodes.map((node) => node.op)).toEqual(['input', 'conv', 'globalAveragePool']);
    const other = await readBack(scaled, { pixels: '[0,1]' });
    expect(other.graph.pixels).toBe('[0,1]');
    expect(other.ops).toContain('affine');
    expect(other.difference).toBeLessThan(CLOSE);
  });
});

describe('a tfjs layers model with gates, shared layers and vectors', () => {
  const globalPool = (x: Symbolic) => apply(layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), x);
  const activation = (name: string, x: Symbolic) => apply(layers.activation({ activation: name as 'relu' }), x);
  const multiply = (...values: Symbolic[]) => apply(layers.multiply(), values);

  it('gives the same with squeeze and excitation by 1x1 convolutions', async () => {
    const { difference, graph } = await readBack(
      network((x) => {
        const body = relu(norm(conv(x)));
        const pixel = apply(layers.reshape({ targetShape: [1, 1, 4] }), globalPool(body));
        const squeezed = conv(pixel, { kernelSize: 1, filters: 2, activation: 'relu' });
        const gate = activation('sigmoid', conv(squeezed, { kernelSize: 1 }));
        return conv(multiply(gate, body));
      }),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(graph.nodes.filter((node) => node.op !== 'conv').map(({ op, shape }) => [op, shape])).toEqual([
      ['input', [12, 12, 3]],
      ['globalAveragePool', [1, 1, 4]],
      ['multiply', [10, 10, 4]],
      ['globalAveragePool', [4]],
    ]);
  });

  it('gives the same with squeeze and excitation by dense layers, which become 1x1 convolutions', async () => {
    const { difference, ops } = await readBack(
      network((x) => {
        const body = relu(norm(conv(x)));
        const squeezed = apply(layers.dense({ units: 2, activation: 'relu' }), globalPool(body));
        const gate = apply(layers.dense({ units: 4, activation: 'sigmoid' }), squeezed);
        return multiply(body, apply(layers.reshape({ targetShape: [1, 1, 4] }), gate));
      }),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'globalAveragePool', 'conv', 'conv', 'multiply', 'globalAveragePool']);
  });

  it('sees hard swish in arithmetic, and swish in a product with a sigmoid', async () => {
    const { difference, graph } = await readBack(
      network((x) => {
        const a = norm(conv(x));
        const moved = apply(layers.rescaling({ scale: 1, offset: 3 }), a);
        const gate = apply(layers.rescaling({ scale: 1 / 6, offset: 0 }), relu6(moved));
        const b = conv(multiply(a, gate));
        return multiply(activation('sigmoid', b), b);
      }),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(graph.nodes.map((node) => ('activation' in node ? node.activation : node.op))).toEqual([
      'input',
      'hardSwish',
      'swish',
      'globalAveragePool',
    ]);
  });

  it("keeps the slope of tfjs's own hard sigmoid", async () => {
    const { difference, ops } = await readBack(network((x) => activation('hardSigmoid', norm(conv(x)))));
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'globalAveragePool']);
  });

  it('runs a layer used twice as two nodes of the same weights', async () => {
    const { difference, graph } = await readBack(
      network((x) => {
        const shared = layers.conv2d({
          filters: 3,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          name: 'shared',
        });
        const normed = layers.batchNormalization();
        const twice = apply(normed, apply(shared, apply(normed, apply(shared, x))));
        return apply(layers.concatenate(), [twice, apply(layers.maxPooling2d({ poolSize: 1 }), x)]);
      }),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(graph.nodes.filter((node) => node.op === 'conv')).toHaveLength(2);
  });

  it('takes a model used twice, at its last use', async () => {
    const body = network((x) => relu(norm(conv(x, { padding: 'same', filters: 3 }))));
    const { difference, ops } = await readBack(network((x) => apply(body, apply(body, x))));
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'conv', 'globalAveragePool']);
  });

  it('normalises, pools maxima and adds three values', async () => {
    const { difference, ops } = await readBack(
      network((x) => {
        const a = conv(x);
        const most = apply(layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }), a);
        return apply(layers.add(), [most, globalPool(a), globalPool(relu(a))]);
      }),
    );
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toContain('globalMaxPool');
  });

  it('has a dense layer as its feature where that is named', async () => {
    const model = network((x) => {
      const flat = apply(layers.flatten({ name: 'flat' }), relu(conv(x, { strides: 3 })));
      const hidden = apply(layers.dense({ units: 6, activation: 'relu', name: 'fc1' }), flat);
      return apply(layers.dense({ units: 2, activation: 'softmax' }), hidden);
    });
    const { difference, ops, graph } = await readBack(model, { featureLayer: 'fc1' });
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'flatten', 'dense']);
    expect(graph.featureLength).toBe(6);
  });
});

describe('the feature of a layers model', () => {
  const withTop = () =>
    network((x) => {
      const body = relu(norm(conv(x, { name: 'body' })));
      const pooled = apply(layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), body);
      return apply(layers.dense({ units: 3, activation: 'softmax' }), apply(layers.dropout({ rate: 0.5 }), pooled));
    });

  it('is what stands before the dense layers when none is named', async () => {
    const graph = readModel(...(await readArguments(withTop(), {})));
    expect(graph.nodes.map((node) => node.op)).toEqual(['input', 'conv', 'globalAveragePool']);
    expect(graph.featureLength).toBe(4);
  });

  it('is the named layer where one is named', async () => {
    const { difference, ops } = await readBack(withTop(), { featureLayer: 'body' });
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'globalAveragePool']);
  });

  it('is found before a top made of 1x1 convolutions', async () => {
    const model = network((x) => {
      const pooled = apply(
        layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
        relu(conv(x, { filters: 6 })),
      );
      const logits = conv(apply(layers.reshape({ targetShape: [1, 1, 6] }), pooled), { kernelSize: 1, filters: 9 });
      return apply(layers.activation({ activation: 'softmax' }), apply(layers.flatten(), logits));
    });
    expect(readModel(...(await readArguments(model, {}))).featureLength).toBe(6);
  });

  it('is found before a top with its softmax in the middle, as nearest neighbours are written', async () => {
    const model = network((x) => {
      const pooled = apply(layers.globalAveragePooling2d({}), relu(conv(x, { filters: 6 })));
      const shares = apply(layers.dense({ units: 20, activation: 'softmax' }), pooled);
      return apply(layers.dense({ units: 3 }), shares);
    });
    const graph = readModel(...(await readArguments(model, {})));
    expect(graph.nodes.at(-1)).toMatchObject({ op: 'globalAveragePool', shape: [6] });
  });

  it('is found in models nested in one another, as Teachable Machine writes them', async () => {
    const body = network((x) => relu(norm(conv(pad(x), { name: 'Conv1', strides: 2 }))));
    const truncated = tf.sequential({ layers: [body, layers.globalAveragePooling2d({ dataFormat: 'channelsLast' })] });
    const top = tf.sequential({ layers: [layers.dense({ units: 5, inputShape: [4], activation: 'softmax' })] });
    const whole = tf.sequential({ layers: [truncated, top] });
    const [json, data, facts] = await readArguments(whole, {});
    const graph = readModel(json, data, facts);
    expect(graph.nodes.map((node) => node.op)).toEqual(['input', 'conv', 'globalAveragePool']);
    expect(graph.nodes.map((node) => node.name)).toContain('Conv1');
    const named = readModel(json, data, { ...facts, featureLayer: 'Conv1' });
    expect(named.nodes.map((node) => ('activation' in node ? node.activation : null))).toContain('linear');
  });

  it('is found in a plain Sequential whose first layer carries the input shape', async () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [12, 12, 3] }),
        layers.batchNormalization(),
        layers.reLU({ maxValue: 6 }),
      ],
    });
    const { difference, ops } = await readBack(model);
    expect(difference).toBeLessThan(CLOSE);
    expect(ops).toEqual(['input', 'conv', 'globalAveragePool']);
  });
});
