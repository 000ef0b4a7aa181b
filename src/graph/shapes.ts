import type { Padding } from './folded-graph.ts';
import { corrupt, unsupported } from './graph-error.ts';

/** [height, width, channels], or [length] once space has been averaged away. The batch is not part of it. */
export type Shape = readonly number[];

/** Rows and columns of zeros: [[top, bottom], [left, right]]. */
export type ExplicitPadding = Exclude<Padding, 'same'>;

export const NO_PADDING: ExplicitPadding = [
  [0, 0],
  [0, 0],
];

/** Largest kernel side, stride, dilation or padding taken seriously. */
export const MAX_WINDOW = 1024;

/** Largest number of values one node may give for one image: 256 MB of float32. */
const MAX_ELEMENTS = 2 ** 26;

/** Sliding window over space: a kernel or a pool. Sides, strides and dilations are [vertical, horizontal]. */
export interface Window {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding;
}

/** [height, width, channels]. @throws GraphError 'backbone-unsupported' when the value has no space any more. */
export function requireSpatial(shape: Shape, name: string): readonly [number, number, number] {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw unsupported(`"${name}" works on an image, but its input has ${shape.length} dimension(s).`);
  }
  return [height, width, channels];
}

/** [height, width] after a window has moved over it. @throws GraphError 'backbone-corrupt' when nothing is left. */
export function windowOutput(height: number, width: number, window: Window, name: string): readonly [number, number] {
  return [axisOutput(height, window, 0, name), axisOutput(width, window, 1, name)];
}

function axisOutput(length: number, window: Window, axis: 0 | 1, name: string): number {
  const stride = window.strides[axis];
  if (window.padding === 'same') return Math.ceil(length / stride);
  const [before, after] = window.padding[axis];
  const reach = (window.size[axis] - 1) * window.dilations[axis] + 1;
  const output = Math.floor((length + before + after - reach) / stride) + 1;
  if (output < 1) throw corrupt(`"${name}" has a window of ${reach} pixels, larger than its input of ${length}.`);
  return output;
}

/** The shape itself when it is a sane one. @throws GraphError 'backbone-unsupported' when it is too large to run. */
export function checkShape(shape: Shape, name: string): Shape {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count > MAX_ELEMENTS) throw unsupported(`"${name}" gives ${count} values for one image, too many to run here.`);
  return shape;
}

/** True when both have the same lengths in the same order. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
