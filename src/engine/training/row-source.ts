import * as tf from '../tf.ts';

/** Hands out rows of the features in any order. */
export interface RowSource {
  /**
   * @param rowIndices positions in the features.
   * @param mask float32 [rowIndices.length * featureLength] to multiply with, or null.
   * @returns float32 [rowIndices.length, featureLength]. Owned by the caller.
   */
  take(rowIndices: Int32Array, mask: Float32Array | null): tf.Tensor2D;
}

/** On these the device's memory is the processor's, and copying rows there is 10 times as fast as their gather. */
const MAIN_MEMORY_BACKENDS: readonly string[] = ['wasm', 'cpu'];

/** @param features float32 [rows, featureLength]. Borrowed, and must outlive the source. */
export async function openRowSource(features: tf.Tensor2D): Promise<RowSource> {
  if (!MAIN_MEMORY_BACKENDS.includes(tf.getBackend())) return deviceRows(features);
  return mainMemoryRows(await features.data<'float32'>(), features.shape[1]);
}

function mainMemoryRows(values: Float32Array, featureLength: number): RowSource {
  return {
    take(rowIndices, mask) {
      const rows = new Float32Array(rowIndices.length * featureLength);
      rowIndices.forEach((rowIndex, position) => {
        const start = rowIndex * featureLength;
        const row = values.subarray(start, start + featureLength);
        if (mask === null) rows.set(row, position * featureLength);
        else writeMasked(rows, row, mask, position * featureLength);
      });
      return tf.tensor2d(rows, [rowIndices.length, featureLength]);
    },
  };
}

function writeMasked(target: Float32Array, row: Float32Array, mask: Float32Array, offset: number): void {
  for (let index = 0; index < row.length; index++) {
    target[offset + index] = (row[index] ?? 0) * (mask[offset + index] ?? 0);
  }
}

function deviceRows(features: tf.Tensor2D): RowSource {
  return {
    take(rowIndices, mask) {
      return tf.tidy(() => {
        const rows = tf.gather(features, tf.tensor1d(rowIndices, 'int32'));
        return mask === null ? rows : tf.mul(rows, tf.tensor2d(mask, [rowIndices.length, features.shape[1]]));
      });
    },
  };
}
