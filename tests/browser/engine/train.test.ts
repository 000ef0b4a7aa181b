import { beforeAll, describe, expect, test } from 'vitest';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { predictProbabilities } from '../../../src/engine/head.ts';
import * as tf from '../../../src/engine/tf.ts';
import { type TrainOptions, trainHead } from '../../../src/engine/train.ts';
import { makeRun, onDevice, useBackend } from './train-setup.ts';

beforeAll(() => useBackend('wasm'));

async function predict({ features }: TrainOptions, head: HeadWeights): Promise<Float32Array> {
  const rows = onDevice(features);
  return predictProbabilities(rows, head).finally(() => rows.dispose());
}

describe('the same seed', () => {
  test('gives the very same numbers', async () => {
    const first = makeRun();
    const second = makeRun();
    const heads = [await trainHead(first.options), await trainHead(second.options)];
    expect(heads[0]?.head).toEqual(heads[1]?.head);
    expect(second.events.map((event) => event.epoch)).toEqual(first.events.map((event) => event.epoch));
  });

  test('and another one give different heads', async () => {
    const outputs = [await trainHead(makeRun().options), await trainHead(makeRun({ settings: { seed: 43 } }).options)];
    expect(outputs[0]?.head).not.toEqual(outputs[1]?.head);
  });
});

describe('events', () => {
  test('come once per epoch and hold the confusion of the validation part', async () => {
    const { options, events } = makeRun();
    const output = await trainHead(options);
    expect(events.map((event) => event.epoch.epochIndex)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(output.end).toBe('all-epochs');
    for (const { confusion, confusionPart, epoch, imagesPerSecond } of events) {
      expect(confusionPart).toBe('validation');
      expect([0, 3, 6].map((row) => confusion.slice(row, row + 3).reduce((sum, count) => sum + count, 0))).toEqual([
        5, 5, 5,
      ]);
      const diagonal = [0, 4, 8].map((cell) => confusion[cell] ?? 0);
      expect(epoch.recallRatios).toEqual(diagonal.map((count) => count / 5));
      expect(epoch.validationAccuracyRatio).toBeCloseTo(diagonal.reduce((sum, count) => sum + count, 0) / 15, 6);
      expect(imagesPerSecond).toBeGreaterThan(0);
    }
  });

  test('judge by the training part when there is no validation part', async () => {
    const { options, events } = makeRun({ validationCount: 0 });
    const output = await trainHead(options);
    expect(events.every((event) => event.confusionPart === 'train' && event.epoch.validationLoss === null)).toBe(true);
    expect(events[0]?.confusion.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(events[0]?.epoch.recallRatios).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(output.bestEpochIndex).toBeGreaterThan(0);
  });
});

describe('early stopping', () => {
  test('ends after `patience` epochs without a better loss and gives the best weights back', async () => {
    const { options, events } = makeRun({
      settings: { epochs: 200, patience: 3, learningRate: 0.02, cosineDecay: false, warmupRatio: 0, batchSize: 2 },
    });
    const { end, bestEpochIndex, head } = await trainHead(options);
    const losses = events.map((event) => event.epoch.validationLoss ?? Number.NaN);
    expect(end).toBe('early-stopping');
    expect(losses.indexOf(Math.min(...losses))).toBe(bestEpochIndex);
    expect(events.length).toBe(Math.max(10, bestEpochIndex + 4));

    const probabilities = await predict(options, head);
    const { classIndices } = options.rows;
    const held = classIndices
      .slice(60)
      .map((classIndex, row) => -Math.log(probabilities[(60 + row) * 3 + classIndex] ?? 0));
    expect(held.reduce((sum, loss) => sum + loss, 0) / held.length).toBeCloseTo(Math.min(...losses), 4);
  });

  test('waits for ten epochs and two hundred steps of a head', async () => {
    // Five steps an epoch, and a loss that only rises.
    const stubborn = { epochs: 300, patience: 1, learningRate: 0.2, cosineDecay: false, warmupRatio: 0, batchSize: 12 };
    const few = makeRun({ settings: stubborn });
    await trainHead(few.options);
    expect(few.events).toHaveLength(40);
    // Sixty steps an epoch.
    const many = makeRun({ settings: { ...stubborn, batchSize: 1 } });
    await trainHead(many.options);
    expect(many.events).toHaveLength(10);
  });

  test('counts from the end of warm-up', async () => {
    const settings = { epochs: 100, patience: 2, learningRate: 1, cosineDecay: false, warmupRatio: 0.3, batchSize: 6 };
    const { options, events } = makeRun({ settings });
    await trainHead(options);
    expect(events).toHaveLength(32);
  });

  test('is off with patience 0', async () => {
    const { options, events } = makeRun({ settings: { epochs: 40, patience: 0, learningRate: 0.05 } });
    expect((await trainHead(options)).end).toBe('all-epochs');
    expect(events.length).toBe(40);
  });
});

describe('stopping', () => {
  test('keeps the best head so far', async () => {
    const { options, events } = makeRun({ stopRequested: (sofar) => sofar.length === 3 });
    const output = await trainHead(options);
    expect(output.end).toBe('stopped-by-user');
    expect(events.length).toBeLessThanOrEqual(4);
    expect(output.head.layers.map((layer) => layer.outputLength)).toEqual([8, 3]);
  });

  test('is heard in a run of few images, whose epochs are over in no time', async () => {
    let asked = false;
    const { options, events } = makeRun({
      settings: { epochs: 200 },
      stopRequested: () => asked,
      yieldToEvents: async () => {
        asked = true;
      },
    });
    let clockMs = 0;
    const now = () => {
      clockMs += 5;
      return clockMs;
    };
    const output = await trainHead({ ...options, now });
    expect(output.end).toBe('stopped-by-user');
    expect(events.length).toBeLessThan(5);
  });

  test('before the first epoch is over still gives a head', async () => {
    const { options, events } = makeRun({ stopRequested: () => true });
    const output = await trainHead(options);
    expect([output.end, events.length, output.bestEpochIndex]).toEqual(['stopped-by-user', 1, 0]);
  });
});

describe('a failure', () => {
  test('cancelling rejects with an AbortError and emits nothing more', async () => {
    const controller = new AbortController();
    const yieldToEvents = async () => controller.abort();
    const { options, events } = makeRun({ signal: controller.signal, yieldToEvents });
    await expect(trainHead(options)).rejects.toMatchObject({ name: 'AbortError' });
    expect(events).toEqual([]);
  });

  test.each([
    ['a loss that explodes', { settings: { learningRate: 10, optimizer: 'sgd' as const }, featureScale: 1000 }],
    ['a feature that is not a number', { featureScale: Number.NaN }],
  ])('%s ends the run with advice', async (_, overrides) => {
    await expect(trainHead(makeRun(overrides).options)).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringContaining('learning rate'),
    });
  });

  test('no training image is told before anything is computed', async () => {
    await expect(trainHead(makeRun({ trainCount: 0 }).options)).rejects.toMatchObject({ code: 'too-few-images' });
  });
});

