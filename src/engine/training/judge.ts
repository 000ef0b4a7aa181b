import { confusionMatrix, rowRatios } from '../../domain/metrics/confusion.ts';
import * as tf from '../tf.ts';
import { oneHotRows } from './labels.ts';
import { logitsOf, lossAndPredictions } from './network.ts';
import { type HeadShape, layersOf, type Parameters } from './parameters.ts';
import type { RowSource } from './row-source.ts';
import type { PartRows } from './rows-by-part.ts';

/** How a head does on the part that decides which epoch is the best. */
export interface Judgement {
  /** Mean cross-entropy, without smoothing, weights or L2. */
  readonly loss: number;
  readonly accuracyRatio: number;
  /** [classCount x classCount], row major, rows true. */
  readonly confusion: readonly number[];
  /** By class index; NaN where the part has no image of the class. */
  readonly recallRatios: readonly number[];
}

/** Holds the rows of that part on the device. `dispose` frees them. */
export interface Judge {
  /** Summed loss and predicted classes, float32 [1 + rows]. Call inside `tf.tidy`. */
  measure(parameters: Parameters): tf.Tensor1D;
  /** Turns what `measure` gave, read back, into scores. */
  read(measured: Float32Array): Judgement;
  dispose(): void;
}

export function createJudge(source: RowSource, { rowIndices, classIndices }: PartRows, shape: HeadShape): Judge {
  const { classCount } = shape;
  const rowCount = rowIndices.length;
  const rows = source.take(rowIndices, null);
  const truth = tf.tensor2d(oneHotRows(classIndices, classCount), [rowCount, classCount]);
  const trueIndices = [...classIndices];
  return {
    measure: (parameters) => lossAndPredictions(logitsOf(rows, layersOf(parameters, shape)), truth),
    read: (measured) => {
      const matrix = confusionMatrix(trueIndices, [...measured.subarray(1)], classCount);
      const ratios = rowRatios(matrix);
      const confusion = [...matrix.counts];
      const onDiagonal = (values: ArrayLike<number>) =>
        Array.from({ length: classCount }, (_, classIndex) => values[classIndex * (classCount + 1)] ?? 0);
      const hitCount = onDiagonal(confusion).reduce((sum, count) => sum + count, 0);
      return {
        loss: (measured[0] ?? Number.NaN) / rowCount,
        accuracyRatio: hitCount / rowCount,
        confusion,
        recallRatios: onDiagonal(ratios),
      };
    },
    dispose: () => tf.dispose([rows, truth]),
  };
}
