import type { ImageId, Part } from '../dataset.ts';
import type { Predictions } from '../run.ts';

/** Position of the largest value; of equal ones the first, NaN never. 0 for an empty list. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let position = 0; position < values.length; position++) {
    const value = values[position] ?? Number.NaN;
    if (value > largest) {
      largest = value;
      best = position;
    }
  }
  return best;
}

/** Rows of `predictions` that belong to a part, rising. */
export function rowsOfPart(predictions: Predictions, part: Part): number[] {
  return predictions.parts.flatMap((rowPart, row) => (rowPart === part ? [row] : []));
}

/** Probabilities of one row, by class index. A view: do not write to it. */
function rowProbabilities({ probabilities, classCount }: Predictions, row: number): Float32Array {
  return probabilities.subarray(row * classCount, (row + 1) * classCount);
}

/** The class with the highest probability, of every row. */
export function predictedIndices(predictions: Predictions): number[] {
  return predictions.imageIds.map((_, row) => argmax(rowProbabilities(predictions, row)));
}

/** One image as galleries show it. */
export interface PredictedImage {
  readonly imageId: ImageId;
  readonly part: Part;
  readonly trueIndex: number;
  readonly predictedIndex: number;
  /** Probability of the predicted class, 0-1. */
  readonly confidenceRatio: number;
  /** Probability the model gave the true class, 0-1. */
  readonly trueProbabilityRatio: number;
}

/** Every image of a part with what the model said, in the order of `predictions`. */
export function predictedImages(predictions: Predictions, part: Part): PredictedImage[] {
  const predicted = predictedIndices(predictions);
  return rowsOfPart(predictions, part).flatMap((row) => {
    const imageId = predictions.imageIds[row];
    const trueIndex = predictions.classIndices[row] ?? 0;
    const predictedIndex = predicted[row] ?? 0;
    const probabilities = rowProbabilities(predictions, row);
    if (imageId === undefined) return [];
    const confidenceRatio = probabilities[predictedIndex] ?? 0;
    const trueProbabilityRatio = probabilities[trueIndex] ?? 0;
    return [{ imageId, part, trueIndex, predictedIndex, confidenceRatio, trueProbabilityRatio }];
  });
}

/**
 * The images behind one cell of the confusion matrix.
 * @param trueIndex row of the matrix; null takes the whole column.
 * @param predictedIndex column of the matrix; null takes the whole row.
 */
export function imagesInCell(
  predictions: Predictions,
  part: Part,
  trueIndex: number | null,
  predictedIndex: number | null,
): ImageId[] {
  return predictedImages(predictions, part)
    .filter((image) => trueIndex === null || image.trueIndex === trueIndex)
    .filter((image) => predictedIndex === null || image.predictedIndex === predictedIndex)
    .map((image) => image.imageId);
}

/** Wrongly predicted images of a part, the most certain mistake first. */
export function mistakes(predictions: Predictions, part: Part): PredictedImage[] {
  return predictedImages(predictions, part)
    .filter((image) => image.trueIndex !== image.predictedIndex)
    .sort((a, b) => b.confidenceRatio - a.confidenceRatio);
}
