import { describe, expect, it } from 'vitest';
import type { TrainingSettings } from '../../../src/domain/settings.ts';
import { softened, type Teaching } from '../../../src/domain/teaching.ts';
import { predictProbabilities } from '../../../src/engine/head.ts';
import * as tf from '../../../src/engine/tf.ts';
import { type TrainOptions, trainHead } from '../../../src/engine/train.ts';
import { makeRun, onDevice, useBackend } from './train-setup.ts';

/** A teacher that is sure of the next class over, so that what was learnt from it and what from the labels differ. */
function wrongTeacher({ rows }: TrainOptions, change: Partial<Teaching> = {}): Teaching {
  const probabilities = rows.classIndices.flatMap((own) => [0, 1, 2].map((at) => (at === (own + 1) % 3 ? 0.8 : 0.1)));
  return { temperature: 2, weight: 1, ...change, probabilities: Float32Array.from(probabilities) };
}

async function answersOf(options: TrainOptions): Promise<Float32Array> {
  const { head } = await trainHead(options);
  const rows = onDevice(options.features);
  return predictProbabilities(rows, head).finally(() => rows.dispose());
}

/** One epoch only: the best one is chosen by the labels, which a wrong teacher makes look worse and worse. */
const SETTINGS: Partial<TrainingSettings> = {
  ...{ epochs: 1, batchSize: 4, learningRate: 0.1, hiddenUnits: 0, cosineDecay: false, warmupRatio: 0 },
  ...{ labelSmoothing: 0, classWeights: 'none', dropout: 0, l2: 0 },
};
const options = (teaching?: (run: TrainOptions) => Teaching) => {
  const run = makeRun({ settings: SETTINGS, validationCount: 0 }).options;
  return teaching === undefined ? run : { ...run, teaching: teaching(run) };
};

describe.for(['wasm', 'cpu'] as const)('a taught head on %s', (backend) => {
  it('follows the teacher alone at weight 1 and the label alone at weight 0', async () => {
    await useBackend(backend);
    const plain = await answersOf(options());
    expect(await answersOf(options((run) => wrongTeacher(run, { weight: 0 })))).toEqual(plain);
    const taught = await answersOf(options(wrongTeacher));
    const { rows } = options();
    const meanOf = (answers: Float32Array, shift: number) =>
      rows.classIndices.reduce((sum, own, row) => sum + (answers[row * 3 + ((own + shift) % 3)] ?? 0), 0) /
      rows.parts.length;
    expect(meanOf(taught, 1)).toBeGreaterThan(meanOf(taught, 0) + 0.2);
    expect(meanOf(plain, 0)).toBeGreaterThan(meanOf(plain, 1) + 0.2);
  });

  it('learns from labels where the teacher has no answer', async () => {
    await useBackend(backend);
    const silent = (run: TrainOptions) => ({
      ...wrongTeacher(run),
      probabilities: new Float32Array(run.rows.parts.length * 3),
    });
    expect(await answersOf(options(silent))).toEqual(await answersOf(options()));
  });

  it('leaves no tensor behind', async () => {
    await useBackend(backend);
    await trainHead(options(wrongTeacher));
    const before = tf.memory().numTensors;
    await trainHead(options(wrongTeacher));
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('both ways of training give the same taught head', async () => {
  await useBackend('wasm');
  const mixed = (run: TrainOptions) => wrongTeacher(run, { weight: 0.6, temperature: 3 });
  const kernels = await answersOf(options(mixed));
  await useBackend('cpu');
  const device = await answersOf(options(mixed));
  kernels.forEach((value, index) => {
    expect(value).toBeCloseTo(device[index] ?? Number.NaN, 4);
  });
});

it('the slope of the loss is the one of its formula', async () => {
  await useBackend('cpu');
  // One image, one step of plain descent from zero weights: the bias moves against the slope.
  const run = makeRun({
    settings: { ...SETTINGS, optimizer: 'sgd' },
    trainCount: 1,
    validationCount: 0,
  });
  const { options: given } = run;
  const initialHead = {
    layers: [
      {
        kernel: new Float32Array(48),
        bias: Float32Array.of(1, 0, -0.5),
        inputLength: 16,
        outputLength: 3,
        activation: 'softmax' as const,
      },
    ],
  };
  const teaching: Teaching = { temperature: 3, weight: 0.4, probabilities: Float32Array.of(0.2, 0.7, 0.1) };
  const settings = { ...given.settings, learningRate: 0.01 };
  const { head } = await trainHead({ ...given, settings, initialHead, teaching });
  const lossOf = (scores: readonly number[]) => {
    const logSoftmax = (temperature: number) => {
      const sum = scores.reduce((total, score) => total + Math.exp(score / temperature), 0);
      return scores.map((score) => score / temperature - Math.log(sum));
    };
    const soft = softened(teaching.probabilities, 3);
    const taught = -logSoftmax(3).reduce((sum, log, index) => sum + log * (soft[index] ?? 0), 0);
    return 0.6 * -(logSoftmax(1)[0] ?? 0) + 0.4 * 9 * taught;
  };
  const start = [1, 0, -0.5];
  start.forEach((score, index) => {
    const moved = (by: number) => start.map((other, at) => (at === index ? other + by : other));
    const slope = (lossOf(moved(1e-5)) - lossOf(moved(-1e-5))) / 2e-5;
    expect(head.layers[0]?.bias[index]).toBeCloseTo(score - 0.01 * slope, 5);
  });
});
