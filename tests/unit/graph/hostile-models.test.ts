import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphError } from '../../../src/graph/graph-error.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { GraphModelBuilder } from './support/graph-model-builder.ts';
import { type ModelFiles, randomise, saveModel, seededValues, startReference, tf } from './support/tfjs-reference.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/graph');
const SIDE = 8;
const FACTS = { inputSide: SIDE, pixels: '[-1,1]', featureLayer: null } as const;
const NO_DATA = new ArrayBuffer(0);

type LooseJson = Record<string, unknown>;

const layer = (name: string, kind: string, config: LooseJson, from: readonly string[]) => ({
  name,
  class_name: kind,
  config: { name, ...config },
  inbound_nodes: from.length === 0 ? [] : [from.map((source) => [source, 0, 0, {}])],
});

const INPUT = layer('image', 'InputLayer', { batch_input_shape: [null, SIDE, SIDE, 3] }, []);

function modelOf(layers: readonly object[], output: string, weights: readonly object[] = []): object {
  return {
    modelTopology: {
      class_name: 'Model',
      config: { name: 'm', layers, input_layers: [['image', 0, 0]], output_layers: [[output, 0, 0]] },
    },
    weightsManifest: [{ paths: [], weights }],
  };
}

function refusal(modelJson: unknown, weightData = NO_DATA, inputSide = SIDE): unknown {
  try {
    readModel(modelJson, weightData, { ...FACTS, inputSide });
  } catch (error) {
    return error;
  }
  return null;
}

