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

/** A node every path from input to output goes through. */
interface Crossing {
  readonly node: FoldedNode;
  readonly index: number;
  readonly shape: readonly [number, number, number];
  readonly block: string | null;
}

/** Resolutions, counted from the output, inside which every block end is offered; before them only the last one is. */
const FINE_RESOLUTIONS = 2;

/**
 * The cut points of a network, deepest (nearest the output) first. The first is always the last feature map there is.
 * In the two smallest resolutions every block's end is one, before them only the end of each resolution.
 */
export function stagesOf(graph: FoldedGraph): readonly Stage[] {
  const crossings = crossingsOf(graph);
  const hasJoins = graph.nodes.some(isJoin);
  const ends = crossings.filter((crossing, at) => isBlockEnd(crossing, crossings[at + 1], hasJoins));
  const sides = [...new Set(ends.map(({ shape }) => shape[0]))].sort((a, b) => a - b);
  const fine = new Set(sides.slice(0, FINE_RESOLUTIONS));
  const kept = ends.filter(({ shape }, at) => fine.has(shape[0]) || ends[at + 1]?.shape[0] !== shape[0]);
  const names = namesOf(kept);
  const stages = kept.map(({ node, index, shape }, at) => ({
    name: names[at] ?? '',
    nodeName: node.name,
    shape,
    parameterCountAbove: parameterCountOf(graph.nodes.slice(index + 1)),
  }));
  return stages.reverse();
}

/** Feature maps no connection passes by, in topological order, from the first one with weights before it. */
function crossingsOf({ nodes }: FoldedGraph): Crossing[] {
  const lastTaker = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const input of node.inputs) lastTaker.set(input, index);
  });
  const crossings: Crossing[] = [];
  let reach = 0;
  let holdsWeights = false;
  nodes.forEach((node, index) => {
    holdsWeights ||= 'kernel' in node;
    const [height, width, channels] = node.shape;
    const isMap = height !== undefined && width !== undefined && channels !== undefined;
    if (reach <= index && holdsWeights && isMap && index < nodes.length - 1) {
      crossings.push({ node, index, shape: [height, width, channels], block: blockOf(node.name) });
    }
    reach = Math.max(reach, lastTaker.get(node.name) ?? 0);
  });
  return crossings;
}

/** Where a block ends: its name changes, an unnamed block joins its branches, or the picture gets smaller. */
function isBlockEnd(crossing: Crossing, next: Crossing | undefined, hasJoins: boolean): boolean {
  if (next === undefined) return true;
  if (crossing.block !== null || next.block !== null) return crossing.block !== next.block;
  if (next.shape[0] <= crossing.shape[0] * 0.6) return true;
  return hasJoins ? isJoin(crossing.node) : crossing.node.op === 'conv';
}

function isJoin({ op }: FoldedNode): boolean {
  return op === 'add' || op === 'concat';
}

/** How the usual libraries call a block, at the start of a layer's name or after a slash or dot. */
const BLOCK_NAMES: readonly RegExp[] = [
  /(?:^|[/.])(conv\d+_block\d+)(?=[_/.]|$)/,
  /(?:^|[/.])(layer\d+\.\d+)(?=[_/.]|$)/,
  /(?:^|[/.])(expanded_conv(?:_\d+)?|(?:block|stage|inverted_res_block)_?\d+[a-z]?)(?=[_/.]|$)/,
  /(?:^|[/.])((?:blocks|features|stages)\.\d+(?:\.\d+)?)(?=[_/.]|$)/,
  /(?:^|[/.])(mixed_?\d+[a-z]?)(?=[_/.]|$)/,
];

function blockOf(name: string): string | null {
  for (const pattern of BLOCK_NAMES) {
    const block = pattern.exec(name)?.[1];
    if (block !== undefined) return block;
  }
  // The two halves of a MobileNet v1 block: conv_dw_3, conv_pw_3; also Conv2d_3_depthwise, Conv2d_3_pointwise.
  const pair = /(?:^|\/)(?:conv_(?:dw|pw)_(\d+)|Conv2d_(\d+)_(?:depth|point)wise)(?=[_/]|$)/.exec(name);
  return pair === null ? null : `block_${pair[1] ?? pair[2]}`;
}

/** Names people would not recognise: made up by Keras, or paths. */
const MADE_UP =
  /[/#]|^(?:add|activation|batch_normalization|concatenate|conv2d|multiply|re_lu|tf|p_re_lu)(?:[_.]|\d|$)/;

function namesOf(kept: readonly Crossing[]): string[] {
  const taken = new Set<string>();
  return kept.map(({ block, node }, at) => {
    const wanted = block ?? (MADE_UP.test(node.name) || node.name.length > 32 ? null : node.name);
    const name = wanted === null || taken.has(wanted) ? `stage ${at + 1}` : wanted;
    taken.add(name);
    return name;
  });
}
