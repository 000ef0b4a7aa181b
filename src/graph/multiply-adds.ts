import type { FoldedNode } from './folded-graph.ts';

/** Multiplications that some nodes make of one image; those without weights count as none. */
export function multiplyAddsOf(nodes: readonly FoldedNode[]): number {
  return nodes.reduce((sum, node) => {
    if (!('kernel' in node)) return sum;
    const placeCount = node.shape.length === 3 ? (node.shape[0] ?? 1) * (node.shape[1] ?? 1) : 1;
    return sum + node.kernel.values.length * placeCount;
  }, 0);
}