describe('a hostile model is refused', () => {
  const relu = { activation: 'relu' };

  it('when its layers run in a circle', () => {
    const layers = [INPUT, layer('a', 'Add', {}, ['image', 'b']), layer('b', 'Activation', relu, ['a'])];
    expect(refusal(modelOf(layers, 'b'))).toMatchObject({
      code: 'backbone-corrupt',
      message: expect.stringMatching(/circle/),
    });
  });

  it('when its graph nodes run in a circle, also through identities', () => {
    const model = new GraphModelBuilder(SIDE);
    model.node('a', 'AddV2', ['image', 'b']);
    model.node('b', 'Identity', ['a']);
    model.node('end', 'Relu', ['b']);
    expect(refusal(model.files().modelJson)).toMatchObject({ code: 'backbone-corrupt' });
  });

  it('when models are nested two thousand deep', () => {
    let nested: object = layer('deepest', 'Activation', relu, []);
    for (let depth = 0; depth < 2000; depth += 1) {
      nested = { class_name: 'Sequential', config: { name: `s${depth}`, layers: [nested] } };
    }
    expect(refusal({ modelTopology: nested, weightsManifest: [] })).toMatchObject({ code: 'backbone-unsupported' });
  });

  it('when it has six thousand layers', () => {
    const layers = Array.from({ length: 6000 }, (_, k) =>
      layer(`l${k}`, 'Activation', relu, [k === 0 ? 'image' : `l${k - 1}`]),
    );
    expect(refusal(modelOf([INPUT, ...layers], 'l5999'))).toMatchObject({ code: 'backbone-unsupported' });
  });

  it('when its values double until nothing could hold them', () => {
    const layers = Array.from({ length: 60 }, (_, k) => {
      const from = k === 0 ? 'image' : `c${k - 1}`;
      return layer(`c${k}`, 'Concatenate', {}, [from, from]);
    });
    expect(refusal(modelOf([INPUT, ...layers], 'c59'))).toMatchObject({ code: 'backbone-unsupported' });
  });

  it('when a thousand layers of modest size are too much together', () => {
    const pad = layer(
      'pad',
      'ZeroPadding2D',
      {
        padding: [
          [1000, 0],
          [1000, 0],
        ],
      },
      ['image'],
    );
    const pools = Array.from({ length: 1000 }, (_, k) =>
      layer(`p${k}`, 'MaxPooling2D', { pool_size: 1, strides: 1 }, [k === 0 ? 'pad' : `p${k - 1}`]),
    );
    expect(refusal(modelOf([INPUT, pad, ...pools], 'p999'))).toMatchObject({
      code: 'backbone-unsupported',
      message: expect.stringMatching(/too many/),
    });
  });

  it('when it pads by thousands of millions', () => {
    const pad = layer(
      'pad',
      'ZeroPadding2D',
      {
        padding: [
          [4e9, 0],
          [0, 0],
        ],
      },
      ['image'],
    );
    expect(refusal(modelOf([INPUT, pad], 'pad'))).toMatchObject({ code: 'backbone-corrupt' });
  });

  it('when weights are missing, of the wrong shape, or not finite once folded', () => {
    const conv = layer('conv', 'Conv2D', { use_bias: false, kernel_size: [1, 1] }, ['image']);
    expect(refusal(modelOf([INPUT, conv], 'conv'))).toMatchObject({ message: expect.stringMatching(/"conv".*kernel/) });
    const flat = [{ name: 'conv/kernel', shape: [2, 2], dtype: 'float32' }];
    expect(refusal(modelOf([INPUT, conv], 'conv', flat), new ArrayBuffer(16))).toMatchObject({
      code: 'backbone-corrupt',
    });
    const norm = layer('norm', 'BatchNormalization', { scale: false, center: false, epsilon: 0 }, ['conv']);
    const weights = [
      { name: 'conv/kernel', shape: [1, 1, 3, 1], dtype: 'float32' },
      { name: 'norm/moving_mean', shape: [1], dtype: 'float32' },
      { name: 'norm/moving_variance', shape: [1], dtype: 'float32' },
    ];
    const data = Float32Array.of(1, 2, 3, 4, 0).buffer;
    expect(refusal(modelOf([INPUT, conv, norm], 'norm', weights), data)).toMatchObject({
      message: expect.stringMatching(/not finite/),
    });
  });

  it('when layers are called like what every object has', () => {
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty']) {
      expect(refusal(modelOf([INPUT], name))).toMatchObject({ code: 'backbone-corrupt' });
      const odd = JSON.parse(`{"modelTopology": {"__proto__": {"node": []}}, "weightsManifest": []}`) as object;
      expect(refusal(odd)).toBeInstanceOf(GraphError);
    }
    expect('node' in {}).toBe(false);
  });

  it('when a tensor claims four gigabytes, long before they are asked for', () => {
    const weights = [{ name: 'conv/kernel', shape: [1024, 1024, 1024, 1], dtype: 'float32' }];
    const conv = layer('conv', 'Conv2D', { use_bias: false }, ['image']);
    expect(refusal(modelOf([INPUT, conv], 'conv', weights))).toMatchObject({
      code: 'backbone-corrupt',
      message: expect.stringMatching(/conv\/kernel/),
    });
    const grown = layer('grown', 'Reshape', { target_shape: [32768, 32768] }, ['image']);
    expect(refusal(modelOf([INPUT, grown], 'grown'))).toMatchObject({ message: expect.stringMatching(/"grown"/) });
  });

  it('when a weight is not a number, by its name', () => {
    const weights = [{ name: 'conv/kernel', shape: [1, 1, 3, 1], dtype: 'float32' }];
    const conv = layer('conv', 'Conv2D', { use_bias: false }, ['image']);
    expect(refusal(modelOf([INPUT, conv], 'conv', weights), Float32Array.of(1, Number.NaN, 3).buffer)).toMatchObject({
      code: 'backbone-corrupt',
      message: expect.stringMatching(/conv\/kernel/),
    });
  });

  it('when it has a million layers, nodes, calls or tensors, with no more than a look at their number', () => {
    const million = 1_000_000;
    const one = layer('a', 'Activation', relu, ['image']);
    const many = (item: unknown) => new Array<unknown>(million).fill(item);
    const graph = { modelTopology: { node: many({ name: 'n', op: 'Relu', input: [] }) }, weightsManifest: [] };
    const shared = { ...one, inbound_nodes: many([['image', 0, 0, {}]]) };
    const joined = { ...one, inbound_nodes: [many(['image', 0, 0, {}])] };
    const nested = { ...one, inbound_nodes: [{ args: many(1), kwargs: {} }] };
    const cases: readonly object[] = [
      modelOf([INPUT, ...(many(one) as object[])], 'a'),
      graph,
      modelOf([INPUT, shared], 'a'),
      modelOf([INPUT, joined], 'a'),
      modelOf([INPUT, nested], 'a'),
      modelOf([INPUT, one], 'a', many({ name: 'w', shape: [1], dtype: 'float32' }) as object[]),
    ];
    for (const model of cases) expect(refusal(model)).toMatchObject({ code: 'backbone-unsupported' });
  });

  it('when calls of models in models double until there are too many', () => {
    const twice = (inner: object, name: string) => {
      const first = { ...inner, name: 'inner', inbound_nodes: [[['in', 0, 0, {}]], [['inner', 0, 0, {}]]] };
      const config = {
        name,
        layers: [layer('in', 'InputLayer', { batch_input_shape: [null, SIDE, SIDE, 3] }, []), first],
        input_layers: [['in', 0, 0]],
        output_layers: [['inner', 1, 0]],
      };
      return { class_name: 'Model', config };
    };
    let model: object = { class_name: 'Activation', config: { name: 'inner', ...relu } };
    for (let depth = 0; depth < 15; depth += 1) model = twice(model, `m${depth}`);
    expect(refusal({ modelTopology: model, weightsManifest: [] })).toMatchObject({ code: 'backbone-unsupported' });
  });

  it('when it is no model at all', () => {
    for (const json of [null, 3, 'model', [], {}, { modelTopology: 3 }, { modelTopology: {}, weightsManifest: [] }]) {
      expect(refusal(json)).toBeInstanceOf(GraphError);
    }
  });
});

