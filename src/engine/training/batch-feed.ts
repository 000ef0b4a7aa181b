import { randomStream, shuffledIndices } from '../../domain/random.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import * as tf from '../tf.ts';
import { dropoutMasks } from './dropout.ts';
import { classWeightsOf, oneHotRows } from './labels.ts';
import type { Batch } from './network.ts';
import type { HeadShape } from './parameters.ts';
import type { RowSource } from './row-source.ts';
import type { PartRows } from './rows-by-part.ts';

/** Cuts the training rows into batches of one constant size, in a new order every epoch. */
export interface BatchFeed {
  readonly batchCount: number;
  /** Draws the order of the next epoch. */
  startEpoch(): void;
  /** Makes one batch; the tensors are owned by the caller. */
  batch(batchIndex: number): Batch & { readonly countedRows: number };
}

/**
 * The last batch is filled up from the start of the epoch's order: these rows are learnt from like the others, so that
 * every step weighs the same, but are counted only once in the scores.
 */
export function createBatchFeed(
  source: RowSource,
  train: PartRows,
  shape: HeadShape,
  settings: ResolvedSettings,
): BatchFeed {
  const { classCount, featureLength, hiddenUnits } = shape;
  const rowCount = train.rowIndices.length;
  const batchSize = Math.min(settings.batchSize, rowCount);
  const classWeights = classWeightsOf(train.classIndices, classCount, settings.classWeights);
  const shuffleRandom = randomStream(settings.seed, 'shuffle');
  const inputMasks = dropoutMasks(settings.dropout, randomStream(settings.seed, 'input-dropout'));
  const hiddenMasks = dropoutMasks(settings.dropout, randomStream(settings.seed, 'hidden-dropout'));
  let order: Int32Array = new Int32Array();

  return {
    batchCount: Math.ceil(rowCount / batchSize),
    startEpoch: () => {
      order = shuffledIndices(rowCount, shuffleRandom);
    },
    batch: (batchIndex) => {
      const start = batchIndex * batchSize;
      const picked = Int32Array.from({ length: batchSize }, (_, index) => order[(start + index) % rowCount] ?? 0);
      const classIndices = picked.map((position) => train.classIndices[position] ?? 0);
      const countedRows = Math.min(batchSize, rowCount - start);
      const labels = labelTensors(classIndices, countedRows, classCount, classWeights, settings.labelSmoothing);
      const rowIndices = picked.map((position) => train.rowIndices[position] ?? 0);
      const rows = source.take(rowIndices, inputMasks.next(batchSize * featureLength));
      const hiddenMask = hiddenUnits === 0 ? null : hiddenMasks.next(batchSize * hiddenUnits);
      return {
        rows,
        hiddenMask: hiddenMask === null ? null : tf.tensor2d(hiddenMask, [batchSize, hiddenUnits]),
        ...labels,
        countedRows,
      };
    },
  };
}

function labelTensors(
  classIndices: Int32Array,
  countedRows: number,
  classCount: number,
  classWeights: Float64Array,
  smoothing: number,
): Pick<Batch, 'targets' | 'weights' | 'truth'> {
  const batchSize = classIndices.length;
  const weights = Float32Array.from(classIndices, (classIndex) => (classWeights[classIndex] ?? 1) / batchSize);
  const off = smoothing / classCount;
  const targets = oneHotRows(classIndices, classCount, off, 1 - smoothing + off);
  targets.forEach((target, index) => {
    targets[index] = target * (weights[Math.floor(index / classCount)] ?? 0);
  });
  const truth = oneHotRows(classIndices, classCount).fill(0, countedRows * classCount);
  return {
    targets: tf.tensor2d(targets, [batchSize, classCount]),
    weights: tf.tensor2d(weights, [batchSize, 1]),
    truth: tf.tensor2d(truth, [batchSize, classCount]),
  };
}
