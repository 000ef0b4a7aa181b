import * as tf from '../tf.ts';
import type { Batch } from './batch-feed.ts';
import { dropoutMask } from './dropout.ts';
import type { HeadShape } from './head-shape.ts';
import { oneHotRows } from './labels.ts';
import type { Mixup } from './mixup.ts';
import { masked, type RowSource } from './row-source.ts';

/** One step's input on the device. */
export interface DeviceBatch {
  /** float32 [batchSize, featureLength], input dropout already applied. */
  readonly rows: tf.Tensor2D;
  /** By hidden layer: its dropout, float32 [batchSize, units], or null. */
  readonly hiddenMasks: readonly (tf.Tensor2D | null)[];
  /** Smoothed labels times the row's weight, float32 [batchSize, classCount]. */
  readonly targets: tf.Tensor2D;
  /** Class weight over batch size, float32 [batchSize, 1]. */
  readonly weights: tf.Tensor2D;
  /** What a teacher says, shaped like targets and weights; null without one. */
  readonly soft: { readonly temperature: number; readonly targets: tf.Tensor2D; readonly weights: tf.Tensor2D } | null;
  /** One-hot labels for the scores, all zero in rows that are not to be counted; float32 [batchSize, classCount]. */
  readonly truth: tf.Tensor2D;
}

function takeRows({ rowIndices, mixup, inputDropout }: Batch, source: RowSource): tf.Tensor2D {
  if (mixup === null) return source.take(rowIndices, inputDropout);
  return masked(blended(source, rowIndices, mixup), inputDropout);
}

function blended(source: RowSource, rowIndices: Int32Array, { shares, partnerRows }: Mixup): tf.Tensor2D {
  return tf.tidy(() => {
    const own = tf.tensor2d(shares, [shares.length, 1]);
    const rows = tf.mul(source.take(rowIndices, null), own);
    return tf.add<tf.Tensor2D>(rows, tf.mul(source.take(partnerRows, null), tf.sub(1, own)));
  });
}

/** Brings a batch to the device. Its tensors are owned by the caller. */
export function toDevice(batch: Batch, source: RowSource, { classCount, hiddenUnits }: HeadShape): DeviceBatch {
  const batchSize = batch.rowIndices.length;
  const truth = oneHotRows(batch.classIndices, classCount).fill(0, batch.countedRows * classCount);
  return {
    rows: takeRows(batch, source),
    hiddenMasks: hiddenUnits.map((units, layer) => {
      const draw = batch.hiddenDropouts[layer] ?? null;
      return draw === null ? null : tf.tensor2d(dropoutMask(draw, batchSize * units), [batchSize, units]);
    }),
    targets: tf.tensor2d(batch.targets, [batchSize, classCount]),
    weights: tf.tensor2d(batch.weights, [batchSize, 1]),
    soft: batch.soft && {
      temperature: batch.soft.temperature,
      targets: tf.tensor2d(batch.soft.targets, [batchSize, classCount]),
      weights: tf.tensor2d(batch.soft.weights, [batchSize, 1]),
    },
    truth: tf.tensor2d(truth, [batchSize, classCount]),
  };
}
