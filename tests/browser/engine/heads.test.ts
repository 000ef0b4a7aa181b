import { beforeAll, describe, expect, test } from 'vitest';
import { predictProbabilities } from '../../../src/engine/head.ts';
import { minimise } from '../../../src/engine/heads/lbfgs.ts';
import { fitLogistic } from '../../../src/engine/heads/logistic.ts';
import { neighboursLeaveOneOut } from '../../../src/engine/heads/neighbours.ts';
import { fitNeighbours } from '../../../src/engine/heads/neighbours-head.ts';
import { fitPrototypes } from '../../../src/engine/heads/prototypes.ts';
import { trainAnyHead } from '../../../src/engine/heads/train-any-head.ts';
import * as tf from '../../../src/engine/tf.ts';
import golden from '../../fixtures/heads/heads.json' with { type: 'json' };
import { makeRun, onDevice, useBackend } from './train-setup.ts';

const features = { values: Float32Array.from(golden.features), featureLength: golden.featureLength };
const classIndices = Int32Array.from(golden.classIndices);
const rowIndices = classIndices.map((_, row) => row);
const train = { part: 'train', rowIndices, classIndices } as const;

async function probabilitiesOf(head: Parameters<typeof predictProbabilities>[1]): Promise<Float32Array> {
  const rows = onDevice(features);
  return await predictProbabilities(rows, head).finally(() => rows.dispose());
}

function lossOf(probabilities: Float32Array): number {
  const losses = [...classIndices].map((own, row) => -Math.log(probabilities[row * golden.classCount + own] ?? 0));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const wrongRatio = (predicted: ArrayLike<number>, wanted: readonly number[]) =>
  wanted.filter((classIndex, row) => predicted[row] !== classIndex).length / wanted.length;

test('the solver finds the minimum of the Rosenbrock valley', async () => {
  const { point, value } = await minimise({
    start: Float64Array.of(-1.2, 1),
    evaluate: async ([x = 0, y = 0]) => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
    }),
    maxIterations: 200,
    tolerance: 1e-9,
    onStep: async () => false,
  });
  expect(value).toBeLessThan(1e-12);
  expect(point[0]).toBeCloseTo(1, 5);
  expect(point[1]).toBeCloseTo(1, 5);
});

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(golden.logistic)('logistic regression is that of scikit-learn: l2 $l2, $classWeights', async (wanted) => {
    const before = tf.memory().numTensors;
    const classWeights = wanted.classWeights === 'balanced' ? 'balanced' : 'none';
    const { head } = await fitLogistic({
      features,
      train,
      classCount: golden.classCount,
      settings: { l2: wanted.l2, labelSmoothing: 0, classWeights },
      onStep: async () => false,
    });
    expect(tf.memory().numTensors).toBe(before);
    const probabilities = await probabilitiesOf(head);
    const apart = wanted.probabilities.map((value, index) => Math.abs(value - (probabilities[index] ?? 0)));
    expect(Math.max(...apart)).toBeLessThan(0.005);
    expect(Math.abs(lossOf(probabilities) / wanted.loss - 1)).toBeLessThan(0.01);
  });

  test('neighbours vote as in scikit-learn when each row is left out', async () => {
    const before = tf.memory().numTensors;
    const voted = await neighboursLeaveOneOut(features, classIndices, golden.classCount, 5);
    expect(tf.memory().numTensors).toBe(before);
    expect(wrongRatio(voted, golden.neighbours)).toBe(0);
  });
});

