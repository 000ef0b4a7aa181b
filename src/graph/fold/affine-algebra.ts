import { beat } from '../../domain/beat.ts';
import type { Activation, Padding } from '../folded-graph.ts';
import type { AffineOp, FilterOp } from '../source/source-graph.ts';

/** Which channels a weight joins, by its flat position in the kernel. */
function channelsAt(filter: FilterOp): (index: number) => readonly [channel: number, out: number] {
  const [, , inCount = 1, lastCount = 1] = filter.kernel.shape;
  const groupLength = lastCount / filter.groups;
  return (index) => {
    const last = index % lastCount;
    const row = Math.floor(index / lastCount) % inCount;
    if (filter.op === 'depthwise') return [row, row * lastCount + last];
    return [Math.floor(last / groupLength) * inCount + row, last];
  };
}

/** The second of two activations seen together with the first as one, such as relu after relu6; null where none is. */
export function combineActivations(first: Activation, second: Activation): Activation | null {
  if (first === 'linear') return second;
  if (second === 'linear' || (second === 'relu' && NEVER_NEGATIVE.has(first))) return first;
  return second === 'relu6' && (first === 'relu' || first === 'relu6') ? 'relu6' : null;
}

/** Activations that give nothing below zero. */
export const NEVER_NEGATIVE: ReadonlySet<Activation> = new Set(['relu', 'relu6', 'hardSigmoid', 'sigmoid']);

/**
 * The affine after a filter taken into it: `s * (w x + b) + o = (s w) x + (s b + o)`.
 * Exact in real numbers; the filter must be linear.
 */
export function affineAfterFilter(filter: FilterOp, affine: AffineOp): FilterOp {
  return {
    ...filter,
    outScale: affine.scale.map((scale, c) => scale * (filter.outScale?.[c] ?? 1)),
    bias: affine.offset.map((offset, c) => (affine.scale[c] ?? 1) * (filter.bias[c] ?? 0) + offset),
    activation: affine.activation,
  };
}

/**
 * The affine before a filter taken into it: `w (s x + o) + b = (w s) x + (w o + b)`.
 * Exact where the filter sees no padding, or where the offset is zero; see `takesAffineBefore`.
 */
export function affineBeforeFilter(filter: FilterOp, affine: AffineOp): FilterOp {
  beat();
  const channelsOf = channelsAt(filter);
  const bias = filter.bias.slice();
  filter.kernel.values.forEach((weight, index) => {
    const [channel, out] = channelsOf(index);
    const gain = weight * (filter.inScale?.[channel] ?? 1) * (filter.outScale?.[out] ?? 1);
    bias[out] = (bias[out] ?? 0) + gain * (affine.offset[channel] ?? 0);
  });
  return { ...filter, inScale: affine.scale.map((scale, c) => scale * (filter.inScale?.[c] ?? 1)), bias };
}

/** True when zeros around the filter's input would not have gone through the affine, or would have stayed zeros. */
export function takesAffineBefore(filter: FilterOp, affine: AffineOp): boolean {
  if (affine.activation !== 'linear') return false;
  return isUnpadded(filter.padding, filter.size) || affine.offset.every((offset) => offset === 0);
}

/** True when a window never meets the zeros around its input. */
export function isUnpadded(padding: Padding, size: readonly [number, number]): boolean {
  if (padding === 'same') return size[0] === 1 && size[1] === 1;
  return padding.flat().every((amount) => amount === 0);
}

/** One affine after another as one. The first must be linear. */
export function affineAfterAffine(first: AffineOp, second: AffineOp): AffineOp {
  return {
    op: 'affine',
    scale: second.scale.map((scale, c) => scale * (first.scale[c] ?? 1)),
    offset: second.offset.map((offset, c) => (second.scale[c] ?? 1) * (first.offset[c] ?? 0) + offset),
    activation: second.activation,
  };
}

/** The kernel with both scales multiplied in, rounded once; the very same values when there is nothing to multiply. */
export function foldedKernel(filter: FilterOp): Float32Array {
  const { inScale, outScale, kernel } = filter;
  if (inScale === null && outScale === null) return kernel.values;
  const channelsOf = channelsAt(filter);
  return kernel.values.map((weight, index) => {
    const [channel, out] = channelsOf(index);
    return weight * (inScale?.[channel] ?? 1) * (outScale?.[out] ?? 1);
  });
}
