import * as tf from '../tf.ts';

/** Rows multiplied at a time. */
const CHUNK_ROWS = 256;

/**
 * Products of rows with columns, a few rows at a time, so that never all of them are on the device.
 *
 * @param rows float32 [count, length], `across` float32 [length, columns]; both borrowed.
 * @param visit is given a row's position and its products, which are only good until it returns.
 * @param between is awaited after every chunk.
 */
export async function visitRowProducts(
  rows: tf.Tensor2D,
  across: tf.Tensor2D,
  visit: (row: number, products: Float32Array) => void,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const [rowCount, length] = rows.shape;
  const columnCount = across.shape[1];
  for (let start = 0; start < rowCount; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rowCount - start);
    const chunk = tf.tidy(() => tf.matMul(tf.slice2d(rows, [start, 0], [count, length]), across));
    const products = await chunk.data<'float32'>().finally(() => chunk.dispose());
    for (let row = 0; row < count; row++) {
      visit(start + row, products.subarray(row * columnCount, (row + 1) * columnCount));
    }
    await between();
  }
}
