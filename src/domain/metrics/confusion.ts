/** Counts of one part: rows are the true class, columns the predicted one. */
export interface ConfusionMatrix {
  readonly classCount: number;
  /** Row major, [classCount x classCount]. */
  readonly counts: Uint32Array;
}

/** Counts pairs of true and predicted class; both lists have one entry per image. */
export function confusionMatrix(
  trueIndices: readonly number[],
  predictedIndices: readonly number[],
  classCount: number,
): ConfusionMatrix {
  const counts = new Uint32Array(classCount * classCount);
  trueIndices.forEach((trueIndex, position) => {
    const cell = trueIndex * classCount + (predictedIndices[position] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  });
  return { classCount, counts };
}

/** Images of class `trueIndex` predicted as `predictedIndex`. */
export function cellCount(matrix: ConfusionMatrix, trueIndex: number, predictedIndex: number): number {
  return matrix.counts[trueIndex * matrix.classCount + predictedIndex] ?? 0;
}

/** Each cell as a share of its row, 0-1, row major; NaN in rows without images. */
export function rowRatios(matrix: ConfusionMatrix): Float64Array {
  const { classCount, counts } = matrix;
  return Float64Array.from(counts, (count, cell) => {
    const start = cell - (cell % classCount);
    const row = counts.subarray(start, start + classCount);
    return count / row.reduce((sum, other) => sum + other, 0);
  });
}
