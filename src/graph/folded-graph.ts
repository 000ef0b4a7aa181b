import type { PixelScaling } from '../domain/backbone.ts';
import type { StoredNumbers } from '../domain/stored-numbers.ts';

/**
 * What happens to every value after an operation. hardSigmoid(x) = relu6(x + 3) / 6, hardSwish(x) = x * hardSigmoid(x),
 * swish(x) = x * sigmoid(x); another slope, such as Keras 2's hard sigmoid, is an affine before it.
 */
export type Activation = 'linear' | 'relu' | 'relu6' | 'hardSwish' | 'hardSigmoid' | 'sigmoid' | 'swish';

/** [[top, bottom], [left, right]] zero rows and columns, or SAME as TensorFlow defines it. */
export type Padding = 'same' | readonly [readonly [number, number], readonly [number, number]];

interface NodeBase {
  /** Unique, the source network's layer name where there is one. */
  readonly name: string;
  /** Names of earlier nodes; the array of nodes is in topological order. */
  readonly inputs: readonly string[];
  /** [height, width, channels], or [length] once space is gone. */
  readonly shape: readonly number[];
}

/** float32, row major; `shape` as the operation below says. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** How a file keeps them; as float32 when absent. */
  readonly stored?: StoredNumbers | undefined;
}

export type FoldedNode =
  | (NodeBase & { readonly op: 'input' })
  /** kernel [kh, kw, in / groups, out], bias [out]; output channel o sees only the inputs of group floor(o * groups / out). */
  | (NodeBase & {
      readonly op: 'conv';
      readonly groups: number;
      readonly kernel: Weight;
      readonly bias: Weight;
      readonly strides: readonly [number, number];
      readonly dilations: readonly [number, number];
      readonly padding: Padding;
      readonly activation: Activation;
    })
  /** kernel [kh, kw, in, multiplier], bias [in * multiplier]. */
  | (NodeBase & {
      readonly op: 'depthwise';
      readonly kernel: Weight;
      readonly bias: Weight;
      readonly strides: readonly [number, number];
      readonly dilations: readonly [number, number];
      readonly padding: Padding;
      readonly activation: Activation;
    })
  /** Per channel x * scale + offset: a batch norm that no convolution could take in. scale, offset [channels]. */
  | (NodeBase & {
      readonly op: 'affine';
      readonly scale: Weight;
      readonly offset: Weight;
      readonly activation: Activation;
    })
  /** A whole layer on a vector: kernel [in, out], bias [out]. Shape [in] becomes [out]. */
  | (NodeBase & {
      readonly op: 'dense';
      readonly kernel: Weight;
      readonly bias: Weight;
      readonly activation: Activation;
    })
  /** Sum of exactly two inputs of one shape. */
  | (NodeBase & { readonly op: 'add'; readonly activation: Activation })
  /** Product of exactly two inputs: of one shape, or the second [1, 1, channels] or [channels], the same at every place. */
  | (NodeBase & { readonly op: 'multiply'; readonly activation: Activation })
  /** Two or more inputs side by side along the channels. */
  | (NodeBase & { readonly op: 'concat' })
  | (NodeBase & { readonly op: 'activation'; readonly activation: Activation })
  | (NodeBase & {
      readonly op: 'pad';
      readonly padding: readonly [readonly [number, number], readonly [number, number]];
    })
  /** Padding never counts: it loses every maximum and is left out of every average, as TensorFlow does. */
  | (NodeBase & {
      readonly op: 'maxPool' | 'averagePool';
      readonly size: readonly [number, number];
      readonly strides: readonly [number, number];
      readonly padding: Padding;
    })
  /** Over the whole of space: [channels], or [1, 1, channels] where a branch goes on from there. */
  | (NodeBase & { readonly op: 'globalAveragePool' | 'globalMaxPool' })
  /** [height, width, channels] as [height * width * channels], row major. */
  | (NodeBase & { readonly op: 'flatten' });

/** A headless network: folded, cut at its feature and ending in a vector. Plain data, cloneable between threads. */
export interface FoldedGraph {
  readonly inputSide: number;
  readonly pixels: PixelScaling;
  /** Topological; the last one gives the feature, shape [featureLength]. */
  readonly nodes: readonly FoldedNode[];
  readonly featureLength: number;
}
