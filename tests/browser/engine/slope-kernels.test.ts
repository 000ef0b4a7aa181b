import { beforeAll, describe, expect, it } from 'vitest';
import { type RandomStream, randomStream } from '../../../src/domain/random.ts';
import { slopeBefore } from '../../../src/engine/fine-tune/activation-slope.ts';
import { depthwiseSlopes, sumOfRows } from '../../../src/engine/fine-tune/filter-slopes.ts';
import { withoutOwnKernels } from '../../../src/engine/fine-tune/kernels/own-kernel.ts';
import '../../../src/engine/fine-tune/kernels/register-on-wasm.ts';
import { windowOver } from '../../../src/engine/fine-tune/window.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { FoldedNode, Padding } from '../../../src/graph/folded-graph.ts';
import { useBackend } from './train-setup.ts';

type Depthwise = Extract<FoldedNode, { op: 'depthwise' }>;

/** float32 sums in another order. */
const TOLERANCE = 1e-5;

const below = (random: RandomStream, end: number) => Math.floor(random.uniform() * end);
const pair = (random: RandomStream, end: number) => [1 + below(random, end), 1 + below(random, end)] as const;
const noise = (random: RandomStream, shape: readonly number[]) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform() * 2 - 1);
const tensorOf = (random: RandomStream, shape: [number, number, number, number]) =>
  tf.tensor4d(noise(random, shape), shape);

function paddingOf(random: RandomStream): Padding {
  const edge = () => below(random, 4);
  return random.uniform() < 0.4
    ? 'same'
    : [
        [edge(), edge()],
        [edge(), edge()],
      ];
}

/** A filter that has something to look at, wherever it is: drawn again until it has. */
function drawFilter(random: RandomStream) {
  for (;;) {
    const channels = 1 + below(random, 13);
    const size = pair(random, 4);
    const [height, width] = pair(random, 11);
    const moves = { strides: pair(random, 3), dilations: pair(random, 2), padding: paddingOf(random) };
    const x = tensorOf(random, [1 + below(random, 3), height, width, channels]);
    const { output } = windowOver(x, { ...moves, size });
    if (output[0] > 0 && output[1] > 0) return { x, output, channels, size, moves };
    x.dispose();
  }
}

/** Largest difference relative to the largest wanted value, or 1. */
function worst(given: readonly tf.Tensor[], wanted: readonly tf.Tensor[]): number {
  expect(given.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
  const differences = given.map((tensor, index) => {
    const [one, other] = [tensor.dataSync<'float32'>(), wanted[index]?.dataSync<'float32'>() ?? new Float32Array()];
    const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? Number.NaN))), 0) / largest;
  });
  // Math.max lets no NaN through unseen.
  return Math.max(...differences);
}

function compareDepthwise(
  random: RandomStream,
  wantsInput: boolean,
): { readonly title: string; readonly apart: number } {
  const { x, output, channels, size, moves } = drawFilter(random);
  const kernel = tensorOf(random, [...size, channels, 1]);
  const slope = tensorOf(random, [x.shape[0], ...output, channels]);
  const none = { shape: [], values: new Float32Array() };
  const node: Depthwise = {
    op: 'depthwise',
    name: 'node',
    inputs: ['x'],
    shape: [],
    // Only the shape is asked for: the weights are tensors by now.
    kernel: { ...none, shape: kernel.shape },
    bias: none,
    ...moves,
    activation: 'linear',
  };
  const slopes = () => {
    const { inputs, weights } = depthwiseSlopes(node, x, [kernel], slope, wantsInput);
    return [...weights, ...inputs.flatMap((input) => input ?? [])];
  };
  const apart = tf.tidy(() => worst(slopes(), withoutOwnKernels(slopes)));
  tf.dispose([x, kernel, slope]);
  return { title: JSON.stringify({ x: x.shape, size, ...moves, wantsInput }), apart };
}

describe('the kernels of our own on wasm', () => {
  beforeAll(() => useBackend('wasm'));

  it('are there, and no other backend has them', () => {
    const names = ['GraftRowSums', 'GraftSlopeInside', 'GraftDepthwiseSlopes'];
    expect(names.map((name) => tf.getKernel(name, 'wasm')?.kernelName)).toEqual(names);
    expect(names.map((name) => tf.getKernel(name, 'cpu'))).toEqual([undefined, undefined, undefined]);
  });

  it('give the slopes of a depthwise convolution that tfjs operations give, whatever its shape', () => {
    const before = tf.memory();
    const random = randomStream(5, 'depthwise');
    const compared = Array.from({ length: 150 }, (_, index) => compareDepthwise(random, index % 4 > 0));
    expect(compared.filter(({ apart }) => !(apart < TOLERANCE))).toEqual([]);
    const after = tf.memory();
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });

  it.each([
    [1, 1],
    [3, 7],
    [200, 6],
    [49, 960],
    [3, 20_001],
  ])('sum %i rows of %i', (rowCount, length) => {
    const before = tf.memory().numDataBuffers;
    const values = noise(randomStream(6, 'rows'), [rowCount, length]);
    const wanted = Array.from({ length }, (_, column) => {
      let sum = 0;
      for (let row = 0; row < rowCount; row++) sum += values[row * length + column] ?? Number.NaN;
      return sum;
    });
    tf.tidy(() => {
      const sum = sumOfRows(tf.tensor2d(values, [rowCount, length]));
      expect(worst([sum], [tf.tensor1d(wanted)])).toBeLessThan(TOLERANCE);
    });
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  it.each([
    ['relu', 3],
    ['relu6', 16_384],
    ['relu6', 40_003],
    ['hardSigmoid', 10],
  ] as const)('let the slope of %s through for %i values where tfjs operations do', (activation, length) => {
    const random = randomStream(7, activation);
    const top = activation === 'hardSigmoid' ? 1 : 6;
    // Every third lies on a limit, where there is none.
    const value = Float32Array.from({ length }, (_, index) =>
      index % 3 > 0 ? random.uniform() * 3 * top - top : index % 2 > 0 ? top : 0,
    );
    tf.tidy(() => {
      const [slopes, values] = [tf.tensor1d(noise(random, [length])), tf.tensor1d(value)];
      const of = () => slopeBefore(activation, slopes, values);
      expect(Array.from(of().dataSync())).toEqual(Array.from(withoutOwnKernels(of).dataSync(), (one) => one + 0));
    });
  });
});
