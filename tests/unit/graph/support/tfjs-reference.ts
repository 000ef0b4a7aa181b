import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { FoldedGraph, Weight } from '../../../../src/graph/folded-graph.ts';
import { readModel } from '../../../../src/graph/read-model.ts';
import { type WriteOptions, writeLayersModel } from '../../../../src/graph/write-layers-model.ts';

/** A model's files in memory. */
export interface ModelFiles {
  readonly modelJson: unknown;
  readonly weightData: ArrayBuffer;
}

type Facts = Parameters<typeof readModel>[2];

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection'];

/** The reference runs on wasm, which is quick and independent of this project's code. */
export async function startReference(): Promise<void> {
  const emitter: NodeJS.EventEmitter = process;
  const before = new Set(PROCESS_EVENTS.flatMap((event) => emitter.listeners(event)));
  await tf.setBackend('wasm');
  // The wasm module would end the process at any error nobody caught, those that other files test among them.
  for (const event of PROCESS_EVENTS) {
    for (const added of emitter.listeners(event).filter((listener) => !before.has(listener))) {
      // Node gives listeners as any function and takes them as such that return nothing.
      emitter.off(event, added as () => void);
    }
  }
}

/** Numbers in [-1, 1), always the same ones for a seed (a linear congruential generator, constants of Numerical Recipes). */
export function seededValues(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A weight of a folded network with seeded values. */
export function seededWeight(shape: readonly number[], seed: number): Weight {
  const count = shape.reduce((product, side) => product * side, 1);
  return { shape, values: seededValues(count, seed) };
}

/** Gives every weight of a model seeded values; variances stay above zero. */
export function randomise(model: tf.LayersModel, seed = 1): void {
  let next = seed;
  for (const layer of model.layers) {
    if (layer instanceof tf.LayersModel) {
      randomise(layer, next + 100);
      continue;
    }
    const values = layer.weights.map((weight) => {
      next += 1;
      const count = weight.shape.reduce<number>((product, side) => product * (side ?? 1), 1);
      const raw = seededValues(count, next).map((value) =>
        weight.name.includes('variance') ? 0.6 + value / 2 : value,
      );
      return tf.tensor(
        raw,
        weight.shape.map((side) => side ?? 1),
      );
    });
    layer.setWeights(values);
    tf.dispose(values);
  }
}

/** What tfjs itself saves of a model. */
export async function saveModel(model: tf.LayersModel): Promise<ModelFiles> {
  let files: ModelFiles | null = null;
  await model.save({
    save: async (artifacts) => {
      const { modelTopology, weightSpecs, weightData } = artifacts;
      const modelJson = { modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
      files = { modelJson: structuredClone(modelJson), weightData: tf.io.CompositeArrayBuffer.join(weightData) };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  if (files === null) throw new Error('tfjs saved nothing');
  return files;
}

async function handlerOf({ modelJson, weightData }: ModelFiles): Promise<tf.io.IOHandler> {
  const artifacts = await tf.io.getModelArtifactsForJSON(modelJson as tf.io.ModelJSON, async (manifest) => [
    tf.io.getWeightSpecs(manifest),
    weightData,
  ]);
  return { load: async () => artifacts };
}

export async function loadLayers(files: ModelFiles): Promise<tf.LayersModel> {
  return tf.loadLayersModel(await handlerOf(files));
}

export async function loadGraph(files: ModelFiles): Promise<tf.GraphModel> {
  return tf.loadGraphModel(await handlerOf(files));
}

/** A seeded image batch, [count, side, side, 3], in [-1, 1). */
export function seededImages(side: number, count = 2): tf.Tensor4D {
  return tf.tensor4d(seededValues(count * side * side * 3, 7), [count, side, side, 3]);
}

/** A model's output for some images, averaged over space where there still is one. */
export function features(model: tf.LayersModel, images: tf.Tensor): Float32Array {
  return tf.tidy(() => {
    const output = model.predict(images) as tf.Tensor;
    return (output.rank === 4 ? output.mean([1, 2]) : output).dataSync() as Float32Array;
  });
}

/** Features of a folded graph, computed by tfjs from the layers model we write of it. */
export async function foldedFeatures(graph: FoldedGraph, images: tf.Tensor, options?: WriteOptions) {
  const written = await loadLayers(writeLayersModel(graph, options ?? { head: null, pixelInput: 'graph' }));
  const values = features(written, images);
  written.dispose();
  return values;
}

/** Largest difference relative to the largest wanted value; NaN when lengths differ. */
export function differenceRatio(wanted: Float32Array, given: Float32Array): number {
  if (wanted.length !== given.length) return Number.NaN;
  const most = (values: Float32Array) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return most(wanted.map((value, index) => value - (given[index] ?? Number.NaN))) / most(wanted);
}

/**
 * Nodes with their weights as short texts: comparing millions of numbers one by one takes a test framework too long.
 * Names are left out where `named` is false.
 */
export function summarise(nodes: FoldedGraph['nodes'], named = true): unknown {
  const text = JSON.stringify(nodes, (key, value: unknown) => {
    if (value instanceof Float32Array)
      return createHash('sha256').update(new Uint8Array(value.slice().buffer)).digest('hex');
    return !named && (key === 'name' || key === 'inputs') ? '' : value;
  });
  return JSON.parse(text);
}

/** A model built with tfjs's own layers, read by us, and how far our features are from tfjs's. */
export async function readBack(model: tf.LayersModel, facts: Partial<Facts> = {}) {
  randomise(model);
  const side = facts.inputSide ?? 12;
  const graph = readModel(...(await readArguments(model, { inputSide: side, ...facts })));
  const images = seededImages(side);
  const layer = facts.featureLayer ?? null;
  const reference =
    layer === null
      ? model
      : tf.model({ inputs: model.inputs, outputs: model.getLayer(layer).output as tf.SymbolicTensor });
  const wanted = features(reference, images);
  const difference = differenceRatio(wanted, await foldedFeatures(graph, images));
  images.dispose();
  return { graph, difference, ops: graph.nodes.map((node) => node.op) };
}

export async function readArguments(
  model: tf.LayersModel,
  facts: Partial<Facts>,
): Promise<Parameters<typeof readModel>> {
  const files = await saveModel(model);
  return [files.modelJson, files.weightData, { inputSide: 12, pixels: '[-1,1]', featureLayer: null, ...facts }];
}

export { tf };
