import type { Padding } from '../../graph/folded-graph.ts';
import * as tf from '../tf.ts';

/** How a filter or pool moves over its input; every pair is [vertical, horizontal]. */
export interface Window {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  /** Height and width of what it moves over, and of what it gives. */
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
}

/** What a window is made of. */
interface WindowFacts {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding;
}

/** SAME as TensorFlow defines it: the odd row or column goes to the end. */
function samePadding(input: number, size: number, stride: number): readonly [number, number] {
  const total = Math.max((Math.ceil(input / stride) - 1) * stride + size - input, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** Length a filter covers with its holes. */
function reach(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/** @param x float32 [batch, height, width, channels] the window moves over. */
export function windowOver(x: tf.Tensor4D, { size, strides, dilations, padding }: WindowFacts): Window {
  const [height, width] = [x.shape[1], x.shape[2]];
  const [tall, wide] = [reach(size[0], dilations[0]), reach(size[1], dilations[1])];
  const sides =
    padding === 'same'
      ? ([samePadding(height, tall, strides[0]), samePadding(width, wide, strides[1])] as const)
      : padding;
  const count = (length: number, [before, after]: readonly [number, number], covered: number, stride: number) =>
    Math.floor((length + before + after - covered) / stride) + 1;
  return {
    size,
    strides,
    dilations,
    padding: sides,
    input: [height, width],
    output: [count(height, sides[0], tall, strides[0]), count(width, sides[1], wide, strides[1])],
  };
}

/** Positions within a filter, row by row. */
export function positionsOf({ size }: Window): readonly (readonly [number, number])[] {
  return Array.from({ length: size[0] * size[1] }, (_, at) => [Math.floor(at / size[1]), at % size[1]] as const);
}

type Edges = readonly [readonly [number, number], readonly [number, number]];

/** Puts rows and columns of `value` around an image, or cuts as many off where a number is negative. */
function resized(x: tf.Tensor4D, [rows, columns]: Edges, value = 0): tf.Tensor4D {
  const edges = [rows, columns].flat();
  const cut = edges.some((edge) => edge < 0) ? cropped(x, [rows, columns]) : x;
  if (edges.every((edge) => edge <= 0)) return cut;
  const grow = (pair: readonly [number, number]): [number, number] => [Math.max(0, pair[0]), Math.max(0, pair[1])];
  return tf.pad(cut, [[0, 0], grow(rows), grow(columns), [0, 0]], value);
}

function cropped(x: tf.Tensor4D, [[top, bottom], [left, right]]: Edges): tf.Tensor4D {
  const off = (edge: number) => Math.max(0, -edge);
  const [batch, height, width, channels] = x.shape;
  return tf.slice(
    x,
    [0, off(top), off(left), 0],
    [batch, height - off(top) - off(bottom), width - off(left) - off(right), channels],
  );
}

/** An input with the window's padding around it. @param value what the padding holds. */
export function padded(x: tf.Tensor4D, window: Window, value = 0): tf.Tensor4D {
  return resized(x, window.padding, value);
}

/**
 * What one position of a filter sees, for every output.
 * @param paddedInput as `padded` gives it.
 * @returns float32 [batch, output height, output width, channels]; `paddedInput` itself where that is all of it.
 */
export function seenFrom(
  paddedInput: tf.Tensor4D,
  window: Window,
  [row, column]: readonly [number, number],
): tf.Tensor4D {
  const [batch, , , channels] = paddedInput.shape;
  const { strides, dilations, output } = window;
  const [top, left] = [row * dilations[0], column * dilations[1]];
  const size = [(output[0] - 1) * strides[0] + 1, (output[1] - 1) * strides[1] + 1] as const;
  if (strides[0] === 1 && strides[1] === 1) {
    // A filter of one value sees all of it; cutting out all copies it on wasm.
    if (size[0] === paddedInput.shape[1] && size[1] === paddedInput.shape[2]) return paddedInput;
    return tf.slice(paddedInput, [0, top, left, 0], [batch, size[0], size[1], channels]);
  }
  const end = [batch, top + size[0], left + size[1], channels];
  // tfjs does not type the rank of what it cuts out; it stays as it was.
  return tf.stridedSlice(paddedInput, [0, top, left, 0], end, [1, strides[0], strides[1], 1]) as tf.Tensor4D;
}

/** Puts `stride` - 1 zeros between neighbours, vertically and horizontally. */
function spread(x: tf.Tensor4D, [down, across]: readonly [number, number]): tf.Tensor4D {
  if (down === 1 && across === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const rows = spreadRows(tf.reshape(x, [batch * height, 1, width * channels]), down);
  const columns = spreadRows(tf.reshape(rows, [batch * height * down * width, 1, channels]), across);
  const [tall, wide] = [(height - 1) * down + 1, (width - 1) * across + 1];
  const apart = tf.reshape<tf.Rank.R4>(columns, [batch, height * down, width * across, channels]);
  return tf.slice(apart, [0, 0, 0, 0], [batch, tall, wide, channels]);
}

function spreadRows(x: tf.Tensor3D, stride: number): tf.Tensor3D {
  if (stride === 1) return x;
  return tf.concat([x, tf.zeros<tf.Rank.R3>([x.shape[0], stride - 1, x.shape[2]])], 1);
}

/**
 * The other way round from `seenFrom`: gives every output's value back to the input that position of the filter saw.
 * @param values float32 [batch, output height, output width, channels].
 * @returns float32 [batch, input height, input width, channels].
 */
export function givenBack(values: tf.Tensor4D, window: Window, position: readonly [number, number]): tf.Tensor4D {
  return resized(spread(values, window.strides), edgesAround(window, position));
}

/** Zeros around the spread outputs so that they lie on the inputs that a position of the filter saw. */
function edgesAround(
  { padding, strides, dilations, input, output }: Window,
  position: readonly [number, number],
): Edges {
  const along = (axis: 0 | 1): readonly [number, number] => {
    const before = position[axis] * dilations[axis] - padding[axis][0];
    const covered = (output[axis] - 1) * strides[axis] + 1;
    return [before, input[axis] - before - covered];
  };
  return [along(0), along(1)];
}

/**
 * Slopes of the outputs, spread and padded so that a filter turned by half a circle, moved over them with stride 1,
 * gives the slopes of the inputs.
 */
export function forTurnedFilter(slope: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { size, strides, dilations, padding, input, output } = window;
  const along = (axis: 0 | 1): readonly [number, number] => {
    const covered = reach(size[axis], dilations[axis]);
    const before = covered - 1 - padding[axis][0];
    const present = (output[axis] - 1) * strides[axis] + 1;
    return [before, input[axis] + covered - 1 - before - present];
  };
  return resized(spread(slope, strides), [along(0), along(1)]);
}
