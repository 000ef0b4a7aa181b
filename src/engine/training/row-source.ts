import { scaleRow } from '../heads/feature-scale.ts';
import * as tf from '../tf.ts';
import { type DropoutDraw, dropoutMask } from './dropout.ts';
import type { Features } from './features.ts';

/** Hands out rows of the features in any order, as tensors. `dispose` frees what it holds on the device. */
export interface RowSource {
  /**
   * @param rowIndices positions in the features.
   * @param dropout of [rowIndices.length * featureLength] values, or null.
   * @returns float32 [rowIndices.length, featureLength]. Owned by the caller.
   */
  take(rowIndices: Int32Array, dropout: DropoutDraw | null): tf.Tensor2D;
  dispose(): void;
}

/** On these the device's memory is the processor's, and copying rows there is 10 times as fast as their gather. */
const MAIN_MEMORY_BACKENDS: readonly string[] = ['wasm', 'cpu'];

/** True where the device's memory is the processor's. */
export function computesInMainMemory(): boolean {
  return MAIN_MEMORY_BACKENDS.includes(tf.getBackend());
}

export function openRowSource(features: Features): RowSource {
  return computesInMainMemory() ? mainMemoryRows(features) : deviceRows(features);
}

/** Copies rows, on their scale, into `target`, `stride` numbers from row to row. */
export function copyRows(features: Features, rowIndices: Int32Array, target: Float32Array, stride: number): void {
  const { values, featureLength, scale = null } = features;
  rowIndices.forEach((rowIndex, position) => {
    const start = rowIndex * featureLength;
    if (scale === null) target.set(values.subarray(start, start + featureLength), position * stride);
    else scaleRow(features, rowIndex, scale, target, position * stride);
  });
}

function mainMemoryRows(features: Features): RowSource {
  const { featureLength } = features;
  return {
    take(rowIndices, dropout) {
      const rows = new Float32Array(rowIndices.length * featureLength);
      copyRows(features, rowIndices, rows, featureLength);
      return masked(tf.tensor2d(rows, [rowIndices.length, featureLength]), dropout);
    },
    dispose: () => {},
  };
}

/** Applies dropout. @param rows float32 [count, featureLength]; disposed when something new comes out. */
export function masked(rows: tf.Tensor2D, dropout: DropoutDraw | null): tf.Tensor2D {
  if (dropout === null) return rows;
  return tf.tidy(() => {
    const product = tf.mul<tf.Tensor2D>(rows, tf.tensor2d(dropoutMask(dropout, rows.size), rows.shape));
    rows.dispose();
    return product;
  });
}

function deviceRows({ values, featureLength, scale = null }: Features): RowSource {
  const features = tf.tidy(() => {
    const raw = tf.tensor2d(values, [values.length / featureLength, featureLength]);
    if (scale === null) return raw;
    return tf.mul<tf.Tensor2D>(tf.sub(raw, tf.tensor1d(Float32Array.from(scale.means))), scale.factor);
  });
  return {
    take(rowIndices, dropout) {
      return masked(
        tf.tidy(() => tf.gather(features, tf.tensor1d(rowIndices, 'int32'))),
        dropout,
      );
    },
    dispose: () => features.dispose(),
  };
}
