import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../../src/domain/random.ts';
import { pruned, pruneThresholds } from '../../../../src/graph/compress/prune.ts';
import { inputChannelOf, weightEnergies } from '../../../../src/graph/compress/weight-energies.ts';
import { seededWeight } from '../support/tfjs-reference.ts';

const squares = (values: Float32Array) => values.map((value) => value * value);

/** Layers of normally distributed weights: their number and scale. */
function layers(...sizes: readonly (readonly [count: number, scale: number])[]): Float32Array[] {
  return sizes.map(([count, scale], layer) => {
    const random = randomStream(layer, 'weights');
    return Float32Array.from({ length: count }, () => scale * random.normal());
  });
}

function zeroRatios(kernels: readonly Float32Array[], prunedRatio: number): number[] {
  const energies = kernels.map(squares);
  const thresholds = pruneThresholds(energies, prunedRatio);
  return kernels.map((values, layer) => {
    const kept = pruned(values, energies[layer] ?? values, thresholds[layer] ?? Number.NaN);
    return kept.filter((value) => value === 0).length / values.length;
  });
}

describe('pruning', () => {
  const SIZES = [
    [4000, 1],
    [8000, 1],
    [60, 1],
  ] as const;

  test.each([0.1, 0.5, 0.9])('sets the share that was asked for to zero: %f', (ratio) => {
    const zeros = zeroRatios(layers(...SIZES), ratio).map((share, layer) => share * (SIZES[layer]?.[0] ?? 0));
    expect(zeros.reduce((sum, count) => sum + count, 0)).toBeCloseTo(Math.floor(12_060 * ratio), 6);
  });

  test('does not depend on the scale of a layer, and spares the small ones', () => {
    const even = zeroRatios(layers(...SIZES), 0.5);
    expect(zeroRatios(layers([4000, 0.001], [8000, 1], [60, 50]), 0.5)).toEqual(even);
    const [first = 0, second = 0, small = 1] = even;
    expect(small).toBeLessThan(0.5 * first);
    expect(second).toBeGreaterThan(0.45);
  });

  test('takes the smallest of each layer, and leaves at least one weight in it', () => {
    const kernels = layers([1000, 1], [3, 1e-6]);
    const energies = kernels.map(squares);
    const thresholds = pruneThresholds(energies, 0.99);
    kernels.forEach((values, layer) => {
      const kept = pruned(values, energies[layer] ?? values, thresholds[layer] ?? Number.NaN);
      const smallestKept = Math.min(...kept.filter((value) => value !== 0).map(Math.abs));
      const largestGone = Math.max(0, ...values.filter((_, index) => kept[index] === 0).map(Math.abs));
      expect(smallestKept).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(largestGone).toBeLessThan(smallestKept);
    });
  });

  test('takes no more than the share, in every layer what has less energy than all that stays, whatever the weights', () => {
    const floats = fc.float32Array({ noNaN: true, min: Math.fround(-1e4), max: Math.fround(1e4), maxLength: 200 });
    const kernels = fc.array(floats, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(kernels, fc.double({ min: 0, max: 0.9, noNaN: true }), (given, ratio) => {
        const energies = given.map(squares);
        const thresholds = pruneThresholds(energies, ratio);
        const gone = given.flatMap((values, layer) => {
          const [own = values, threshold = Number.NaN] = [energies[layer], thresholds[layer]];
          const left = pruned(values, own, threshold);
          const isGone = [...values.keys()].filter((index) => left[index] !== values[index]);
          for (const index of isGone) expect([left[index], (own[index] ?? 0) < threshold]).toEqual([0, true]);
          return own.filter((energy) => energy < threshold).length;
        });
        const total = given.reduce((count, values) => count + values.length, 0);
        expect(gone.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(Math.floor(total * ratio));
      }),
    );
  });

  test('takes nothing at a share of 0, and no weight of equal ones', () => {
    const values = new Float32Array(10).fill(2);
    expect(pruneThresholds([squares(values)], 0)).toEqual([0]);
    expect(pruned(values, squares(values), 0)).toBe(values);
    const all = squares(values);
    const [threshold = Number.NaN] = pruneThresholds([all], 0.5);
    expect([0, 10]).toContain(pruned(values, all, threshold).filter((value) => value === 0).length);
  });

  test('judges a weight by what it is multiplied with', () => {
    const values = Float32Array.of(1, 1, 5, 5);
    const energies = weightEnergies(values, (index) => Math.floor(index / 2), Float32Array.of(10, 0.1));
    const [threshold = Number.NaN] = pruneThresholds([energies], 0.5);
    expect([...pruned(values, energies, threshold)]).toEqual([1, 1, 0, 0]);
    expect([...weightEnergies(values, () => 0, null)]).toEqual([1, 1, 25, 25]);
  });
});

describe('the input channel of a weight', () => {
  const node = { name: 'n', inputs: ['x'], strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;
  const weights = (shape: readonly number[], outputs: number) =>
    ({ kernel: seededWeight([...shape], 1), bias: seededWeight([outputs], 2), activation: 'linear' }) as const;
  const channels = (layer: Parameters<typeof inputChannelOf>[0]) =>
    [...layer.kernel.values.keys()].map(inputChannelOf(layer));

  test('counts through the kernels of convolutions, of whole layers and of each channel by itself', () => {
    const shape = [1, 1, 3];
    const conv = { op: 'conv', groups: 1, shape, ...node, ...weights([1, 2, 2, 3], 3) } as const;
    expect(channels(conv)).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
    const depthwise = { op: 'depthwise', shape, ...node, ...weights([2, 1, 3, 2], 6) } as const;
    expect(channels(depthwise)).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]);
    const dense = { op: 'dense', shape: [2], ...node, ...weights([3, 2], 2) } as const;
    expect(channels(dense)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test('stays within its group: the first half of the outputs sees the first half of the inputs', () => {
    const grouped = { op: 'conv', groups: 2, shape: [1, 1, 4], ...node, ...weights([1, 1, 2, 4], 4) } as const;
    expect(channels(grouped)).toEqual([0, 0, 2, 2, 1, 1, 3, 3]);
  });
});
