import { beforeAll, describe, expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import { resolveSettings } from '../../../src/domain/settings.ts';
import { checkSettings } from '../../../src/domain/settings-check.ts';
import { predictProbabilities } from '../../../src/engine/head.ts';
import * as tf from '../../../src/engine/tf.ts';
import { trainHead } from '../../../src/engine/train.ts';
import golden from '../../fixtures/training/runs.json' with { type: 'json' };
import { makeRun, useBackend } from './train-setup.ts';

/** float32 against the reference's float64, over a dozen steps. */
const TOLERANCE = 2e-4;

const features = () => tf.tensor2d(golden.features, [golden.classIndices.length, golden.featureLength]);

async function trainGolden(values: object) {
  const { options, events } = makeRun();
  const borrowed = features();
  const parts = golden.parts.map((part): Part => (part === 'train' ? 'train' : 'validation'));
  const output = await trainHead({
    ...options,
    features: borrowed,
    rows: { hashes: golden.classIndices.map(String), classIndices: golden.classIndices, parts },
    classCount: golden.classCount,
    settings: resolveSettings(checkSettings(values).settings, { classCounts: [] }),
  });
  const probabilities = await predictProbabilities(borrowed, output.head);
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
