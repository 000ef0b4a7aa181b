import { beforeAll, describe, expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { resolveSettings } from '../../../src/domain/settings.ts';
import { checkSettings } from '../../../src/domain/settings-check.ts';
import { predictProbabilities } from '../../../src/engine/head.ts';
import * as tf from '../../../src/engine/tf.ts';
import { trainHead } from '../../../src/engine/train.ts';
import golden from '../../fixtures/training/runs.json' with { type: 'json' };
import { makeRun, onDevice, useBackend } from './train-setup.ts';

/** float32 against the reference's float64, over a dozen steps. */
const TOLERANCE = 2e-4;

const features = { values: Float32Array.from(golden.features), featureLength: golden.featureLength };

async function trainGolden(values: object) {
  const { options, events } = makeRun();
  const parts = golden.parts.map((part): Part => (part === 'train' ? 'train' : 'validation'));
  const output = await trainHead({
    ...options,
    features,
    rows: { hashes: golden.classIndices.map(String), classIndices: golden.classIndices, parts },
    classCount: golden.classCount,
    settings: resolveSettings(checkSettings(values).settings, { classCounts: [] }),
  });
  const rows = onDevice(features);
  const probabilities = await predictProbabilities(rows, output.head);
  rows.dispose();
  return { output, probabilities, epochs: events.map((event) => event.epoch) };
}

function expectNear(actual: ArrayLike<number>, wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  const apart = wanted.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)));
  expect(Math.max(...apart)).toBeLessThan(TOLERANCE);
}

type GoldenRun = (typeof golden.runs)[number];

async function expectGolden(run: GoldenRun): Promise<void> {
  const { output, epochs, probabilities } = await trainGolden(run.settings);
  expect(output.bestEpochIndex).toBe(run.bestEpochIndex);
  expectNear(
    epochs.map((epoch) => epoch.trainLoss),
    run.epochs.map((epoch) => epoch.trainLoss),
  );
  expectNear(
    epochs.map((epoch) => epoch.validationLoss ?? Number.NaN),
    run.epochs.map((epoch) => epoch.validationLoss),
  );
  expectNear(
    epochs.map((epoch) => epoch.learningRate),
    run.epochs.map((epoch) => epoch.learningRate),
  );
  expectNear(
    epochs.flatMap((epoch) => [epoch.trainAccuracyRatio, epoch.validationAccuracyRatio ?? Number.NaN]),
    run.epochs.flatMap((epoch) => [epoch.trainAccuracyRatio, epoch.validationAccuracyRatio]),
  );
  const weights = output.head.layers.flatMap((layer) => [layer.kernel, layer.bias]);
  weights.forEach((values, index) => {
    expectNear(values, run.weights[index] ?? []);
  });
  expectNear(probabilities, run.probabilities);
}

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(golden.runs)('numbers of every epoch agree with the reference: $name', expectGolden);
});

test.for(['webgpu', 'webgl'] as const)(
  'numbers on %s agree with the reference, with everything at once',
  async (backend, { skip }) => {
    const started = await tf.setBackend(backend).catch(() => false);
    skip(!started || tf.getBackend() !== backend, `this browser has no ${backend}`);
    const run = golden.runs.find(({ name }) => name === 'everything at once');
    expect(run).toBeDefined();
    if (run !== undefined) await expectGolden(run);
  },
);

/** Sizes that fill no vector, no block and no panel, and one that fills them all. */
const SIZES = [
  { featureLength: 13, hiddenUnits: 0, secondHiddenUnits: 0, classCount: 11, batchSize: 7 },
  { featureLength: 30, hiddenUnits: 21, secondHiddenUnits: 0, classCount: 3, batchSize: 5 },
  { featureLength: 16, hiddenUnits: 8, secondHiddenUnits: 0, classCount: 17, batchSize: 1 },
  { featureLength: 64, hiddenUnits: 16, secondHiddenUnits: 0, classCount: 8, batchSize: 16 },
  { featureLength: 21, hiddenUnits: 11, secondHiddenUnits: 5, classCount: 3, batchSize: 9 },
  { featureLength: 32, hiddenUnits: 16, secondHiddenUnits: 24, classCount: 8, batchSize: 16 },
];

async function trainSize(size: (typeof SIZES)[number]): Promise<number[]> {
  const random = randomStream(3, 'sizes');
  const rowCount = 60;
  const classIndices = Array.from({ length: rowCount }, (_, row) => row % size.classCount);
  const values = Float32Array.from({ length: rowCount * size.featureLength }, () => random.normal());
  const parts = classIndices.map((_, row): Part => (row < 43 ? 'train' : 'validation'));
  const { options } = makeRun({ settings: { ...size, epochs: 3, dropout: 0.3, learningRate: 0.05 } });
  const { head } = await trainHead({
    ...options,
    features: { values, featureLength: size.featureLength },
    rows: { hashes: classIndices.map(String), classIndices, parts },
    classCount: size.classCount,
  });
  return head.layers.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
}

test.each(SIZES)(
  'our kernels agree with tfjs: $featureLength features, $hiddenUnits and $secondHiddenUnits hidden units, $classCount classes',
  async (size) => {
    await useBackend('wasm');
    const ours = await trainSize(size);
    await useBackend('cpu');
    const theirs = await trainSize(size);
    expect(Math.max(...theirs.map(Math.abs))).toBeGreaterThan(0.1);
    expectNear(ours, theirs);
  },
);
