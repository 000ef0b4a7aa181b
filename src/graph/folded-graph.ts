import type { PixelScaling } from '../domain/backbone.ts';

/** Activation fused into a convolution or an addition. */
export type Activation = 'linear' | 'relu' | 'relu6';

/** [[top, bottom], [left, right]] zero rows and columns, or SAME as TensorFlow defines it. */
export type Padding = 'same' | readonly [readonly [number, number], readonly [number, number]];

interface NodeBase {
  /** Unique, the source network's layer name where there is one. */
  readonly name: string;
  /** Names of earlier nodes; the array of nodes is in topological order. */
  readonly inputs: readonly string[];
  /** [height, width, channels], or [length] after global pooling. */
  readonly shape: readonly number[];
}

/** float32, row major; `shape` as the operation below says. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type FoldedNode =
  | (NodeBase & { readonly op: 'input' })
  /** kernel [kh, kw, in, out], bias [out]. */
  | (NodeBase & {
      readonly op: 'conv';
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
  /** Sum of exactly two inputs of one shape. */
  | (NodeBase & { readonly op: 'add'; readonly activation: Activation })
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
  | (NodeBase & { readonly op: 'globalAveragePool' });

/** A headless network: folded, cut at its feature and ending in a vector. Plain data, cloneable between threads. */
export interface FoldedGraph {
  readonly inputSide: number;
  readonly pixels: PixelScaling;
  /** Topological; the last one gives the feature, shape [featureLength]. */
  readonly nodes: readonly FoldedNode[];
  readonly featureLength: number;
}
