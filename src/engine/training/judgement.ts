import { confusionMatrix, rowRatios } from '../../domain/metrics/confusion.ts';
import { argmax } from '../../domain/metrics/predicted.ts';

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

/** @param lossSum cross-entropies of all rows together. */
export function judgementOf(
  lossSum: number,
  trueIndices: Int32Array,
  predicted: ArrayLike<number>,
  classCount: number,
): Judgement {
  const rowCount = trueIndices.length;
  const matrix = confusionMatrix([...trueIndices], Array.from(predicted), classCount);
  const onDiagonal = (values: ArrayLike<number>) =>
    Array.from({ length: classCount }, (_, classIndex) => values[classIndex * (classCount + 1)] ?? 0);
  const hitCount = onDiagonal(matrix.counts).reduce((sum, count) => sum + count, 0);
  return {
    loss: lossSum / rowCount,
    accuracyRatio: hitCount / rowCount,
    confusion: [...matrix.counts],
    recallRatios: onDiagonal(rowRatios(matrix)),
  };
}

/** @param probabilities float32 [classIndices.length, classCount]. */
export function judgementOfProbabilities(
  probabilities: Float32Array,
  classIndices: Int32Array,
  classCount: number,
): Judgement {
  let loss = 0;
  const predicted = classIndices.map((classIndex, row) => {
    const own = probabilities.subarray(row * classCount, (row + 1) * classCount);
    loss -= Math.log(Math.max(own[classIndex] ?? 0, Number.MIN_VALUE));
    return argmax(own);
  });
  return judgementOf(loss, classIndices, predicted, classCount);
}
