import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import type { DenseWeights, HeadWeights } from '../../../src/domain/head.ts';
import { writeHeadModel } from '../../../src/export/head-model.ts';

function dense(inputLength: number, outputLength: number, activation: DenseWeights['activation']): DenseWeights {
  const values = (count: number, phase: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i + phase));
  return {
    kernel: values(inputLength * outputLength, 1),
    bias: values(outputLength, 5),
    inputLength,
    outputLength,
    activation,
  };
}

/** The head by its definition, in float64. */
function forward(head: HeadWeights, feature: readonly number[]): number[] {
  return head.layers.reduce<number[]>(
    (input, { kernel, bias, outputLength, activation }) => {
      const sums = Array.from(bias, (start, out) =>
        input.reduce((sum, value, row) => sum + value * (kernel[row * outputLength + out] ?? Number.NaN), start),
      );
      if (activation === 'relu') return sums.map((sum) => Math.max(0, sum));
      if (activation === 'linear') return sums;
      const powers = sums.map((sum) => Math.exp(sum - Math.max(...sums)));
      return powers.map((power) => power / powers.reduce((a, b) => a + b));
    },
    [...feature],
  );
}

describe('writeHeadModel', () => {
  for (const [name, head] of [
    ['a softmax alone', { layers: [dense(4, 3, 'softmax')] }],
    ['a hidden layer', { layers: [dense(4, 5, 'relu'), dense(5, 3, 'softmax')] }],
    ['neighbours', { layers: [dense(4, 5, 'softmax'), dense(5, 3, 'linear')] }],
  ] as const) {
    test(`loads in tfjs and gives the same probabilities: ${name}`, async () => {
      const { modelJson, weightData } = writeHeadModel(head);
      const { modelTopology, weightsManifest } = JSON.parse(JSON.stringify(modelJson));
      const model = await tf.loadLayersModel(
        tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
      );
      const feature = [0.5, -1, 2, 0.25];
      const output = model.predict(tf.tensor2d([feature]));
      if (Array.isArray(output)) throw new Error('one output expected');
      const found = Array.from(await output.data());
      const expected = forward(head, feature);
      for (const [index, value] of expected.entries()) expect(found[index]).toBeCloseTo(value, 5);
    });
  }
});
