import type { SourceGraph } from '../source/source-graph.ts';
import type { TensorSource } from './tensor-source.ts';

/** A known way to connect tensors, recognised by their names. */
export interface Architecture {
  /** "ResNet-18". */
  readonly name: string;
  readonly family: string;
  /** Names of the tensors above the feature, which are left out. */
  readonly classifier: RegExp;
  /**
   * @param side of the square input, px.
   * @throws GraphError naming the tensor that is missing or of the wrong shape.
   */
  readonly build: (tensors: TensorSource, side: number) => SourceGraph;
}
