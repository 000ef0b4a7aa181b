import type { Weight } from '../folded-graph.ts';

/**
 * A dilated kernel as a larger plain one, with zeros in the gaps.
 *
 * @param kernel [kh, kw, in, last].
 * @returns [(kh - 1) * dilation + 1, (kw - 1) * dilation + 1, in, last]; the same kernel when nothing is dilated.
 */
export function spreadKernel(kernel: Weight, [vertical, horizontal]: readonly [number, number]): Weight {
  if (vertical === 1 && horizontal === 1) return kernel;
  const [height = 1, width = 1, inCount = 1, lastCount = 1] = kernel.shape;
  const wide = (width - 1) * horizontal + 1;
  const shape = [(height - 1) * vertical + 1, wide, inCount, lastCount];
  const tapLength = inCount * lastCount;
  const values = new Float32Array((shape[0] ?? 1) * wide * tapLength);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const from = (row * width + column) * tapLength;
      const to = (row * vertical * wide + column * horizontal) * tapLength;
      values.set(kernel.values.subarray(from, from + tapLength), to);
    }
  }
  return { shape, values };
}
