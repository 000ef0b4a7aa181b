import { beforeAll, expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { pixelsGraph, untrainedGraph } from '../../../src/engine/comparison/baselines.ts';
import { crossValidate, type FoldedRows } from '../../../src/engine/comparison/quick-head.ts';
import { startGraph } from '../../../src/engine/interpreter.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { FoldedGraph } from '../../../src/graph/folded-graph.ts';
import golden from '../../fixtures/comparison/comparison.json' with { type: 'json' };
import { useBackend } from './train-setup.ts';

const ROWS: FoldedRows = {
  features: Float32Array.from(golden.head.features),
  featureLength: golden.head.featureLength,
  classIndices: golden.head.labels,
  classCount: golden.head.classCount,
  folds: golden.head.folds,
  foldCount: 5,
};

const context = () => {
  const doneCounts: number[] = [];
  return {
    doneCounts,
    signal: new AbortController().signal,
    onFold: (doneCount: number) => doneCounts.push(doneCount),
    now: () => performance.now(),
    yieldToEvents: () => Promise.resolve(),
  };
};

beforeAll(() => useBackend('wasm'));

test('cross-validated accuracy is near that of a logistic regression in scikit-learn', async () => {
  const before = tf.memory().numTensors;
  const told = context();
  const { predictedIndices, headMs } = await crossValidate(ROWS, told);
  const rightCount = predictedIndices.filter((predicted, row) => predicted === ROWS.classIndices[row]).length;
  // Not the same solver: it starts from random weights and ends early, which moves a few of 90 images.
  expect(Math.abs(rightCount / ROWS.classIndices.length - golden.head.accuracyRatio)).toBeLessThan(0.08);
  expect(told.doneCounts).toEqual([1, 2, 3, 4, 5]);
  expect(headMs).toBeGreaterThan(0);
  expect(tf.memory().numTensors).toBe(before);
});

test('one scale for all features and the zero of each change nothing', async () => {
  const moved = ROWS.features.map((value, index) => value * 64 + (index % 2));
  const [one, other] = [
    await crossValidate(ROWS, context()),
    await crossValidate({ ...ROWS, features: moved }, context()),
  ];
  const differing = one.predictedIndices.filter((predicted, row) => predicted !== other.predictedIndices[row]).length;
  expect(differing).toBeLessThanOrEqual(2);
});

test('raw pixels are means over squares, row by row, channels last', async () => {
  const graph = pixelsGraph();
  const running = startGraph(graph);
  const random = randomStream(1, 'pixels');
  const values = Float32Array.from({ length: 224 * 224 * 3 }, () => random.uniform());
  const [input, wanted] = [
    tf.tensor4d(values, [1, 224, 224, 3]),
    (row: number, column: number, channel: number) => {
      let sum = 0;
      for (let y = 0; y < 14; y++)
        for (let x = 0; x < 14; x++) sum += values[((row * 14 + y) * 224 + column * 14 + x) * 3 + channel] ?? 0;
      return sum / 196;
    },
  ];
  const output = running.run(input);
  const features = await output.data();
  expect(features.length).toBe(768);
  for (const [row, column, channel] of [
    [0, 0, 0],
    [0, 1, 2],
    [7, 15, 1],
    [15, 15, 2],
  ] as const)
    expect(features[(row * 16 + column) * 3 + channel]).toBeCloseTo(wanted(row, column, channel), 4);
  tf.dispose([input, output]);
  running.dispose();
});

/** `depth` residual blocks of 16 channels, of constant weights. */
function residualGraph(depth: number): FoldedGraph {
  const weight = (...shape: number[]) => ({
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(9),
  });
  const conv = (name: string, from: string, inputs: number, activation: 'relu6' | 'linear') =>
    ({
      name,
      op: 'conv',
      inputs: [from],
      shape: [8, 8, 16],
      groups: 1,
      kernel: weight(3, 3, inputs, 16),
      bias: weight(16),
      strides: [1, 1],
      dilations: [1, 1],
      padding: 'same',
      activation,
    }) as const;
  const nodes: FoldedGraph['nodes'][number][] = [
    { name: 'in', op: 'input', inputs: [], shape: [8, 8, 3] },
    conv('sum0', 'in', 3, 'linear'),
  ];
  for (let block = 1; block <= depth; block++) {
    nodes.push(conv(`a${block}`, `sum${block - 1}`, 16, 'relu6'), conv(`b${block}`, `a${block}`, 16, 'linear'));
    nodes.push({
      name: `sum${block}`,
      op: 'add',
      inputs: [`sum${block - 1}`, `b${block}`],
      shape: [8, 8, 16],
      activation: 'linear',
    });
  }
  nodes.push({ name: 'out', op: 'globalAveragePool', inputs: [`sum${depth}`], shape: [16] });
  return { inputSide: 8, pixels: '[-1,1]', featureLength: 16, nodes };
}

test('random weights keep the size of what passes through many residual blocks, and tell images apart', async () => {
  const graph = untrainedGraph(residualGraph(16));
  const same = untrainedGraph(residualGraph(16));
  expect(graph).toEqual(same);
  const running = startGraph(graph);
  const random = randomStream(2, 'images');
  const input = tf.tensor4d(
    Float32Array.from({ length: 4 * 8 * 8 * 3 }, () => random.normal()),
    [4, 8, 8, 3],
  );
  const output = running.run(input);
  const rows = await output.array();
  const size = Math.max(...rows.flat().map(Math.abs));
  expect(size).toBeGreaterThan(0.05);
  expect(size).toBeLessThan(20);
  expect(new Set(rows.map((row) => row[0]?.toFixed(4))).size).toBe(4);
  tf.dispose([input, output]);
  running.dispose();
});
