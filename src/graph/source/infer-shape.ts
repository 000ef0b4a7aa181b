import type { Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { checkShape, requireSpatial, type Shape, sameShape, windowOutput } from '../shapes.ts';
import type { DenseOp, FilterOp, SourceOp } from './source-graph.ts';

type Computed = Exclude<SourceOp, { op: 'head' }>;

/**
 * Shape of an operation's value for one image; checks that inputs and weights fit on the way.
 *
 * @throws GraphError when they do not, or when the result would be too large to run.
 */
export function inferShape(op: Computed, inputs: readonly Shape[], name: string): Shape {
  if (op.op === 'input') return op.shape;
  const [first] = inputs;
  const isJoin = op.op === 'add' || op.op === 'multiply' || op.op === 'concat';
  if (first === undefined || (isJoin ? inputs.length < 2 : inputs.length !== 1)) {
    throw corrupt(`"${name}" has ${inputs.length} inputs, which does not fit its kind.`);
  }
  return checkShape(shapeOf(op, first, inputs, name), name);
}

function shapeOf(op: Exclude<Computed, { op: 'input' }>, first: Shape, inputs: readonly Shape[], name: string): Shape {
  switch (op.op) {
    case 'conv':
    case 'depthwise':
      return filterShape(op, first, name);
    case 'affine':
      requireLength(op.scale.length, first.at(-1), name);
      requireLength(op.offset.length, first.at(-1), name);
      return first;
    case 'add':
      if (!inputs.every((shape) => sameShape(shape, first)))
        throw unsupported(`"${name}" adds values of unequal shape.`);
      return first;
    case 'multiply':
      return productShape(inputs, name);
    case 'dense':
      return denseShape(op, first, name);
    case 'concat':
      return concatShape(inputs, name);
    case 'activation':
    case 'same':
      return first;
    case 'pad': {
      const [height, width, channels] = requireSpatial(first, name);
      const [[top, bottom], [left, right]] = op.padding;
      return [height + top + bottom, width + left + right, channels];
    }
    case 'maxPool':
    case 'averagePool': {
      const [height, width, channels] = requireSpatial(first, name);
      return [...windowOutput(height, width, op, name), channels];
    }
    case 'globalAveragePool':
    case 'globalMaxPool': {
      const channels = requireSpatial(first, name)[2];
      return op.keepsSpace ? [1, 1, channels] : [channels];
    }
    case 'flatten':
      return [sizeOf(first)];
    case 'reshape':
      return op.to === 'vector' ? [first.at(-1) ?? 0] : [1, 1, first.at(-1) ?? 0];
    default:
      op satisfies never;
      throw unsupported(`"${name}" cannot be read.`);
  }
}

function filterShape(op: FilterOp, input: Shape, name: string): Shape {
  const [height, width, channels] = requireSpatial(input, name);
  const outChannels = op.kernel.shape[3] ?? 0;
  if (channels % op.groups !== 0 || (op.op === 'conv' && outChannels % op.groups !== 0)) {
    throw corrupt(`"${name}" cannot split its channels into ${op.groups} groups.`);
  }
  requireKernel(op.kernel, channels / op.groups, name);
  if (Math.max(...op.strides) > 1 && Math.max(...op.dilations) > 1) {
    throw unsupported(`"${name}" has strides and dilations at once, which cannot be run.`);
  }
  const outCount = op.op === 'conv' ? outChannels : channels * outChannels;
  requireLength(op.bias.length, outCount, name);
  return [...windowOutput(height, width, op, name), outCount];
}

function requireKernel(kernel: Weight, channels: number, name: string): void {
  if (kernel.shape.length !== 4) throw corrupt(`The kernel of "${name}" does not have four dimensions.`);
  requireLength(kernel.shape[2], channels, name);
}

function requireLength(length: number | undefined, channels: number | undefined, name: string): void {
  if (length !== channels) throw corrupt(`The weights of "${name}" are for ${length} channels, not for ${channels}.`);
}

function denseShape(op: DenseOp, input: Shape, name: string): Shape {
  const [inCount, outCount] = op.kernel.shape;
  if (op.kernel.shape.length !== 2 || outCount === undefined) {
    throw corrupt(`The kernel of "${name}" does not have two dimensions.`);
  }
  if (input.length !== 1)
    throw unsupported(`"${name}" works on a vector, but its input has ${input.length} dimensions.`);
  requireLength(inCount, input[0], name);
  requireLength(op.bias.length, outCount, name);
  return [outCount];
}

/** Equal shapes, or one value per channel against an image. */
function productShape(inputs: readonly Shape[], name: string): Shape {
  const [first = []] = inputs.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const fits = (shape: Shape) => sameShape(shape, first) || sameShape(shape, [1, 1, first.at(-1) ?? 0]);
  if (!inputs.every(fits)) throw unsupported(`"${name}" multiplies values of unequal shape.`);
  return first;
}

function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

function concatShape(inputs: readonly Shape[], name: string): Shape {
  if (inputs.every((shape) => shape.length === 1)) return [inputs.reduce((total, [length = 0]) => total + length, 0)];
  const spatial = inputs.map((shape) => requireSpatial(shape, name));
  const [first] = spatial;
  if (first === undefined || spatial.some(([height, width]) => height !== first[0] || width !== first[1])) {
    throw corrupt(`"${name}" joins images of unequal size.`);
  }
  return [first[0], first[1], spatial.reduce((total, [, , channels]) => total + channels, 0)];
}
