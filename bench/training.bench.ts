import { fileURLToPath } from 'node:url';
import * as tfjs from '@tensorflow/tfjs';
import { randomStream } from '../src/domain/random.ts';
import { DEFAULT_SETTINGS, type ResolvedSettings, resolveSettings } from '../src/domain/settings.ts';
import type { TrainingRows } from '../src/engine/contract.ts';
import * as tf from '../src/engine/tf.ts';
import { trainHead } from '../src/engine/train.ts';

interface Case {
  readonly trainCount: number;
  readonly validationCount: number;
  readonly featureLength: number;
  readonly classCount: number;
}

const CASES: readonly Case[] = [
  { trainCount: 700, validationCount: 150, featureLength: 1280, classCount: 5 },
  { trainCount: 2800, validationCount: 600, featureLength: 1280, classCount: 5 },
];

/**
 * `npm run bench training [rounds] [epochs]`: one epoch of head training, ours against `model.fit` of tfjs with the same
 * layers, optimiser, batch size and data, on wasm in Node. Rounds are interleaved; medians are printed.
 */
export async function run(args: string[]): Promise<void> {
  const [rounds = 7, epochs = 5] = args.map(Number);
  tf.setWasmPaths(fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
  await tf.setBackend('wasm');
  console.log('training rows | features | classes | ours ms/epoch | model.fit ms/epoch | ratio');
  for (const size of CASES) {
    const ours: number[] = [];
    const theirs: number[] = [];
    const data = makeData(size);
    for (let round = 0; round < rounds; round++) {
      ours.push((await timeOurs(data, size, epochs)) / epochs);
      theirs.push((await timeFit(data, size, epochs)) / epochs);
    }
    data.features.dispose();
    const [our, their] = [median(ours), median(theirs)];
    const figures = [size.trainCount, size.featureLength, size.classCount, our.toFixed(0), their.toFixed(0)];
    console.log([...figures, (their / our).toFixed(1)].join(' | '));
  }
}

interface Data {
  /** The same numbers twice: plain for us, on the device for `model.fit`. */
  readonly values: Float32Array;
  readonly features: tf.Tensor2D;
  readonly rows: TrainingRows;
}

/** Features like a network's: never negative, a third of them zero, one bump per class. */
function makeData({ trainCount, validationCount, featureLength, classCount }: Case): Data {
  const random = randomStream(42, 'bench');
  const rowCount = trainCount + validationCount;
  const classIndices = Array.from({ length: rowCount }, (_, row) => row % classCount);
  const values = new Float32Array(rowCount * featureLength);
  for (let index = 0; index < values.length; index++) {
    const bump = (index % featureLength) % classCount === classIndices[Math.floor(index / featureLength)] ? 0.1 : 0;
    values[index] = Math.max(0, random.normal() * 0.5 + 0.2 + bump);
  }
  const parts = classIndices.map((_, row) => (row < trainCount ? 'train' : 'validation'));
  const hashes = classIndices.map((_, row) => String(row));
  const features = tf.tensor2d(values, [rowCount, featureLength]);
  return { values, features, rows: { hashes, classIndices, parts } };
}

function settingsFor({ trainCount, classCount }: Case, epochs: number): ResolvedSettings {
  const classCounts = Array.from({ length: classCount }, () => trainCount / classCount);
  return resolveSettings({ ...DEFAULT_SETTINGS, head: 'network', epochs, patience: 0 }, { classCounts });
}

async function timeOurs({ values, rows }: Data, size: Case, epochs: number): Promise<number> {
  const { elapsedMs } = await trainHead({
    features: { values, featureLength: size.featureLength },
    rows,
    classCount: size.classCount,
    settings: settingsFor(size, epochs),
    signal: new AbortController().signal,
    stopRequested: () => false,
    emit: () => {},
    now: () => performance.now(),
    yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
  });
  return elapsedMs;
}

async function timeFit({ features, rows }: Data, size: Case, epochs: number): Promise<number> {
  const settings = settingsFor(size, epochs);
  const l2 = tfjs.regularizers.l2({ l2: settings.l2 });
  const model = tfjs.sequential();
  model.add(tfjs.layers.dropout({ rate: settings.dropout, inputShape: [size.featureLength] }));
  model.add(tfjs.layers.dense({ units: settings.hiddenUnits, activation: 'relu', kernelRegularizer: l2 }));
  model.add(tfjs.layers.dropout({ rate: settings.dropout }));
  model.add(tfjs.layers.dense({ units: size.classCount, activation: 'softmax', kernelRegularizer: l2 }));
  model.compile({
    optimizer: tf.train.adam(settings.learningRate),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d([...rows.classIndices], 'int32'), size.classCount));
  const cut = (tensor: tf.Tensor, from: number, count: number) => tf.slice(tensor, [from, 0], [count, -1]);
  const { trainCount, validationCount } = size;
  const train = [cut(features, 0, trainCount), cut(labels, 0, trainCount)] as const;
  const validation = [cut(features, trainCount, validationCount), cut(labels, trainCount, validationCount)] as const;
  const startedMs = performance.now();
  await model.fit(train[0], train[1], {
    epochs,
    batchSize: settings.batchSize,
    validationData: [validation[0], validation[1]],
    yieldEvery: 'never',
    verbose: 0,
  });
  const elapsedMs = performance.now() - startedMs;
  tf.dispose([labels, ...train, ...validation]);
  model.dispose();
  model.optimizer.dispose();
  return elapsedMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
