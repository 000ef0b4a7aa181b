import { unsupported } from '../graph-error.ts';
import type { Shape } from '../shapes.ts';
import type { AffineOp, SourceOp } from './source-graph.ts';

export type ArithmeticKind = 'sum' | 'difference' | 'product' | 'quotient';

/**
 * A value joined with a constant by arithmetic, as a per-channel affine.
 *
 * @param constant one number, or one for each channel.
 * @param isFirst the constant stands before the value: `3 - x` rather than `x - 3`.
 */
export function arithmeticOp(
  kind: ArithmeticKind,
  constant: ArrayLike<number>,
  isFirst: boolean,
  input: Shape | undefined,
  name: string,
): AffineOp {
  const channels = input?.at(-1) ?? 0;
  if (constant.length !== 1 && constant.length !== channels) {
    throw unsupported(`"${name}" uses a constant that is not one number per channel.`);
  }
  if (kind === 'quotient' && isFirst) throw unsupported(`"${name}" divides by a computed value, which cannot be read.`);
  const scale = new Float64Array(channels);
  const offset = new Float64Array(channels);
  for (let c = 0; c < channels; c += 1) {
    const value = constant[constant.length === 1 ? 0 : c] ?? 0;
    scale[c] = scaleOf(kind, value, isFirst);
    offset[c] = offsetOf(kind, value, isFirst);
  }
  return { op: 'affine', scale, offset, activation: 'linear' };
}

/** Computed values joined with one another. @throws GraphError when they are subtracted or divided. */
export function joinOp(kind: ArithmeticKind, name: string): SourceOp {
  if (kind === 'sum') return { op: 'add', activation: 'linear' };
  if (kind === 'product') return { op: 'multiply', activation: 'linear' };
  throw unsupported(`"${name}" is the ${kind} of two computed values, which cannot be read.`);
}

function scaleOf(kind: ArithmeticKind, constant: number, isFirst: boolean): number {
  if (kind === 'product') return constant;
  if (kind === 'quotient') return 1 / constant;
  return kind === 'difference' && isFirst ? -1 : 1;
}

function offsetOf(kind: ArithmeticKind, constant: number, isFirst: boolean): number {
  if (kind === 'sum') return constant;
  if (kind === 'difference') return isFirst ? constant : -constant;
  return 0;
}
