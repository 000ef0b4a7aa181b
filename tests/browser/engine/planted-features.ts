import type { Part } from '../../../src/domain/dataset.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { type RandomStream, randomStream } from '../../../src/domain/random.ts';
import { DEFAULT_SETTINGS, resolveSettings, type TrainingSettings } from '../../../src/domain/settings.ts';
import type { TrainEvent } from '../../../src/engine/contract.ts';
import { predictRows } from '../../../src/engine/heads/row-losses.ts';
import type { TrainOptions } from '../../../src/engine/train.ts';

/** What is planted; everything else is alike. */
interface Planted {
  readonly classCount?: number;
  /** Training images of every class, or of one class each. */
  readonly trainCounts?: number | readonly number[];
  readonly validationPerClass?: number;
  readonly featureLength?: number;
  /** Multiplies every feature. */
  readonly scale?: number;
  /** Added to every feature, in units of its deviation. */
  readonly offset?: number;
  /** Share of the features that never vary. */
  readonly deadRatio?: number;
  /** Rounds to half precision, as features are kept. */
  readonly isHalf?: boolean;
  /** True makes all images of the training and validation parts the same. */
  readonly isIdentical?: boolean;
  /** How far class means lie apart, in units of the deviation within a class. */
  readonly apart?: number;
}

/** Test images of every class. */
const TESTED = 20;

/** Features of images as a backbone might give them: a cloud for every class, in the training, validation and test parts. */
export function plantFeatures(planted: Planted, settings: Partial<TrainingSettings> = {}) {
  const { classCount = 4, trainCounts = 20, validationPerClass = 10, featureLength = 48, apart = 2 } = planted;
  const random = randomStream(5, 'planted');
  const centres = Array.from({ length: classCount }, () => normals(random, featureLength));
  const rows: { readonly classIndex: number; readonly part: Part }[] = [];
  for (let classIndex = 0; classIndex < classCount; classIndex++) {
    const trainCount = typeof trainCounts === 'number' ? trainCounts : (trainCounts[classIndex] ?? 0);
    const counts = { train: trainCount, validation: validationPerClass, test: TESTED };
    for (const part of ['train', 'validation', 'test'] as const) {
      for (let index = 0; index < counts[part]; index++) rows.push({ classIndex, part });
    }
  }
  const { scale = 1, offset = 0, deadRatio = 0, isHalf = false, isIdentical = false } = planted;
  const deadCount = Math.round(featureLength * deadRatio);
  const values = Float32Array.from(
    rows.flatMap(({ classIndex, part }) => {
      const noise = normals(random, featureLength);
      return noise.map((own, column) => {
        if (column < deadCount) return scale * (offset + 3);
        const cloud = isIdentical && part !== 'test' ? 1 : own + (centres[classIndex]?.[column] ?? 0) * apart * 0.3;
        return scale * (offset + cloud);
      });
    }),
  );
  const counts = Array.from(
    { length: classCount },
    (_, index) => rows.filter(({ classIndex, part }) => classIndex === index && part === 'train').length,
  );
  const events: TrainEvent[] = [];
  const options: TrainOptions = {
    features: { values: isHalf ? values.map(toHalf) : values, featureLength },
    rows: {
      hashes: rows.map((_, row) => `image ${row}`),
      classIndices: rows.map(({ classIndex }) => classIndex),
      parts: rows.map(({ part }) => part),
    },
    classCount,
    settings: resolveSettings({ ...DEFAULT_SETTINGS, ...settings }, { classCounts: counts }),
    signal: new AbortController().signal,
    stopRequested: () => false,
    emit: (event) => events.push(event),
    now: () => performance.now(),
    yieldToEvents: () => Promise.resolve(),
  };
  return { options, events };
}

/** Mean recall of the classes on the test images, 0-1. */
export async function testRecall({ features, rows, classCount }: TrainOptions, head: HeadWeights): Promise<number> {
  const tested = Int32Array.from(rows.parts.flatMap((part, row) => (part === 'test' ? [row] : [])));
  const probabilities = await predictRows(features, tested, head);
  const rightCount = tested.filter((row, index) => {
    const own = probabilities.subarray(index * classCount, (index + 1) * classCount);
    return own.indexOf(Math.max(...own)) === rows.classIndices[row];
  }).length;
  return rightCount / tested.length;
}

export function hasFiniteWeights(head: HeadWeights): boolean {
  return head.layers.every(({ kernel, bias }) => kernel.every(Number.isFinite) && bias.every(Number.isFinite));
}

function normals(random: RandomStream, length: number): number[] {
  return Array.from({ length }, () => random.normal());
}

/** The nearest number with eleven significant bits; planted features stay within the range of half precision. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
  return Math.round(value / step) * step;
}
