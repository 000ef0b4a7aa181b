import type { BackboneStage } from '../domain/backbone.ts';
import type { FoldedGraph } from './folded-graph.ts';
import { stagesOf } from './stages.ts';

/**
 * The parts of a network that can be trained, the one nearest the output first. Each lies between two cut points, so that
 * training the first n of them means cutting at `stagesOf(graph)[n]`.
 */
export function trainableStagesOf(graph: FoldedGraph): BackboneStage[] {
  const cuts = stagesOf(graph);
  return cuts.slice(0, -1).map(({ name, shape, parameterCountAbove }, index) => {
    // What follows the last feature map belongs to the last stage.
    const counted = index === 0 ? 0 : parameterCountAbove;
    return { name, shape, parameterCount: (cuts[index + 1]?.parameterCountAbove ?? 0) - counted };
  });
}
