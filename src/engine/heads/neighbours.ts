import * as tf from '../tf.ts';
import type { Features } from '../training/features.ts';
import { visitRowProducts } from './row-products.ts';

/** A copy of an image is at distance 0, and would have all the say. */
const LEAST_DISTANCE = 1e-6;

/**
 * What the nearest neighbours of each row say of it, the row itself left out: votes weigh one over the cosine distance,
 * as scikit-learn's `weights="distance"` does.
 *
 * @returns the class with most votes, by row.
 */
export async function neighboursLeaveOneOut(
  { values, featureLength }: Features,
  classIndices: ArrayLike<number>,
  classCount: number,
  neighbourCount: number,
): Promise<Int32Array> {
  const rowCount = values.length / featureLength;
  const predicted = new Int32Array(rowCount);
  const rows = tf.tidy(() => unitRows(tf.tensor2d(values, [rowCount, featureLength])));
  // Transposed once: on wasm a product with a transposing flag is ten times as slow.
  const across = tf.tidy(() => tf.transpose(rows));
  try {
    await visitRowProducts(rows, across, (row, cosines) => {
      predicted[row] = vote(nearest(cosines, row, neighbourCount), cosines, classIndices, classCount);
    });
  } finally {
    tf.dispose([rows, across]);
  }
  return predicted;
}

function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.div(rows, tf.maximum(tf.norm(rows, 'euclidean', 1, true), 1e-12));
}

/** Positions of the highest cosines, highest first, without `self`. */
function nearest(cosines: Float32Array, self: number, count: number): number[] {
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < cosines.length; index++) {
    const cosine = cosines[index] ?? 0;
    if (index === self || (best.length === count && cosine <= least)) continue;
    let place = best.length;
    while (place > 0 && (cosines[best[place - 1] ?? 0] ?? 0) < cosine) place -= 1;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
    least = cosines[best.at(-1) ?? 0] ?? 0;
  }
  return best;
}

function vote(
  positions: readonly number[],
  cosines: Float32Array,
  classIndices: ArrayLike<number>,
  classCount: number,
): number {
  const votes = new Float64Array(classCount);
  for (const position of positions) {
    const classIndex = classIndices[position] ?? 0;
    const distance = Math.max(LEAST_DISTANCE, 1 - (cosines[position] ?? 0));
    votes[classIndex] = (votes[classIndex] ?? 0) + 1 / distance;
  }
  return votes.indexOf(Math.max(...votes));
}