describe('class averages', () => {
  beforeAll(() => useBackend('wasm'));

  test('without each row they call it what averages made without it do', () => {
    const { nearness, leaveOneOut } = fitPrototypes(features, rowIndices, classIndices, golden.classCount);
    const wanted = [...rowIndices].map((held) => nearestWithout(held, nearness));
    expect([...leaveOneOut]).toEqual(wanted);
    if (nearness === 'squared-distance') expect(wanted).toEqual(golden.nearestCentroid);
  });

  test('as a layer they give probabilities that rank classes alike, at the fitted temperature', async () => {
    const { head } = fitPrototypes(features, rowIndices, classIndices, golden.classCount);
    const probabilities = await probabilitiesOf(head);
    const loss = lossOf(probabilities);
    for (const factor of [0.25, 4]) {
      const layers = head.layers.map((layer) => ({
        ...layer,
        kernel: layer.kernel.map((value) => value * factor),
        bias: layer.bias.map((value) => value * factor),
      }));
      expect(lossOf(await probabilitiesOf({ layers }))).toBeGreaterThan(loss * 0.98);
    }
    expect(loss).toBeLessThan(Math.log(golden.classCount));
  });

  test('one image a class is enough, and a class without images is hardly ever named', async () => {
    const { head, leaveOneOut } = fitPrototypes(features, Int32Array.of(0, 1, 2), Int32Array.of(0, 1, 2), 4);
    expect([...leaveOneOut]).toEqual([-1, -1, -1]);
    const probabilities = await probabilitiesOf(head);
    expect(
      [0, 1, 2].map((row) =>
        probabilities.subarray(row * 4, row * 4 + 4).indexOf(Math.max(...probabilities.subarray(row * 4, row * 4 + 4))),
      ),
    ).toEqual([0, 1, 2]);
    expect(probabilities[3]).toBeLessThan(1e-6);
  });

  function nearestWithout(held: number, nearness: string): number {
    const { values, featureLength: length } = features;
    const row = (index: number) => [...values.subarray(index * length, (index + 1) * length)];
    const own = row(held);
    const nearOf = (classIndex: number) => {
      const members = [...rowIndices].filter((other) => other !== held && classIndices[other] === classIndex).map(row);
      const centre = own.map(
        (_, column) => members.reduce((sum, member) => sum + (member[column] ?? 0), 0) / members.length,
      );
      const dot = (one: readonly number[], other: readonly number[]) =>
        one.reduce((sum, value, column) => sum + value * (other[column] ?? 0), 0);
      if (nearness === 'cosine') return dot(own, centre) / Math.sqrt(dot(centre, centre));
      return -own.reduce((sum, value, column) => sum + (value - (centre[column] ?? 0)) ** 2, 0);
    };
    const near = Array.from({ length: golden.classCount }, (_, classIndex) => nearOf(classIndex));
    return near.indexOf(Math.max(...near));
  }
});

