import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BackboneManifest } from '../../../src/domain/backbone.ts';
import { verifyAgainstUnfolded, verifyFolding } from '../../../src/engine/verify.ts';
import type { FoldedNode } from '../../../src/graph/folded-graph.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { GraphModelBuilder } from '../graph/support/graph-model-builder.ts';
import {
  type ModelFiles,
  randomise,
  saveModel,
  seededValues,
  startReference,
  tf,
} from '../graph/support/tfjs-reference.ts';

/** Real ImageNet networks that lie beside the project on some machines. */
const SHARED = join(import.meta.dirname, '../../../../shared/backbones');
const GRAPH_FIXTURES = join(import.meta.dirname, '../../fixtures/graph');
const SIDE = 16;

beforeAll(startReference);

function manifest(change: Partial<BackboneManifest>): BackboneManifest {
  return {
    ...{ id: 'test', name: 'Test', family: 'test', inputSide: SIDE, pixels: '[-1,1]', featureLayer: null },
    ...{ licence: 'MIT', source: 'made for tests', sizeBytes: 0, ...change },
  };
}

/** Folds a model and proves it, and checks that the proof leaves nothing on the device. */
async function prove({ modelJson, weightData }: ModelFiles, change: Partial<BackboneManifest> = {}) {
  const facts = manifest(change);
  const graph = readModel(modelJson, weightData, facts);
  const { numTensors } = tf.memory();
  const errorRatio = await verifyFolding(modelJson, weightData, facts, graph);
  expect(tf.memory().numTensors).toBe(numTensors);
  return { errorRatio, graph };
}

/** A classifier as Teachable Machine nests it: Sequential[Sequential[Model, average], Sequential[dense, dense]]. */
async function nestedClassifier(): Promise<ModelFiles> {
  const input = tf.input({ shape: [SIDE, SIDE, 3] });
  const conv = tf.layers.conv2d({ filters: 5, kernelSize: 3, strides: 2, name: 'conv', useBias: false }).apply(input);
  const norm = tf.layers.batchNormalization({ name: 'norm' }).apply(conv);
  const last = tf.layers.reLU({ maxValue: 6, name: 'last' }).apply(norm) as tf.SymbolicTensor;
  const inner = tf.model({ inputs: input, outputs: last, name: 'inner' });
  const base = tf.sequential({ name: 'base', layers: [inner, tf.layers.globalAveragePooling2d({ name: 'average' })] });
  const top = tf.sequential({
    name: 'top',
    layers: [
      tf.layers.dense({ units: 4, inputShape: [5], activation: 'relu', name: 'hidden' }),
      tf.layers.dense({ units: 2, activation: 'softmax', name: 'answer' }),
    ],
  });
  const whole = tf.sequential({ layers: [base, top] });
  randomise(whole);
  const files = await saveModel(whole);
  for (const weight of whole.weights) weight.dispose();
  return files;
}

/** A functional model whose nested part does not come first: tfjs reaches it only through the layers before it. */
async function nestedBehindLayer(): Promise<ModelFiles> {
  const innerInput = tf.input({ shape: [SIDE, SIDE, 4] });
  const deep = tf.layers.conv2d({ filters: 6, kernelSize: 3, name: 'deep' }).apply(innerInput);
  const flat = tf.layers.globalAveragePooling2d({ name: 'flat' }).apply(deep) as tf.SymbolicTensor;
  const inner = tf.model({ inputs: innerInput, outputs: flat, name: 'inner' });
  const input = tf.input({ shape: [SIDE, SIDE, 3] });
  const first = tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', name: 'first' }).apply(input);
  const whole = tf.model({ inputs: input, outputs: inner.apply(first) as tf.SymbolicTensor });
  randomise(whole);
  const files = await saveModel(whole);
  for (const weight of whole.weights) weight.dispose();
  return files;
}

/** A graph model with arithmetic on its input and a dense top, made as the converter writes it. */
function graphClassifier(): ModelFiles {
  const model = new GraphModelBuilder(SIDE);
  const doubled = model.node('doubled', 'Mul', ['image', model.constant('two', [2], [])]);
  const centred = model.node('centred', 'Sub', [doubled, model.constant('one', [1], [])]);
  const kernel = model.constant('kernel', seededValues(27 * 5, 3), [3, 3, 3, 5]);
  const bias = model.constant('bias', seededValues(5, 4), [5]);
  const fused = model.fused('BiasAdd', 'Relu6');
  const conv = model.node('conv', '_FusedConv2D', [centred, kernel, bias], { ...model.window('SAME', 2), ...fused });
  const axes = model.constant('axes', [1, 2], [2], 'int32');
  const pooled = model.node('pooled', 'Mean', [conv, axes], { keep_dims: { b: false } });
  const dense = model.constant('dense', seededValues(5 * 2, 5), [5, 2]);
  const product = { transpose_a: { b: false }, transpose_b: { b: false } };
  model.node('answer', 'Softmax', [model.node('logits', 'MatMul', [pooled, dense], product)]);
  return model.files();
}