describe('tensors', () => {
  const settings = { epochs: 2 };

  test('are as many after 50 rounds of training and predicting as after the first', async () => {
    const { options } = makeRun({ settings });
    const counts: number[] = [];
    for (let round = 0; round < 50; round++) {
      const { head } = await trainHead(options);
      await predict(options, head);
      counts.push(tf.memory().numTensors);
    }
    expect(new Set(counts).size).toBe(1);
  });

  test('are freed when a run is cancelled, explodes or is stopped', async () => {
    const controller = new AbortController();
    const runs = [
      makeRun({ signal: controller.signal, yieldToEvents: async () => controller.abort() }),
      makeRun({ featureScale: Number.NaN }),
      makeRun({ stopRequested: () => true }),
      makeRun({ settings: { ...settings, hiddenUnits: 0, optimizer: 'rmsprop', l2: 0 } }),
    ];
    const before = tf.memory().numTensors;
    await Promise.allSettled(runs.map((run) => trainHead(run.options)));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('predicting', () => {
  test('gives rows that sum to 1, and nothing for no rows', async () => {
    const { options } = makeRun();
    const { head } = await trainHead(options);
    const probabilities = await predict(options, head);
    for (let row = 0; row < 75; row++) {
      expect(probabilities.subarray(row * 3, row * 3 + 3).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
    expect(await predictProbabilities(tf.zeros([0, 16]), head)).toEqual(new Float32Array(0));
  });
});

describe.each(['wasm', 'cpu'] as const)('a head to start from, on %s', (backend) => {
  test('is where training begins; one of another shape is refused', async () => {
    await useBackend(backend);
    const { head } = await trainHead(makeRun({ settings: { learningRate: 0.01 } }).options);
    // Rates so small that nothing moves: the first epoch judges the head it was given.
    const still = { learningRate: 1e-6, epochs: 1, dropout: 0, l2: 0 };
    const further = makeRun({ settings: still });
    const output = await trainHead({ ...further.options, initialHead: head });
    const [given, kept] = [head.layers[0]?.kernel ?? [], output.head.layers[0]?.kernel ?? []];
    expect(Math.max(...Array.from(given, (value, index) => Math.abs(value - (kept[index] ?? 0))))).toBeLessThan(1e-4);
    const other = makeRun({ settings: { hiddenUnits: 4 } });
    await expect(trainHead({ ...other.options, initialHead: head })).rejects.toMatchObject({ code: 'head-unfit' });
    await useBackend('wasm');
  });
});