describe('nearest neighbours', () => {
  const names = [...rowIndices].map(String);
  const neighboursOf = (change: Partial<Parameters<typeof fitNeighbours>[0]> = {}) =>
    fitNeighbours({
      features,
      rowIndices,
      classIndices,
      images: names,
      classCount: golden.classCount,
      classWeights: 'none',
      seed: 42,
      pause: () => Promise.resolve(),
      ...change,
    });
  const farthest = (one: ArrayLike<number>, other: readonly number[]) =>
    Math.max(...other.map((value, index) => Math.abs(value - (one[index] ?? Number.NaN))));
  const { featureLength } = golden;
  const stretched = (stretch: number) => ({
    values: features.values.map(
      (value, index) => value * (1 + stretch * (classIndices[Math.floor(index / featureLength)] ?? 0)),
    ),
    featureLength,
  });

  describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
    beforeAll(() => useBackend(backend));

    test.each(golden.kernelRegression)(
      'are the kernel regression of scikit-learn at its best temperature: $nearness, $classWeights',
      async (wanted) => {
        const before = tf.memory().numTensors;
        const { head, nearness, judged, leaveOneOut } = await neighboursOf({
          features: stretched(wanted.stretch),
          classWeights: wanted.classWeights === 'balanced' ? 'balanced' : 'none',
        });
        expect(tf.memory().numTensors).toBe(before);
        expect(nearness).toBe(wanted.nearness);
        expect([...judged]).toEqual([...rowIndices]);
        expect(farthest(leaveOneOut, wanted.leaveOneOut)).toBeLessThan(0.01);
        const rows = onDevice({ values: Float32Array.from(golden.asked), featureLength });
        const said = await predictProbabilities(rows, head).finally(() => rows.dispose());
        expect(farthest(said, wanted.asked)).toBeLessThan(0.01);
        expect(tf.memory().numTensors).toBe(before);
      },
    );
  });

  test('changed views of an image have no say when the image is judged, else they would call it what it is', async () => {
    const twice = Int32Array.from([...rowIndices, ...rowIndices]);
    const classes = Int32Array.from([...classIndices, ...classIndices]);
    const plain = await neighboursOf();
    const viewed = await neighboursOf({ rowIndices: twice, classIndices: classes, images: [...names, ...names] });
    expect(viewed.judged).toHaveLength(golden.classIndices.length);
    expect(farthest(viewed.leaveOneOut, [...plain.leaveOneOut])).toBeLessThan(1e-3);
  });

  test('one image a class is enough, and a class without images is never named', async () => {
    const three = Int32Array.of(0, 1, 2);
    const { head, judged } = await neighboursOf({
      rowIndices: three,
      classIndices: three,
      images: ['a', 'b', 'c'],
      classCount: 4,
    });
    expect(judged).toHaveLength(0);
    const said = await probabilitiesOf(head);
    for (const row of three) {
      const own = said.subarray(row * 4, row * 4 + 4);
      expect(own.indexOf(Math.max(...own))).toBe(row);
      expect(own[3]).toBe(0);
      expect(Math.max(...own)).toBeLessThan(0.999);
    }
  });

  test('images that are told apart with ease do not make the head certain of everything', async () => {
    const count = 12;
    const easy = Int32Array.from({ length: count }, (_, row) => row % 2);
    const values = Float32Array.from(easy, (classIndex, row) => classIndex * 10 + row / count);
    const own = { features: { values, featureLength: 1 }, rowIndices: easy.map((_, row) => row), classIndices: easy };
    const { head } = await neighboursOf({ ...own, images: names.slice(0, count), classCount: 2 });
    const rows = tf.tensor2d([2], [1, 1]);
    const [zero = 0, one = 0] = await predictProbabilities(rows, head).finally(() => rows.dispose());
    expect(zero).toBeGreaterThan(0.8);
    expect(one).toBeGreaterThan(1e-6);
  });

  test('many rows are asked a part at a time, and told the same', async () => {
    const units = 2 ** 14;
    const kernel = Float32Array.from({ length: units }, (_, unit) => 4 * Math.sin(unit * 12.9898));
    const sums = Float32Array.from({ length: 2 * units }, (_, index) => ((index >> 1) % 2 === index % 2 ? 1 : 0));
    const layers = [
      { kernel, bias: kernel.toReversed(), inputLength: 1, outputLength: units, activation: 'softmax' as const },
      { kernel: sums, bias: Float32Array.of(0, 0), inputLength: units, outputLength: 2, activation: 'linear' as const },
    ];
    const said = async (values: readonly number[]) => {
      const rows = tf.tensor2d([...values], [values.length, 1]);
      return await predictProbabilities(rows, { layers }).finally(() => rows.dispose());
    };
    const values = Array.from({ length: 300 }, (_, row) => Math.sin(row));
    const before = tf.memory().numTensors;
    const together = await said(values);
    expect(tf.memory().numTensors).toBe(before);
    const apart = [...(await said(values.slice(0, 200))), ...(await said(values.slice(200)))];
    expect(farthest(together, apart)).toBeLessThan(1e-6);
    expect(new Set(apart).size).toBeGreaterThan(100);
  });
});

describe('as a training run', () => {
  beforeAll(() => useBackend('wasm'));

  test.each(['logistic', 'prototypes', 'neighbours'] as const)(
    '%s learns, tells of itself, and gives the same twice',
    async (head) => {
      const before = tf.memory().numTensors;
      const make = () => makeRun({ settings: { head, l2: 0.02 } });
      const [one, two] = [make(), make()];
      const [first, second] = [await trainAnyHead(one.options), await trainAnyHead(two.options)];
      expect(first.head).toEqual(second.head);
      expect(tf.memory().numTensors).toBe(before);
      const last = one.events[first.bestEpochIndex]?.epoch;
      expect(last?.trainAccuracyRatio).toBeGreaterThan(0.7);
      expect(last?.validationLoss).toBeLessThan(Math.log(3));
      expect(one.events.length).toBe(first.bestEpochIndex + 1);
    },
  );

  test('logistic regression stops when asked, with what it has', async () => {
    const { options, events } = makeRun({ settings: { head: 'logistic' }, stopRequested: (told) => told.length === 3 });
    const { end, bestEpochIndex } = await trainAnyHead(options);
    expect([end, bestEpochIndex, events.length]).toEqual(['stopped-by-user', 2, 3]);
  });
});