/** Every place inside a JSON value, as a list of keys. */
function placesIn(root: unknown): (readonly (string | number)[])[] {
  const places: (readonly (string | number)[])[] = [];
  const open: { value: unknown; place: readonly (string | number)[] }[] = [{ value: root, place: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, place } = next;
    if (typeof value !== 'object' || value === null) continue;
    const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
    for (const key of keys) {
      places.push([...place, key]);
      open.push({ value: (value as Record<string | number, unknown>)[key], place: [...place, key] });
    }
  }
  return places;
}

function mutated(json: unknown, place: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(json) as Record<string | number, unknown>;
  let parent = copy;
  for (const key of place.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = place.at(-1);
  if (last !== undefined && value === undefined) delete parent[last];
  else if (last !== undefined) parent[last] = value;
  return copy;
}

const anyValue = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, 0, -1, 1.5, 4e9, 1e308, '', 'same', '__proto__', 'image', [], {}, [
    [],
  ]),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
);

describe('a model changed at random places', () => {
  let layersFiles: ModelFiles;
  const graphFiles = smallGraphModel();

  beforeAll(async () => {
    await startReference();
    const model = tf.sequential({
      layers: [
        tf.layers.zeroPadding2d({ padding: 1, inputShape: [SIDE, SIDE, 3] }),
        tf.layers.conv2d({ filters: 2, kernelSize: 3, strides: 2 }),
        tf.layers.batchNormalization(),
        tf.layers.reLU({ maxValue: 6 }),
        tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    randomise(model);
    layersFiles = await saveModel(model);
  });

  it('is read or refused with a reason when it is a real file with gates, Keras 3 style', () => {
    const modelJson: unknown = JSON.parse(readFileSync(join(FIXTURES, 'mobilenet-v3.json'), 'utf8'));
    const weightData = new Uint8Array(readFileSync(join(FIXTURES, 'mobilenet-v3.bin'))).buffer;
    expect(refusal(modelJson, weightData, 32)).toBeNull();
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(modelJson)), anyValue, (place, value) => {
        const error = refusal(mutated(modelJson, place, value), weightData, 32);
        expect(error === null || error instanceof GraphError).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('is read or refused with a reason, never anything else', () => {
    for (const { modelJson, weightData } of [layersFiles, graphFiles]) {
      expect(refusal(modelJson, weightData)).toBeNull();
      fc.assert(
        fc.property(fc.constantFrom(...placesIn(modelJson)), anyValue, (place, value) => {
          const error = refusal(mutated(modelJson, place, value), weightData);
          expect(error === null || error instanceof GraphError).toBe(true);
        }),
        { numRuns: 1500 },
      );
    }
  });

  it('is read or refused when its data is cut or overwritten', () => {
    for (const { modelJson, weightData } of [layersFiles, graphFiles]) {
      fc.assert(
        fc.property(fc.nat(weightData.byteLength + 8), fc.uint8Array({ maxLength: 16 }), (length, noise) => {
          const bytes = new Uint8Array(length);
          bytes.set(new Uint8Array(weightData).subarray(0, length));
          bytes.set(noise.subarray(0, length), Math.max(0, Math.floor(length / 2) - 8));
          const error = refusal(modelJson, bytes.buffer);
          const isRefused = error instanceof GraphError;
          expect(length === weightData.byteLength ? isRefused || error === null : isRefused).toBe(true);
        }),
        { numRuns: 300 },
      );
    }
  });
});

function smallGraphModel(): ModelFiles {
  const model = new GraphModelBuilder(SIDE);
  const conv = model.node(
    'conv',
    '_FusedConv2D',
    ['image', model.constant('w', seededValues(54, 1), [3, 3, 3, 2]), model.constant('b', [1, 2], [2])],
    { ...model.window('SAME', 2), ...model.fused('BiasAdd', 'Relu6') },
  );
  const padded = model.node('pad', 'Pad', [conv, model.constant('p', [0, 0, 1, 1, 1, 1, 0, 0], [4, 2], 'int32')]);
  const pool = model.node('pool', 'MaxPool', [padded], model.pool('VALID', 2, 2));
  const joined = model.node('joined', 'ConcatV2', [pool, pool, model.constant('axis', [3], [], 'int32')]);
  model.node('feature', 'Mean', [joined, model.constant('space', [1, 2], [2], 'int32')], { keep_dims: { b: false } });
  return model.files();
}
