/** As much of a node as is needed to see where a network can be cut; folded or not. */
export interface CutNode {
  /** Unique. */
  readonly name: string;
  /** Names of earlier nodes. */
  readonly inputs: readonly string[];
  /** [height, width, channels] or [length]. */
  readonly shape: readonly number[];
  readonly op: string;
}

/** A feature map every path from input to output goes through. */
export interface Crossing<T extends CutNode> {
  readonly node: T;
  /** Position among the nodes. */
  readonly index: number;
  readonly shape: readonly [number, number, number];
  /** Block the node's name puts it in, such as "conv5_block3"; null where it names none. */
  readonly block: string | null;
}

/** Resolutions, counted from the output, inside which every block end is offered; before them only the last one is. */
const FINE_RESOLUTIONS = 2;

/**
 * Where a network can be cut between its blocks, nearest the input first; the last is the last feature map there is.
 * In the two smallest resolutions every block's end is one, before them only the end of each resolution.
 *
 * @param nodes in topological order, all of them needed for the last one.
 */
export function blockEndsOf<T extends CutNode>(nodes: readonly T[]): Crossing<T>[] {
  const all = crossingsOf(nodes);
  // One pixel is the top's, unless the network shrinks every picture to that by itself.
  const images = all.filter(({ shape }) => shape[0] > 1 || shape[1] > 1);
  const crossings = images.length > 0 ? images : all;
  const hasJoins = nodes.some(isJoin);
  const ends = crossings.filter((crossing, at) => isBlockEnd(crossing, crossings[at + 1], hasJoins));
  const sides = [...new Set(ends.map(({ shape }) => shape[0]))].sort((a, b) => a - b);
  const fine = new Set(sides.slice(0, FINE_RESOLUTIONS));
  return ends.filter(({ shape }, at) => fine.has(shape[0]) || ends[at + 1]?.shape[0] !== shape[0]);
}

/** Feature maps no connection passes by, in topological order, from the first one with weights before it. */
function crossingsOf<T extends CutNode>(nodes: readonly T[]): Crossing<T>[] {
  const lastTaker = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const input of node.inputs) lastTaker.set(input, index);
  });
  const crossings: Crossing<T>[] = [];
  let reach = 0;
  let holdsWeights = false;
  nodes.forEach((node, index) => {
    holdsWeights ||= node.op === 'conv' || node.op === 'depthwise';
    const [height, width, channels] = node.shape;
    const isMap = height !== undefined && width !== undefined && channels !== undefined;
    if (reach <= index && holdsWeights && isMap && !isPooledMap(node)) {
      crossings.push({ node, index, shape: [height, width, channels], block: blockOf(node.name) });
    }
    reach = Math.max(reach, lastTaker.get(node.name) ?? 0);
  });
  return crossings;
}

function isPooledMap({ op }: CutNode): boolean {
  return op === 'globalAveragePool' || op === 'globalMaxPool';
}

/** Where a block ends: its name changes, an unnamed block joins its branches, or the picture gets smaller. */
function isBlockEnd<T extends CutNode>(
  crossing: Crossing<T>,
  next: Crossing<T> | undefined,
  hasJoins: boolean,
): boolean {
  if (next === undefined) return true;
  if (crossing.block !== null || next.block !== null) return crossing.block !== next.block;
  if (next.shape[0] <= crossing.shape[0] * 0.6) return true;
  return hasJoins ? isJoin(crossing.node) : crossing.node.op === 'conv';
}

function isJoin({ op }: CutNode): boolean {
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
