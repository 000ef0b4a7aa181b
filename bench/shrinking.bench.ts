import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Part } from '../src/domain/dataset.ts';
import { randomStream, shuffledIndices } from '../src/domain/random.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../src/domain/settings.ts';
import { createEmbedder } from '../src/engine/embedder.ts';
import { predictProbabilities } from '../src/engine/head.ts';
import * as tf from '../src/engine/tf.ts';
import { trainHead } from '../src/engine/train.ts';
import type { Features } from '../src/engine/training/features.ts';
import { readModel } from '../src/graph/read-model.ts';
import { readBackboneManifest } from '../src/schemas/backbone-manifest.ts';
import { BACKBONES_DIR, haveDataset, readPhotos } from './helpers/datasets.ts';
import { shrinkPhotos, type Way } from './helpers/shrink-photos.ts';

interface Labelled {
  readonly classIndices: readonly number[];
  readonly classCount: number;
  /** One row a photo, by how the photos were shrunk. */
  readonly features: Readonly<Record<Way, Features>>;
}

/** How the photos of training and those of the test were shrunk. */
const CASES: readonly { readonly train: Way; readonly test: Way }[] = [
  { train: 'halves', test: 'halves' },
  { train: 'low', test: 'low' },
  { train: 'medium', test: 'medium' },
  { train: 'halves', test: 'low' },
];

/**
 * `npm run bench shrinking [data set] [backbone id] [side] [photos a class] [split seeds]`: test accuracy by how large
 * photos are shrunk, head trained with the default settings. The network runs at a smaller side than it was made for, so
 * that these photos shrink as much as larger ones would. All rows share the same splits; differences are to the first.
 */
export async function run(args: string[]): Promise<void> {
  const [dataset = 'trashnet', id = 'mobilenet_v2_1.0_224_tf2_f16'] = args;
  const [side = 72, perClass = 300, seedCount = 8] = args.slice(2).map(Number);
  if (!haveDataset(dataset)) return;
  if (!existsSync(join(BACKBONES_DIR, id))) return void console.log(`not measured: no network ${id}`);
  tf.setWasmPaths(fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
  await tf.setBackend('wasm');
  const data = await prepare(dataset, id, side, perClass);
  console.log('trained on | tested on | mean accuracy | by split seed | difference');
  const first: number[] = [];
  for (const { train, test } of CASES) {
    const ratios: number[] = [];
    for (let seed = 1; seed <= seedCount; seed++) ratios.push(await accuracyRatio(data, seed, train, test));
    if (first.length === 0) first.push(...ratios);
    const list = ratios.map((ratio) => ratio.toFixed(3)).join(' ');
    console.log(`${train} | ${test} | ${mean(ratios).toFixed(4)} | ${list} | ${differenceText(ratios, first)}`);
  }
}

async function prepare(dataset: string, id: string, side: number, perClass: number): Promise<Labelled> {
  const photos = [...readPhotos(dataset, perClass)];
  const names = [...new Set(photos.map(({ className }) => className))];
  const shrunk = await shrinkPhotos(
    photos.map(({ bytes }) => bytes),
    side,
  );
  const shrinking = mean(shrunk.map(({ ratio }) => ratio)).toFixed(2);
  console.log(
    `${dataset}, ${photos.length} photos, ${names.length} classes, ${id} at ${side} px: shrunk ${shrinking}x`,
  );
  const features = {
    halves: await embedAll(
      id,
      side,
      shrunk.map(({ halves }) => halves),
    ),
    low: await embedAll(
      id,
      side,
      shrunk.map(({ low }) => low),
    ),
    medium: await embedAll(
      id,
      side,
      shrunk.map(({ medium }) => medium),
    ),
  };
  const classIndices = photos.map(({ className }) => names.indexOf(className));
  return { classIndices, classCount: names.length, features };
}

/** @param images uint8 [side, side, 3] RGB each. @returns one row an image. */
async function embedAll(id: string, side: number, images: readonly Uint8Array[]): Promise<Features> {
  const dir = join(BACKBONES_DIR, id);
  const manifest = readBackboneManifest(JSON.parse(readFileSync(join(dir, 'backbone.json'), 'utf8')));
  // The side stands once in the topology, as the input's shape.
  const text = readFileSync(join(dir, 'model.json'), 'utf8');
  const model = JSON.parse(
    text.replace(/"batch_input_shape":\[null,\d+,\d+,3\]/, `"batch_input_shape":[null,${side},${side},3]`),
  );
  const shards = readdirSync(dir)
    .filter((file) => file.endsWith('.bin'))
    .sort();
  const weights = new Uint8Array(Buffer.concat(shards.map((file) => readFileSync(join(dir, file))))).buffer;
  const embedder = createEmbedder(readModel(model, weights, { ...manifest, inputSide: side }), 'wasm');
  const values = new Float32Array(images.length * embedder.featureLength);
  for (let from = 0; from < images.length; from += embedder.batchSize) {
    values.set(await embedder.embed(images.slice(from, from + embedder.batchSize)), from * embedder.featureLength);
  }
  embedder.dispose();
  return { values, featureLength: embedder.featureLength };
}

/** Part of every photo: 15 % test, 15 % validation, drawn class by class. */
function split({ classIndices, classCount }: Labelled, seed: number): Part[] {
  const parts = classIndices.map((): Part => 'train');
  for (let classIndex = 0; classIndex < classCount; classIndex++) {
    const rows = classIndices.flatMap((other, row) => (other === classIndex ? [row] : []));
    const held = Math.round(rows.length * 0.15);
    shuffledIndices(rows.length, randomStream(seed, `split ${classIndex}`)).forEach((at, rank) => {
      const row = rows[at];
      if (row !== undefined && rank < 2 * held) parts[row] = rank < held ? 'test' : 'validation';
    });
  }
  return parts;
}

/** Accuracy on the test part of a head with the default settings. */
async function accuracyRatio(data: Labelled, seed: number, train: Way, test: Way): Promise<number> {
  const { classIndices, classCount, features } = data;
  const parts = split(data, seed);
  const classCounts = Array.from(
    { length: classCount },
    (_, classIndex) => classIndices.filter((other, row) => other === classIndex && parts[row] === 'train').length,
  );
  const { head } = await trainHead({
    features: features[train],
    rows: { hashes: classIndices.map(String), classIndices, parts },
    classCount,
    settings: resolveSettings({ ...DEFAULT_SETTINGS, seed }, { classCounts }),
    signal: new AbortController().signal,
    stopRequested: () => false,
    emit: () => {},
    now: () => performance.now(),
    yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const { values, featureLength } = features[test];
  const rows = tf.tensor2d(values, [classIndices.length, featureLength]);
  const probabilities = await predictProbabilities(rows, head);
  rows.dispose();
  const tested = classIndices.flatMap((classIndex, row) => {
    if (parts[row] !== 'test') return [];
    const own = probabilities.subarray(row * classCount, (row + 1) * classCount);
    return [own.indexOf(Math.max(...own)) === classIndex ? 1 : 0];
  });
  return mean(tested);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean difference in percentage points, seed by seed, and its standard error. */
function differenceText(ratios: readonly number[], first: readonly number[]): string {
  const points = ratios.map((ratio, at) => 100 * (ratio - (first[at] ?? Number.NaN)));
  const middle = mean(points);
  const error = Math.sqrt(mean(points.map((value) => (value - middle) ** 2)) / (points.length - 1));
  return `${middle >= 0 ? '+' : ''}${middle.toFixed(2)} points (standard error ${error.toFixed(2)})`;
}
