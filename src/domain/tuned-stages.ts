/** Changed weights of one node of a folded network: kernel and bias, or scale and offset of an affine. */
export interface TunedWeights {
  readonly nodeName: string;
  /** Kernel or scale, float32, row major, as long as the node's own. */
  readonly kernel: Float32Array;
  /** Bias or offset, float32, as long as the node's own. */
  readonly bias: Float32Array;
}

/** What fine-tuning changed in a network: the weights after a cut. Everything before it is as it was. */
export interface TunedStages {
  /** How many stages were trained, counted from the output; 1 or more. */
  readonly stageCount: number;
  /** Name of the node whose value crosses the cut and feeds the first tuned node. */
  readonly cutNode: string;
  /** One entry for every node with weights after the cut, in the network's order. */
  readonly weights: readonly TunedWeights[];
}

/** Where a run starts that goes on from tuned stages. */
export interface TunedStart {
  readonly tuned: TunedStages;
  /** True when the head has classes to learn that it does not know: it is trained alone before the stages are. */
  readonly isHeadFirst: boolean;
}
