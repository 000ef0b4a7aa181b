import type { Part } from '../../src/domain/dataset.ts';
import type { HeadWeights } from '../../src/domain/head.ts';
import { randomStream, shuffledIndices } from '../../src/domain/random.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../../src/domain/settings.ts';
import { predictProbabilities } from '../../src/engine/head.ts';
import * as tf from '../../src/engine/tf.ts';
import { trainHead } from '../../src/engine/train.ts';
import type { Features } from '../../src/engine/training/features.ts';

/** Class of every photo. */
export interface Labels {
  readonly classIndices: readonly number[];
  readonly classCount: number;
}

/** Part of every photo: 15 % test, 15 % validation, drawn class by class. */
export function splitPhotos({ classIndices, classCount }: Labels, seed: number): Part[] {
  const parts = classIndices.map((): Part => 'train');
  for (let classIndex = 0; classIndex < classCount; classIndex++) {
    const rows = classIndices.flatMap((other, row) => (other === classIndex ? [row] : []));
    const held = Math.round(rows.length * 0.15);
    shuffledIndices(rows.length, randomStream(seed, `split ${classIndex}`)).forEach((at, rank) => {
      const row = rows[at];
      if (row !== undefined && rank < 2 * held) parts[row] = rank < held ? 'test' : 'validation';
    });
  }
  return parts;
}

/** A head with the default settings. @param features one row a photo; those of the parts held out are not learnt from. */
export async function trainOnPhotos(
  { classIndices, classCount }: Labels,
  features: Features,
  parts: readonly Part[],
  seed: number,
): Promise<HeadWeights> {
  const classCounts = Array.from(
    { length: classCount },
    (_, classIndex) => classIndices.filter((other, row) => other === classIndex && parts[row] === 'train').length,
  );
  const { head } = await trainHead({
    features,
    rows: { hashes: classIndices.map(String), classIndices, parts },
    classCount,
    settings: resolveSettings({ ...DEFAULT_SETTINGS, head: 'network', seed }, { classCounts }),
    signal: new AbortController().signal,
    stopRequested: () => false,
    emit: () => {},
    now: () => performance.now(),
    yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
  });
  return head;
}

/** @returns float32 [photos, classes]. */
export async function answersTo({ values, featureLength }: Features, head: HeadWeights): Promise<Float32Array> {
  const rows = tf.tensor2d(values, [values.length / featureLength, featureLength]);
  return predictProbabilities(rows, head).finally(() => rows.dispose());
}

/** Class of the highest probability of every row. */
export function topClasses(probabilities: Float32Array, classCount: number): number[] {
  return Array.from({ length: probabilities.length / classCount }, (_, row) => {
    const own = probabilities.subarray(row * classCount, (row + 1) * classCount);
    return own.indexOf(Math.max(...own));
  });
}

/** Share of the test photos that get their own class. */
export function accuracyRatio(labels: Labels, parts: readonly Part[], probabilities: Float32Array): number {
  const top = topClasses(probabilities, labels.classCount);
  return mean(top.flatMap((found, row) => (parts[row] === 'test' ? [found === labels.classIndices[row] ? 1 : 0] : [])));
}

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
