import type { UpperGraph } from '../../graph/split-at-stage.ts';
import { startGraph } from '../interpreter.ts';
import * as tf from '../tf.ts';
import type { TrainOptions } from '../train.ts';
import type { Features } from '../training/features.ts';

/** Rows computed at a time. */
const BATCH_ROWS = 32;

/**
 * What the upper part of a network makes of rows whose values at the cut are there.
 * @param rowIndices the rows wanted; those of `rowCount` that are not are zeros.
 * @throws the signal's reason when it aborts.
 */
export async function featuresAtCut(
  upper: UpperGraph,
  activations: (rowIndices: Int32Array) => Float32Array,
  rowIndices: Int32Array,
  rowCount: number,
  { signal, yieldToEvents }: Pick<TrainOptions, 'signal' | 'yieldToEvents'>,
): Promise<Features> {
  const { featureLength } = upper;
  const values = new Float32Array(rowCount * featureLength);
  const running = startGraph(upper);
  try {
    for (let start = 0; start < rowIndices.length; start += BATCH_ROWS) {
      await yieldToEvents();
      signal.throwIfAborted();
      const batch = rowIndices.slice(start, start + BATCH_ROWS);
      const rows = tf.tidy(() => running.run(tf.tensor4d(activations(batch), [batch.length, ...upper.inputShape])));
      const computed = await rows.data<'float32'>().finally(() => rows.dispose());
      batch.forEach((row, index) => {
        values.set(computed.subarray(index * featureLength, (index + 1) * featureLength), row * featureLength);
      });
    }
    return { values, featureLength };
  } finally {
    running.dispose();
  }
}
