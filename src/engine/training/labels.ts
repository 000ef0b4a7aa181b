import type { ClassWeighting } from '../../domain/settings.ts';

/**
 * Weight of every class in the loss. `balanced` is images / (classes x images of the class), as in scikit-learn, over
 * the classes that have images; the mean over all images is 1.
 * @returns float64 [classCount]; 1 for classes without images.
 */
export function classWeightsOf(classIndices: Int32Array, classCount: number, weighting: ClassWeighting): Float64Array {
  const weights = new Float64Array(classCount).fill(1);
  if (weighting === 'none') return weights;
  const counts = new Float64Array(classCount);
  for (const classIndex of classIndices) counts[classIndex] = (counts[classIndex] ?? 0) + 1;
  const presentCount = counts.filter((count) => count > 0).length;
  return weights.map((weight, classIndex) => {
    const count = counts[classIndex] ?? 0;
    return count === 0 ? weight : classIndices.length / (presentCount * count);
  });
}

/**
 * One-hot rows.
 * @param off value of the wrong classes, `on` of the right one; for label smoothing s over k classes s / k and 1 - s + s / k.
 * @returns float32 [classIndices.length, classCount], row major.
 */
export function oneHotRows(classIndices: Int32Array, classCount: number, off = 0, on = 1): Float32Array {
  const rows = new Float32Array(classIndices.length * classCount).fill(off);
  classIndices.forEach((classIndex, row) => {
    rows[row * classCount + classIndex] = on;
  });
  return rows;
}
