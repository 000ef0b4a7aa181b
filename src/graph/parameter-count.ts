import type { FoldedNode } from './folded-graph.ts';

/** Number of weights some nodes hold, batch norms folded in. */
export function parameterCountOf(nodes: readonly FoldedNode[]): number {
  let count = 0;
  for (const node of nodes) {
    if ('kernel' in node) count += node.kernel.values.length + node.bias.values.length;
    if (node.op === 'affine') count += node.scale.values.length + node.offset.values.length;
  }
  return count;
}
