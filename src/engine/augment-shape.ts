import type { AugmentedView } from '../domain/augmented-view.ts';
import * as tf from './tf.ts';
import { computesInMainMemory } from './training/row-source.ts';

/**
 * Takes every pixel of a view from where its matrix says, bilinearly; beyond the edge lies the mirror image, edge pixels
 * twice. To be called inside a tidy.
 *
 * tfjs's own operation gives black on cpu and other pixels than everywhere else on wasm (4.22), so there the processor
 * does it here.
 *
 * @param pixels float32 [batch, side, side, 3].
 * @param matrices one for each picture, see `AugmentedView`.
 */
export function shapeRows(pixels: tf.Tensor4D, matrices: readonly AugmentedView['matrix'][]): tf.Tensor4D {
  const [batch, side] = pixels.shape;
  const transforms = matrices.map((matrix) => pixelTransform(matrix, side));
  if (!computesInMainMemory()) {
    const all = tf.tensor2d(transforms.flat(), [batch, 8]);
    return tf.image.transform(pixels, all, 'bilinear', 'reflect');
  }
  const source = pixels.dataSync<'float32'>();
  const target = new Float32Array(source.length);
  const rowLength = side * side * 3;
  transforms.forEach((transform, row) => {
    const [from, to] = [row * rowLength, (row + 1) * rowLength];
    sampleRow(source.subarray(from, to), target.subarray(from, to), side, transform);
  });
  return tf.tensor4d(target, pixels.shape);
}

/** From shares of the side about the centre to positions of pixels, whose centres lie on whole numbers. */
function pixelTransform([a, b, c, d, e, f]: AugmentedView['matrix'], side: number): readonly number[] {
  const centre = (side - 1) / 2;
  return [a, b, c * side + centre * (1 - a - b), d, e, f * side + centre * (1 - d - e), 0, 0];
}

function sampleRow(source: Float32Array, target: Float32Array, side: number, transform: readonly number[]): void {
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0] = transform;
  let to = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const fromX = mirrored(a * x + b * y + c, side);
      const fromY = mirrored(d * x + e * y + f, side);
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const shareX = fromX - left;
      const shareY = fromY - top;
      const right = Math.min(left + 1, side - 1);
      const lower = Math.min(top + 1, side - 1);
      let at = (top * side + left) * 3;
      let atRight = (top * side + right) * 3;
      let below = (lower * side + left) * 3;
      let belowRight = (lower * side + right) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const upperValue = (1 - shareX) * (source[at++] ?? 0) + shareX * (source[atRight++] ?? 0);
        const lowerValue = (1 - shareX) * (source[below++] ?? 0) + shareX * (source[belowRight++] ?? 0);
        target[to++] = (1 - shareY) * upperValue + shareY * lowerValue;
      }
    }
  }
}

/** @returns a position from 0 to side - 1 whose value a position anywhere has. */
function mirrored(position: number, side: number): number {
  let at = position;
  if (at < -0.5 || at > side - 0.5) {
    at = (at + 0.5) % (2 * side);
    if (at < 0) at += 2 * side;
    at = (at < side ? at : 2 * side - at) - 0.5;
  }
  return Math.min(side - 1, Math.max(0, at));
}
