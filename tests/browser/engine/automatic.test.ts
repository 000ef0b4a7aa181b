import { beforeAll, describe, expect, test } from 'vitest';
import type { HeadChoice } from '../../../src/domain/head-settings.ts';
import type { ResolvedSettings } from '../../../src/domain/settings.ts';
import { trainAnyHead } from '../../../src/engine/heads/train-any-head.ts';
import * as tf from '../../../src/engine/tf.ts';
import { hasFiniteWeights, plantFeatures, testRecall } from './planted-features.ts';
import { useBackend } from './train-setup.ts';

/** Images of the test part that chance may cost: two standard errors of a share of 80 images and more. */
const NOISE = 0.1;

const HEADS: readonly HeadChoice[] = ['auto', 'network', 'logistic', 'neighbours'];

const GUARDS: readonly (readonly [string, Parameters<typeof plantFeatures>[0]])[] = [
  ['features as usual', {}],
  ['features of scale 1e-4', { scale: 1e-4 }],
  ['features of scale 1e4', { scale: 1e4 }],
  ['features 100 deviations off zero', { offset: 100 }],
  ['features of which most are dead', { deadRatio: 0.8, featureLength: 160 }],
  ['two images a class', { trainCounts: 2, validationPerClass: 0, apart: 3 }],
  ['200 classes', { classCount: 200, trainCounts: 4, validationPerClass: 1, apart: 3 }],
  ['classes of 1 : 100', { trainCounts: [200, 200, 20, 2], apart: 2 }],
  ['features in half precision', { isHalf: true, scale: 0.01 }],
  ['no validation part', { validationPerClass: 0 }],
];

beforeAll(() => useBackend('wasm'));

describe.each(GUARDS)('on %s', (_, planted) => {
  test.each(HEADS)('%s is not below class means, and leaks nothing', async (head) => {
    const means = plantFeatures(planted, { head: 'prototypes' }).options;
    const baseline = await testRecall(means, (await trainAnyHead(means)).head);
    const { options, events } = plantFeatures(planted, { head });
    const before = tf.memory().numTensors;
    const output = await trainAnyHead(options);
    expect(tf.memory().numTensors).toBe(before);
    expect(hasFiniteWeights(output.head)).toBe(true);
    expect(baseline).toBeGreaterThan(1.5 / options.classCount);
    expect(await testRecall(options, output.head)).toBeGreaterThan(baseline - NOISE);
    expect(events.length).toBeGreaterThan(0);
    expect(events[output.bestEpochIndex]).toBeDefined();
  });
});

test.each([...HEADS, 'prototypes'] as const)('identical images leave %s with finite weights', async (head) => {
  const { options } = plantFeatures({ isIdentical: true }, { head });
  const output = await trainAnyHead(options);
  expect(hasFiniteWeights(output.head)).toBe(true);
});

describe('Automatic', () => {
  test('chooses by the loss on validation images, and of equals logistic regression', async () => {
    const { options } = plantFeatures({ apart: 3 }, { head: 'auto' });
    const { classifier, settings } = await trainAnyHead(options);
    expect(classifier).toMatchObject({ comparedOn: 'validation', imageCount: 40 });
    expect(classifier?.candidates.map(({ head }) => head)).toEqual(['logistic', 'prototypes']);
    const own = classifier?.candidates.find(({ head }) => head === classifier.chosen);
    expect(own?.lossGap).toBeLessThanOrEqual(own?.gapStandardError ?? 0);
    expect(settings?.head).toBe(classifier?.chosen);
  });

  test('compares by folds where there are few validation images', async () => {
    const { options } = plantFeatures({ validationPerClass: 2 }, { head: 'auto' });
    const { classifier } = await trainAnyHead(options);
    // 80 training and 8 validation images, each scored once.
    expect(classifier).toMatchObject({ comparedOn: 'cross-validation', imageCount: 88 });
  });

  test('learns from a validation part that is too small to choose by', async () => {
    const { options } = plantFeatures({ validationPerClass: 2, apart: 3 }, { head: 'auto' });
    const { head, classifier, settings, learntFromValidation, keptScores } = await trainAnyHead(options);
    expect({ learntFromValidation, keptScores }).toEqual({ learntFromValidation: true, keptScores: null });
    const parts = options.rows.parts.map((part) => (part === 'validation' ? 'train' : part));
    const byHand: ResolvedSettings = { ...options.settings, ...settings, head: classifier?.chosen ?? 'auto' };
    const both = await trainAnyHead({ ...options, settings: byHand, rows: { ...options.rows, parts } });
    expect(head).toEqual(both.head);
  });

  test('leaves a validation part alone that it chooses by', async () => {
    const { options } = plantFeatures({ apart: 3 }, { head: 'auto' });
    const { head, classifier, settings, learntFromValidation } = await trainAnyHead(options);
    expect(learntFromValidation).toBe(false);
    const byHand: ResolvedSettings = { ...options.settings, ...settings, head: classifier?.chosen ?? 'auto' };
    expect((await trainAnyHead({ ...options, settings: byHand })).head).toEqual(head);
  });

  test('tries a network with images enough, and its epochs are what is told', async () => {
    const { options, events } = plantFeatures({ classCount: 2, trainCounts: 60, validationPerClass: 20 });
    const { classifier, bestEpochIndex } = await trainAnyHead(options);
    expect(classifier?.candidates.map(({ head }) => head)).toEqual(['logistic', 'prototypes', 'network']);
    expect(classifier?.curvesOf).toBe('network');
    expect(events.map(({ epoch }) => epoch.epochIndex)).toEqual(events.map((_, index) => index));
    expect(bestEpochIndex).toBeLessThan(events.length);
  });

  test('never looks at the test part', async () => {
    const { options } = plantFeatures({});
    const { rows } = options;
    const swapped = rows.classIndices.map((own, row) => (rows.parts[row] === 'test' ? (own + 1) % 4 : own));
    const first = await trainAnyHead(options);
    const other = await trainAnyHead({ ...options, rows: { ...rows, classIndices: swapped } });
    expect(other.head).toEqual(first.head);
    expect(other.classifier).toEqual(first.classifier);
  });

  test('stopped at once, it still has class means', async () => {
    const { options } = plantFeatures({});
    const { end, classifier, head } = await trainAnyHead({ ...options, stopRequested: () => true });
    expect(end).toBe('stopped-by-user');
    expect(classifier?.chosen).toBe('prototypes');
    expect(hasFiniteWeights(head)).toBe(true);
  });

  test('cancelled, it ends with the reason', async () => {
    const { options } = plantFeatures({});
    const cancel = new AbortController();
    const before = tf.memory().numTensors;
    const yieldToEvents = async () => cancel.abort(new Error('cancelled'));
    let clockMs = 0;
    const now = () => {
      clockMs += 50;
      return clockMs;
    };
    await expect(trainAnyHead({ ...options, signal: cancel.signal, yieldToEvents, now })).rejects.toThrow('cancelled');
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a network no better than class means ends as class means, and says so', async () => {
  const { options } = plantFeatures({}, { head: 'network', learningRate: 1e-6, epochs: 2 });
  const { fallback, head, keptScores, bestEpochIndex } = await trainAnyHead(options);
  expect(fallback).toBe('class-means');
  expect(keptScores?.accuracyRatio).toBeGreaterThan(0.5);
  expect(bestEpochIndex).toBeLessThan(2);
  expect(head.layers).toHaveLength(1);
});
