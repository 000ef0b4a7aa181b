import type { FoldedGraph } from '../../graph/folded-graph.ts';
import { maxStageCount, type SplitGraph, splitAtStage } from '../../graph/split-at-stage.ts';
import { stagesOf } from '../../graph/stages.ts';
import { RemoteError } from '../../rpc/remote-error.ts';

/** A network cut in two for fine-tuning. */
export interface Cut extends SplitGraph {
  readonly stageCount: number;
  /** Stage of a node above the cut, 0 for the one nearest the output. */
  readonly stageOf: (nodeName: string) => number;
}

/**
 * Cuts a network below its last `wanted` stages, or below as many as it has.
 * @throws RemoteError 'fine-tune-impossible' for a network without a place to cut, or with nothing to train above it.
 */
export function cutNetwork(graph: FoldedGraph, wanted: number): Cut {
  const stageCount = Math.min(wanted, maxStageCount(graph));
  const stages = stagesOf(graph);
  if (stageCount < 1 || (stages[stageCount]?.parameterCountAbove ?? 0) === 0) {
    throw new RemoteError('fine-tune-impossible', 'This network has no stages that could be trained.');
  }
  const positions = new Map(graph.nodes.map(({ name }, index) => [name, index]));
  const ends = stages.slice(0, stageCount + 1).map(({ nodeName }) => positions.get(nodeName) ?? 0);
  const stageOf = (nodeName: string) => {
    const position = positions.get(nodeName) ?? 0;
    // The end of stage i lies at or after its nodes; what follows the last feature map counts as the last stage.
    return Math.max(
      0,
      ends.findIndex((_, index) => position > (ends[index + 1] ?? -1)),
    );
  };
  return { ...splitAtStage(graph, stageCount), stageCount, stageOf };
}
