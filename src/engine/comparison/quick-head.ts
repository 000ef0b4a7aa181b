import type { Part } from '../../domain/dataset.ts';
import { argmax } from '../../domain/metrics/predicted.ts';
import { DEFAULT_SETTINGS, type ResolvedSettings } from '../../domain/settings.ts';
import { predictProbabilities } from '../head.ts';
import * as tf from '../tf.ts';
import { trainHead } from '../train.ts';
import type { Features } from '../training/features.ts';
import { copyRows } from '../training/row-source.ts';

/** Features and labels of the images compared on, one row an image. */
export interface FoldedRows {
  /** float32 [rows, featureLength], row major. */
  readonly features: Float32Array;
  readonly featureLength: number;
  readonly classIndices: readonly number[];
  readonly classCount: number;
  /** Fold of every row, 0 to `foldCount` - 1. */
  readonly folds: readonly number[];
  readonly foldCount: number;
}

interface HeadContext {
  readonly signal: AbortSignal;
  readonly onFold: (doneCount: number) => void;
  readonly now: () => number;
  readonly yieldToEvents: () => Promise<void>;
}

interface CrossValidated {
  /** Class predicted for every row by the head that has not seen its fold. */
  readonly predictedIndices: number[];
  /** Training one head, ms; mean over the folds. */
  readonly headMs: number;
}

const BATCH_SIZE = 64;
/** Steps that settle a softmax regression on scaled features; epochs follow from them. */
const WANTED_STEPS = 200;
const EPOCHS = { least: 10, most: 60 } as const;

/** One recipe for every candidate, so that only the features differ. No validation part: nothing is chosen by the rows judged. */
function quickSettings(trainCount: number): ResolvedSettings {
  const stepsPerEpoch = Math.ceil(trainCount / BATCH_SIZE);
  const epochs = Math.min(EPOCHS.most, Math.max(EPOCHS.least, Math.ceil(WANTED_STEPS / stepsPerEpoch)));
  return {
    ...DEFAULT_SETTINGS,
    epochs,
    batchSize: BATCH_SIZE,
    learningRate: 0.01,
    optimizer: 'adam',
    head: 'network',
    hiddenUnits: 0,
    secondHiddenUnits: 0,
    folds: 5,
    dropout: 0,
    l2: 0.01,
    labelSmoothing: 0,
    classWeights: 'none',
    warmupRatio: 0.1,
    cosineDecay: true,
    patience: 0,
    seed: 42,
  };
}

/**
 * Cross-validates a softmax regression: each fold is predicted by a head trained on the others, on features
 * brought to one scale by the others' means and spread.
 *
 * @throws RemoteError 'training-diverged'; the signal's reason when it aborts.
 */
export async function crossValidate(rows: FoldedRows, context: HeadContext): Promise<CrossValidated> {
  const predictedIndices = new Array<number>(rows.classIndices.length).fill(0);
  let trainedMs = 0;
  let trainedCount = 0;
  for (let fold = 0; fold < rows.foldCount; fold++) {
    const held = rowsWhere(rows.folds, (other) => other === fold);
    const seen = rowsWhere(rows.folds, (other) => other !== fold);
    if (held.length > 0 && seen.length > 0) {
      trainedMs += await predictFold(rows, seen, held, context, predictedIndices);
      trainedCount += 1;
    }
    context.onFold(fold + 1);
  }
  return { predictedIndices, headMs: trainedMs / Math.max(1, trainedCount) };
}

function rowsWhere(folds: readonly number[], wanted: (fold: number) => boolean): number[] {
  return folds.flatMap((fold, row) => (wanted(fold) ? [row] : []));
}

function rowsAt(features: Features, rowIndices: readonly number[]): Float32Array {
  const rows = new Float32Array(rowIndices.length * features.featureLength);
  copyRows(features, Int32Array.from(rowIndices), rows, features.featureLength);
  return rows;
}

/** Trains on `seen`, writes what it says of `held` into `predicted`. @returns the time of the training, ms. */
async function predictFold(
  rows: FoldedRows,
  seen: readonly number[],
  held: readonly number[],
  context: HeadContext,
  predicted: number[],
): Promise<number> {
  const all = { values: rows.features, featureLength: rows.featureLength };
  const heldFeatures = tf.tensor2d(rowsAt(all, held), [held.length, rows.featureLength]);
  try {
    const { head, elapsedMs } = await trainHead({
      features: { values: rowsAt(all, seen), featureLength: rows.featureLength },
      rows: {
        hashes: [],
        classIndices: seen.map((row) => rows.classIndices[row] ?? 0),
        parts: seen.map((): Part => 'train'),
      },
      classCount: rows.classCount,
      settings: quickSettings(seen.length),
      signal: context.signal,
      stopRequested: () => false,
      emit: () => undefined,
      now: context.now,
      yieldToEvents: context.yieldToEvents,
    });
    const probabilities = await predictProbabilities(heldFeatures, head);
    held.forEach((row, index) => {
      predicted[row] = argmax(probabilities.subarray(index * rows.classCount, (index + 1) * rows.classCount));
    });
    return elapsedMs;
  } finally {
    heldFeatures.dispose();
  }
}