describe('a conversion is proved against the original', () => {
  it('holds at either use of a layer or model that is used twice', async () => {
    const input = tf.input({ shape: [SIDE, SIDE, 3], name: 'image' });
    const options = { filters: 3, kernelSize: 3, padding: 'same' as const, activation: 'relu' as const };
    const shared = tf.layers.conv2d({ ...options, name: 'shared' });
    const innerInput = tf.input({ shape: [SIDE, SIDE, 3], name: 'in' });
    const deep = tf.layers.conv2d({ ...options, name: 'deep' }).apply(innerInput) as tf.SymbolicTensor;
    const inner = tf.model({ inputs: innerInput, outputs: deep, name: 'inner' });
    const outputs = [shared, inner, shared, inner].reduce<unknown>(
      (x, layer) => layer.apply(x as tf.SymbolicTensor),
      input,
    );
    const whole = tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor });
    randomise(whole);
    const files = await saveModel(whole);
    for (const featureLayer of ['shared', 'inner/deep', 'shared:1', 'inner:1/deep', null]) {
      const { errorRatio } = await prove(files, { featureLayer });
      expect(errorRatio).toBeLessThan(1e-5);
    }
    for (const weight of whole.weights) weight.dispose();
  });

  it('where the feature lies inside nested models and a top follows it', async () => {
    const files = await nestedClassifier();
    const { errorRatio, graph } = await prove(files);
    expect(graph.featureLength).toBe(5);
    expect(errorRatio).toBeLessThan(1e-5);
    const named = await prove(files, { featureLayer: 'last' });
    expect(named.graph.featureSource).toContain('/inner/last');
    expect(named.errorRatio).toBeLessThan(1e-5);
  });

  it('where the nested model comes after other layers', async () => {
    const { errorRatio } = await prove(await nestedBehindLayer());
    expect(errorRatio).toBeLessThan(1e-5);
  });

  it('where a graph model has a top, and arithmetic on its input that became part of the scaling', async () => {
    const { errorRatio, graph } = await prove(graphClassifier(), { pixels: '[0,1]' });
    expect(graph).toMatchObject({ pixels: '[-1,1]', featureLength: 5, featureSource: 'pooled' });
    expect(errorRatio).toBeLessThan(1e-5);
  });
});

it('a conversion that computes something else is refused', async () => {
  const { modelJson, weightData } = graphClassifier();
  const facts = manifest({ pixels: '[0,1]' });
  const graph = readModel(modelJson, weightData, facts);
  for (const node of graph.nodes) if (node.op === 'conv') node.bias.values[0] = (node.bias.values[0] ?? 0) + 0.01;
  await expect(verifyFolding(modelJson, weightData, facts, graph)).rejects.toMatchObject({ code: 'folding-failed' });
});

it('an original that tfjs cannot run proves nothing, neither way', async () => {
  const { modelJson, weightData } = await nestedClassifier();
  const facts = manifest({});
  const graph = { ...readModel(modelJson, weightData, facts), featureSource: 'base/nowhere' };
  expect(await verifyFolding(modelJson, weightData, facts, graph)).toBeNull();
});

describe('a network that tfjs cannot load is proved against itself, unfolded', () => {
  const model: unknown = JSON.parse(readFileSync(join(GRAPH_FIXTURES, 'mobilenet-v3.json'), 'utf8'));
  const weightData = new Uint8Array(readFileSync(join(GRAPH_FIXTURES, 'mobilenet-v3.bin'))).buffer;
  const facts = manifest({ inputSide: 32 });
  const read = () => readModel(model, weightData, facts);

  it('with every batch norm a step of its own, and nothing left on the device', async () => {
    const graph = read();
    expect(await verifyFolding(model, weightData, facts, graph)).toBeNull();
    const norms = (nodes: readonly FoldedNode[]) => nodes.filter(({ op }) => op === 'affine').length;
    expect(norms(graph.unfolded().nodes)).toBeGreaterThan(norms(graph.nodes));
    const { numTensors } = tf.memory();
    expect(await verifyAgainstUnfolded(graph, 'Test')).toBeLessThan(1e-5);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('and refused when the folding changed something', async () => {
    const graph = read();
    const conv = graph.nodes.find((node) => node.op === 'conv');
    if (conv?.op !== 'conv') throw new Error('There is no convolution.');
    conv.kernel.values.fill(0);
    await expect(verifyAgainstUnfolded(graph, 'Test')).rejects.toMatchObject({ code: 'folding-failed' });
  });
});

function readFiles(id: string): ModelFiles {
  const modelJson = JSON.parse(readFileSync(join(SHARED, id, 'model.json'), 'utf8')) as {
    weightsManifest: { paths: string[] }[];
  };
  const paths = modelJson.weightsManifest.flatMap((group) => group.paths);
  const joined = Buffer.concat(paths.map((path) => readFileSync(join(SHARED, id, path))));
  return { modelJson, weightData: new Uint8Array(joined).buffer };
}

/** What lies beside the files; a Teachable Machine download has no description of ours. */
function readFacts(id: string): Partial<BackboneManifest> {
  const file = join(SHARED, id, 'backbone.json');
  if (!existsSync(file)) return { inputSide: 224 };
  return JSON.parse(readFileSync(file, 'utf8')) as Partial<BackboneManifest>;
}

const isThere = existsSync(SHARED) && readdirSync(SHARED).length > 0;
if (!isThere) console.info('Skipped: the real networks are not on this machine (../shared/backbones).');

describe.skipIf(!isThere)('a real network is proved', () => {
  it.each(isThere ? readdirSync(SHARED) : [])('%s', async (id) => {
    const { errorRatio } = await prove(readFiles(id), readFacts(id));
    expect(errorRatio).toBeLessThan(1e-4);
  });
});
