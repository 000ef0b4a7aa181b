import { DEFAULT_SETTINGS, resolveSettings, type TrainingSettings } from '../../src/domain/settings.ts';
import { predictProbabilities } from '../../src/engine/head.ts';
import { trainAnyHead } from '../../src/engine/heads/train-any-head.ts';
import * as tf from '../../src/engine/tf.ts';
import type { TrainOptions } from '../../src/engine/train.ts';
import type { Features } from '../../src/engine/training/features.ts';
import { type DealtRows, hashOf } from './deal-rows.ts';

/** What one head did in one cell with one seed. */
export interface HeadScore {
  /** '1' for every photo tested on that got its own class, else '0', in the order of the cell. */
  readonly right: string;
  /** Mean cross-entropy of the photos tested on, natural logarithm. */
  readonly loss: number;
  readonly seconds: number;
  /** The head that Automatic chose. */
  readonly chosen?: string;
}

/** The rows of a cell, in its order. @param classFeatures float32 [photos, featureLength] of every class. */
export function gatherRows(
  classFeatures: readonly Float32Array[],
  featureLength: number,
  { classIndices, places }: DealtRows,
): Features {
  const values = new Float32Array(places.length * featureLength);
  places.forEach((place, row) => {
    const own = classFeatures[classIndices[row] ?? 0];
    if (own === undefined) return;
    values.set(own.subarray(place * featureLength, (place + 1) * featureLength), row * featureLength);
  });
  return { values, featureLength };
}

/** Trains a head as the engine does, with the default settings but for `change`, and asks it about the photos tested on. */
export async function scoreHead(
  features: Features,
  dealt: DealtRows,
  classCount: number,
  change: Partial<TrainingSettings>,
): Promise<HeadScore> {
  const startedMs = performance.now();
  const { head, classifier } = await trainAnyHead(trainOptions(features, dealt, classCount, change));
  const seconds = (performance.now() - startedMs) / 1000;
  const { featureLength } = features;
  const firstTested = dealt.parts.indexOf('test');
  const testedClasses = dealt.classIndices.slice(firstTested);
  const shape: [number, number] = [testedClasses.length, featureLength];
  const rows = tf.tensor2d(features.values.subarray(firstTested * featureLength), shape);
  const probabilities = await predictProbabilities(rows, head).finally(() => rows.dispose());
  const chosen = classifier?.chosen;
  return { ...judge(probabilities, testedClasses, classCount), seconds, ...(chosen === undefined ? {} : { chosen }) };
}

function judge(probabilities: Float32Array, classes: readonly number[], classCount: number) {
  let loss = 0;
  const right = classes.map((own, row) => {
    const answer = probabilities.subarray(row * classCount, (row + 1) * classCount);
    loss -= Math.log(Math.max(answer[own] ?? 0, 1e-12)) / classes.length;
    return answer.indexOf(Math.max(...answer)) === own ? '1' : '0';
  });
  return { right: right.join(''), loss };
}

function trainOptions(
  features: Features,
  { classIndices, places, parts }: DealtRows,
  classCount: number,
  change: Partial<TrainingSettings>,
): TrainOptions {
  const classCounts = Array.from(
    { length: classCount },
    (_, own) => classIndices.filter((other, row) => other === own && parts[row] === 'train').length,
  );
  return {
    features,
    rows: { hashes: places.map((place, row) => hashOf(classIndices[row] ?? 0, place)), classIndices, parts },
    classCount,
    settings: resolveSettings({ ...DEFAULT_SETTINGS, ...change }, { classCounts }),
    signal: new AbortController().signal,
    stopRequested: () => false,
    emit: () => {},
    now: () => performance.now(),
    yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
