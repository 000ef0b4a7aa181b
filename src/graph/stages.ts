import { blockEndsOf, type Crossing } from './crossings.ts';
import type { FoldedGraph, FoldedNode } from './folded-graph.ts';
import { parameterCountOf } from './parameter-count.ts';

/** A place where a network can be cut in two: everything above it depends on this one value alone. */
export interface Stage {
  /** After the block that ends here ("block_16", "layer4", "conv5_block3"), or "stage 3", counted from the input. */
  readonly name: string;
  /** Name of the node whose value crosses the cut. */
  readonly nodeName: string;
  /** [height, width, channels] of that value. */
  readonly shape: readonly [number, number, number];
  /** Weights of the nodes after the cut: what training everything above it changes. 0 for the last feature map. */
  readonly parameterCountAbove: number;
}

/**
 * The cut points of a network, deepest (nearest the output) first. The first is always the last feature map there is.
 * In the two smallest resolutions every block's end is one, before them only the end of each resolution.
 */
export function stagesOf({ nodes }: FoldedGraph): readonly Stage[] {
  const ends = blockEndsOf(nodes);
  const names = namesOf(ends);
  const stages = ends.map(({ node, index, shape }, at) => ({
    name: names[at] ?? '',
    nodeName: node.name,
    shape,
    parameterCountAbove: parameterCountOf(nodes.slice(index + 1)),
  }));
  return stages.reverse();
}

/** Names people would not recognise: made up by Keras, or paths. */
const MADE_UP =
  /[/#]|^(?:add|activation|batch_normalization|concatenate|conv2d|multiply|re_lu|tf|p_re_lu)(?:[_.]|\d|$)/;

function namesOf(ends: readonly Crossing<FoldedNode>[]): string[] {
  const taken = new Set<string>();
  return ends.map(({ block, node }, at) => {
    const wanted = block ?? (MADE_UP.test(node.name) || node.name.length > 32 ? null : node.name);
    const name = wanted === null || taken.has(wanted) ? `stage ${at + 1}` : wanted;
    taken.add(name);
    return name;
  });
}
