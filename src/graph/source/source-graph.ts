import type { Activation, Padding, Weight } from '../folded-graph.ts';
import { type ExplicitPadding, NO_PADDING, type Shape, type Window } from '../shapes.ts';

/**
 * A convolution before its neighbours are folded in. What it computes per output channel o is
 * `outScale[o] * sum(kernel * (inScale * x)) + bias[o]`; the scales stay apart in float64 until the end.
 */
export interface FilterOp extends Window {
  readonly op: 'conv' | 'depthwise';
  /** conv [kh, kw, in / groups, out]; depthwise [kh, kw, in, multiplier]. */
  readonly kernel: Weight;
  /** 1 for a depthwise convolution. */
  readonly groups: number;
  /** One per input channel; null means 1. */
  readonly inScale: Float64Array | null;
  /** One per output channel; null means 1. */
  readonly outScale: Float64Array | null;
  readonly bias: Float64Array;
  readonly activation: Activation;
}

/** x * scale + offset per channel. */
export interface AffineOp {
  readonly op: 'affine';
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  readonly activation: Activation;
}

/** A whole layer on a vector: kernel [in, out]. */
export interface DenseOp {
  readonly op: 'dense';
  readonly kernel: Weight;
  readonly bias: Float64Array;
  readonly activation: Activation;
}

/** One operation as it is read, before folding. */
export type SourceOp =
  | { readonly op: 'input'; readonly shape: Shape }
  | FilterOp
  | AffineOp
  | DenseOp
  /** Of two or more. */
  | { readonly op: 'add' | 'multiply'; readonly activation: Activation }
  | { readonly op: 'concat' }
  | { readonly op: 'activation'; readonly activation: Activation }
  | { readonly op: 'pad'; readonly padding: ExplicitPadding }
  | ({ readonly op: 'maxPool' | 'averagePool' } & Window)
  /** `keepsSpace`: gives [1, 1, channels] instead of [channels]. */
  | { readonly op: 'globalAveragePool' | 'globalMaxPool'; readonly keepsSpace: boolean }
  /** Passes its input on: dropout, an identity, a nested model's border. */
  | { readonly op: 'same' }
  /** [1, 1, n] or [n] as [n], or as [1, 1, n]. */
  | { readonly op: 'reshape'; readonly to: 'vector' | 'pixel' }
  /** [height, width, channels] as [height * width * channels]. */
  | { readonly op: 'flatten' }
  /** Part of a classification top: never computed here, only cut away. `what` says why it cannot be read. */
  | { readonly op: 'head'; readonly what: string };

/** One node of a network as it came, not yet converted: what it means may depend on the shapes before it. */
export interface SourceNode {
  /** Unique in the network. */
  readonly id: string;
  /** Ids of the nodes whose values it takes. */
  readonly inputs: readonly string[];
  /**
   * The operations it stands for, each taking the one before; the first takes `inputs`.
   * @throws GraphError when it cannot be read.
   */
  readonly convert: (inputShapes: readonly Shape[]) => readonly SourceOp[];
}

/** A whole network as read, in no particular order. */
export interface SourceGraph {
  readonly nodes: ReadonlyMap<string, SourceNode>;
  /** Id of the node whose value is the network's output. */
  readonly outputId: string;
}

/**
 * A filter as its file has it: nothing folded yet. As many groups as channels are a depthwise convolution.
 *
 * @param kernel [kh, kw, in / groups, out], or [kh, kw, in, multiplier] for a depthwise one.
 */
export function plainFilter(
  op: 'conv' | 'depthwise',
  kernel: Weight,
  bias: Weight | null,
  window: Omit<Window, 'size'>,
  activation: Activation,
  groups = 1,
): FilterOp {
  const [height = 1, width = 1, inCount = 1, last = 1] = kernel.shape;
  const outCount = op === 'conv' ? last : inCount * last;
  if (op === 'conv' && groups > 1 && inCount === 1 && last % groups === 0) {
    const shape = [height, width, groups, last / groups];
    return plainFilter('depthwise', { shape, values: kernel.values }, bias, window, activation);
  }
  return {
    op,
    kernel,
    groups,
    inScale: null,
    outScale: null,
    bias: bias === null ? new Float64Array(outCount) : Float64Array.from(bias.values),
    activation,
    size: [height, width],
    ...window,
  };
}

/** A dense layer on a vector, or at every place of an image, where it is a 1x1 convolution. */
export function plainDense(kernel: Weight, bias: Weight | null, inputRank: number): DenseOp | FilterOp {
  const [inCount = 1, outCount = 1] = kernel.shape;
  if (inputRank === 3 && kernel.shape.length === 2) {
    const pixel = { shape: [1, 1, inCount, outCount], values: kernel.values };
    return plainFilter('conv', pixel, bias, { strides: [1, 1], dilations: [1, 1], padding: NO_PADDING }, 'linear');
  }
  const values = bias === null ? new Float64Array(outCount) : Float64Array.from(bias.values);
  return { op: 'dense', kernel, bias: values, activation: 'linear' };
}

/** The same scale and offset for each channel. */
export function evenAffine(channels: number, scale: number, offset: number): AffineOp {
  return {
    op: 'affine',
    scale: new Float64Array(channels).fill(scale),
    offset: new Float64Array(channels).fill(offset),
    activation: 'linear',
  };
}

/** Scale and offset of a batch norm: `gamma * (x - mean) / sqrt(variance + epsilon) + beta`. Lengths are one per channel. */
export function batchNormAffine(
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
  gamma: ArrayLike<number> | null,
  beta: ArrayLike<number> | null,
  epsilon: number,
): AffineOp {
  const scale = new Float64Array(mean.length);
  const offset = new Float64Array(mean.length);
  for (let c = 0; c < mean.length; c += 1) {
    const factor = (gamma?.[c] ?? 1) / Math.sqrt((variance[c] ?? 0) + epsilon);
    scale[c] = factor;
    offset[c] = (beta?.[c] ?? 0) - (mean[c] ?? 0) * factor;
  }
  return { op: 'affine', scale, offset, activation: 'linear' };
}

/** The padding's name in a file ("same", "VALID") as ours; null when it is another one. */
export function paddingByName(name: string): Padding | null {
  const lower = name.toLowerCase();
  if (lower === 'same') return 'same';
  return lower === 'valid' ? NO_PADDING : null;
}
