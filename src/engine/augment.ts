import { type AugmentedView, PLAIN_VIEW } from '../domain/augmented-view.ts';
import { randomStream } from '../domain/random.ts';
import { blurRows } from './augment-blur.ts';
import { shapeRows } from './augment-shape.ts';
import * as tf from './tf.ts';

/** What is covered becomes mid-grey. */
const COVER_VALUE = 127.5;

/**
 * Makes one view of every picture of a batch, on the device. What lies beyond a picture's edge is its mirror image
 * (edge pixels twice), in shape and in blur. A view depends on its own picture alone, not on its neighbours in the batch.
 * To be called inside a tidy.
 *
 * @param bytes float32 [batch, side, side, 3] RGB, 0-255. Borrowed.
 * @param views one for each picture from the first on; the rest of the batch stays as it is.
 * @returns float32 [batch, side, side, 3], 0-255, not rounded.
 */
export function augmentBatch(bytes: tf.Tensor4D, views: readonly AugmentedView[]): tf.Tensor4D {
  const [batch, side] = bytes.shape;
  const rows = Array.from({ length: batch }, (_, row) => views[row] ?? PLAIN_VIEW);
  let pixels = bytes;
  if (rows.some(({ matrix }) => !isSame(matrix, PLAIN_VIEW.matrix))) {
    pixels = shapeRows(
      pixels,
      rows.map(({ matrix }) => matrix),
    );
  }
  if (rows.some(({ blurRatio }) => blurRatio > 0)) {
    pixels = blurRows(
      pixels,
      rows.map(({ blurRatio }) => blurRatio * side),
    );
  }
  if (rows.some(({ colorMatrix }) => !isSame(colorMatrix, PLAIN_VIEW.colorMatrix))) pixels = color(pixels, rows);
  if (rows.some(({ noiseRatio }) => noiseRatio > 0)) pixels = tf.add(pixels, noise(rows, side));
  pixels = tf.clipByValue(pixels, 0, 255);
  return rows.some(({ cutout }) => cutout !== null) ? cover(pixels, rows, side) : pixels;
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.every((value, index) => value === other[index]);
}

function color(pixels: tf.Tensor4D, rows: readonly AugmentedView[]): tf.Tensor4D {
  const [batch, side] = pixels.shape;
  // Turned over here: a product with a transposing flag is slow on wasm.
  const kernels = rows.flatMap(({ colorMatrix: m }) =>
    [0, 4, 8, 1, 5, 9, 2, 6, 10].map((position) => m[position] ?? 0),
  );
  const offsets = rows.flatMap(({ colorMatrix }) => [3, 7, 11].map((position) => 255 * (colorMatrix[position] ?? 0)));
  const flat = tf.reshape(pixels, [batch, side * side, 3]);
  const turned = tf.matMul(flat, tf.tensor3d(kernels, [batch, 3, 3]));
  return tf.reshape(tf.add(turned, tf.tensor3d(offsets, [batch, 1, 3])), pixels.shape);
}

/** Mean and deviation of the sum of four bytes, each uniform from 0 to 255. */
const BYTE_SUM_MEAN = 510;
const BYTE_SUM_DEVIATION = Math.sqrt((4 * (256 ** 2 - 1)) / 12);

/** The sum of four random bytes is as near to normal as noise on pixels needs, and takes one draw a value. */
function noise(rows: readonly AugmentedView[], side: number): tf.Tensor4D {
  const rowLength = side * side * 3;
  const values = new Float32Array(rows.length * rowLength);
  const draws = new Uint32Array(rowLength);
  rows.forEach(({ noiseRatio, noiseSeed }, row) => {
    if (noiseRatio === 0) return;
    const factor = (255 * noiseRatio) / BYTE_SUM_DEVIATION;
    randomStream(noiseSeed, 'noise').fill(draws);
    for (let index = 0; index < rowLength; index++) {
      const draw = draws[index] ?? 0;
      const sum = (draw & 255) + ((draw >>> 8) & 255) + ((draw >>> 16) & 255) + (draw >>> 24);
      values[row * rowLength + index] = (sum - BYTE_SUM_MEAN) * factor;
    }
  });
  return tf.tensor4d(values, [rows.length, side, side, 3]);
}

function cover(pixels: tf.Tensor4D, rows: readonly AugmentedView[], side: number): tf.Tensor4D {
  const kept = new Float32Array(rows.length * side * side).fill(1);
  rows.forEach(({ cutout }, row) => {
    if (cutout === null) return;
    const inside = (position: number) => Math.min(side, Math.max(0, Math.round(position * side)));
    const [left, right] = [inside(cutout.x), inside(cutout.x + cutout.width)];
    for (let y = inside(cutout.y); y < inside(cutout.y + cutout.height); y++) {
      const line = (row * side + y) * side;
      kept.fill(0, line + left, line + right);
    }
  });
  const mask = tf.tensor4d(kept, [rows.length, side, side, 1]);
  const grey = tf.mul(tf.sub(1, mask), COVER_VALUE);
  return tf.add(tf.mul(pixels, mask), grey);
}
