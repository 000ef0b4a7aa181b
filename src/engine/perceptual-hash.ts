const SIDE = 32;
const LOW = 8;

/** cos((2x + 1) u pi / 64) by u (0-7) and x (0-31): the rows of a discrete cosine transform. */
const COSINES = Float64Array.from({ length: LOW * SIDE }, (_, at) =>
  Math.cos(((2 * (at % SIDE) + 1) * Math.floor(at / SIDE) * Math.PI) / (2 * SIDE)),
);

/**
 * 64-bit perceptual hash: the lowest 8 x 8 frequencies of the picture's brightness at 32 x 32, each a bit that says whether it
 * is above their median (C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010). Copies
 * differ in few bits, pictures that have nothing to do with each other in about 32.
 *
 * @param pixels uint8 [side, side, channels], red, green and blue first. @param side 32 px or more.
 * @returns 16 hexadecimal digits.
 */
export function perceptualHash(pixels: ArrayLike<number>, side: number, channels: 3 | 4): string {
  const frequencies = lowFrequencies(brightnessAtLowSize(pixels, side, channels));
  // The first is the mean brightness, which says nothing of what is seen.
  const median = [...frequencies.subarray(1)].sort((one, other) => one - other)[(LOW * LOW - 1) >> 1] ?? 0;
  let digits = '';
  for (let at = 0; at < LOW * LOW; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) digit = digit * 2 + ((frequencies[at + bit] ?? 0) > median ? 1 : 0);
    digits += digit.toString(16);
  }
  return digits;
}

/** Mean brightness (Rec. 601) of each cell of a grid of 32 x 32. */
function brightnessAtLowSize(pixels: ArrayLike<number>, side: number, channels: number): Float64Array {
  const cells = new Float64Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row += 1) {
    const [top, bottom] = [Math.floor((row * side) / SIDE), Math.floor(((row + 1) * side) / SIDE)];
    for (let column = 0; column < SIDE; column += 1) {
      const [left, right] = [Math.floor((column * side) / SIDE), Math.floor(((column + 1) * side) / SIDE)];
      let sum = 0;
      for (let y = top; y < bottom; y += 1) {
        for (let x = left; x < right; x += 1) {
          const at = (y * side + x) * channels;
          sum += 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
        }
      }
      cells[row * SIDE + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return cells;
}

/** The lowest 8 x 8 of the two-dimensional transform, not scaled: only their order counts. */
function lowFrequencies(cells: Float64Array): Float64Array {
  const byRow = new Float64Array(SIDE * LOW);
  for (let row = 0; row < SIDE; row += 1) {
    for (let u = 0; u < LOW; u += 1) {
      let sum = 0;
      for (let x = 0; x < SIDE; x += 1) sum += (cells[row * SIDE + x] ?? 0) * (COSINES[u * SIDE + x] ?? 0);
      byRow[row * LOW + u] = sum;
    }
  }
  const frequencies = new Float64Array(LOW * LOW);
  for (let v = 0; v < LOW; v += 1) {
    for (let u = 0; u < LOW; u += 1) {
      let sum = 0;
      for (let row = 0; row < SIDE; row += 1) sum += (byRow[row * LOW + u] ?? 0) * (COSINES[v * SIDE + row] ?? 0);
      frequencies[v * LOW + u] = sum;
    }
  }
  return frequencies;
}
