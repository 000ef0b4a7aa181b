import type { AugmentedView } from '../../../src/domain/augmented-view.ts';

/** The definition of a view, pixel by pixel and in the simplest words; noise left out. float64 [side, side, 3], 0-255. */
export function referenceView(bytes: Uint8Array, side: number, view: AugmentedView): Float64Array {
  const shaped = shape(Float64Array.from(bytes), side, view.matrix);
  const blurred = blur(shaped, side, view.blurRatio * side);
  return cover(colors(blurred, view.colorMatrix), side, view.cutout);
}

/** A position beyond the edge, mirrored so that the pixel at the edge comes twice. */
function mirrored(position: number, side: number): number {
  let at = position;
  while (at < 0 || at >= side) at = at < 0 ? -1 - at : 2 * side - 1 - at;
  return at;
}

function shape(pixels: Float64Array, side: number, [a, b, c, d, e, f]: AugmentedView['matrix']): Float64Array {
  const out = new Float64Array(pixels.length);
  const at = (x: number, y: number, channel: number) =>
    pixels[(mirrored(y, side) * side + mirrored(x, side)) * 3 + channel] ?? 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = (column + 0.5) / side - 0.5;
      const y = (row + 0.5) / side - 0.5;
      const fromX = (a * x + b * y + c + 0.5) * side - 0.5;
      const fromY = (d * x + e * y + f + 0.5) * side - 0.5;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [shareX, shareY] = [fromX - left, fromY - top];
      for (let channel = 0; channel < 3; channel++) {
        const upper = (1 - shareX) * at(left, top, channel) + shareX * at(left + 1, top, channel);
        const lower = (1 - shareX) * at(left, top + 1, channel) + shareX * at(left + 1, top + 1, channel);
        out[(row * side + column) * 3 + channel] = (1 - shareY) * upper + shareY * lower;
      }
    }
  }
  return out;
}

/** The two-dimensional Gaussian in one go. */
function blur(pixels: Float64Array, side: number, deviation: number): Float64Array {
  if (deviation === 0) return pixels;
  const reach = Math.ceil(3 * deviation);
  return pixels.map((_, index) => {
    const channel = index % 3;
    const column = Math.floor(index / 3) % side;
    const row = Math.floor(index / 3 / side);
    let sum = 0;
    let weights = 0;
    for (let down = -reach; down <= reach; down++) {
      for (let right = -reach; right <= reach; right++) {
        const weight = Math.exp(-(down ** 2 + right ** 2) / (2 * deviation ** 2));
        const from = (mirrored(row + down, side) * side + mirrored(column + right, side)) * 3 + channel;
        sum += weight * (pixels[from] ?? 0);
        weights += weight;
      }
    }
    return sum / weights;
  });
}

function colors(pixels: Float64Array, matrix: readonly number[]): Float64Array {
  return pixels.map((_, index) => {
    const channel = index % 3;
    const from = index - channel;
    const term = (column: number) => matrix[channel * 4 + column] ?? 0;
    const mixed = [0, 1, 2].reduce((sum, column) => sum + term(column) * (pixels[from + column] ?? 0), 255 * term(3));
    return Math.min(255, Math.max(0, mixed));
  });
}

function cover(pixels: Float64Array, side: number, cutout: AugmentedView['cutout']): Float64Array {
  if (cutout === null) return pixels;
  return pixels.map((value, index) => {
    const column = Math.floor(index / 3) % side;
    const row = Math.floor(index / 3 / side);
    const isInX = column >= Math.round(cutout.x * side) && column < Math.round((cutout.x + cutout.width) * side);
    const isInY = row >= Math.round(cutout.y * side) && row < Math.round((cutout.y + cutout.height) * side);
    return isInX && isInY ? 127.5 : value;
  });
}
