import { corrupt, unsupported } from '../graph-error.ts';
import { type Shape, sameShape } from '../shapes.ts';
import type { SourceOp } from './source-graph.ts';

/**
 * A change of shape: one pixel to a vector or back, an image laid out as a vector, or nothing at all.
 *
 * @param target sides without the batch; one of them may be -1, for what is left over.
 * @throws GraphError 'backbone-unsupported' for any other.
 */
export function reshapeOp(input: Shape | undefined, target: readonly number[], name: string): SourceOp {
  if (input === undefined) throw corrupt(`"${name}" has no input.`);
  const count = input.reduce((product, side) => product * side, 1);
  const known = target.reduce((product, side) => (side === -1 ? product : product * side), 1);
  const output = target.map((side) => (side === -1 ? count / known : side));
  if (sameShape(output, input)) return { op: 'same' };
  const isOnePixel = input.slice(0, -1).every((side) => side === 1);
  if (output.length === 1 && output[0] === count)
    return isOnePixel ? { op: 'reshape', to: 'vector' } : { op: 'flatten' };
  if (isOnePixel && sameShape(output, [1, 1, count])) return { op: 'reshape', to: 'pixel' };
  throw unsupported(`"${name}" turns ${input.join(' x ')} values into ${target.join(' x ')}, which cannot be read.`);
}
