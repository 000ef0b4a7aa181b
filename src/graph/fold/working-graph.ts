import { corrupt } from '../graph-error.ts';
import type { Shape } from '../shapes.ts';
import type { SourceOp } from '../source/source-graph.ts';

/** One node on the way from source to folded graph; the folding steps rewrite it. */
export interface WorkingNode {
  readonly id: string;
  readonly inputs: readonly string[];
  readonly shape: Shape;
  readonly op: SourceOp;
}

/** A network being folded. Nodes are kept in topological order: replace them in place, never append an input. */
export interface WorkingGraph {
  readonly nodes: Map<string, WorkingNode>;
  outputId: string;
}

/** @throws GraphError 'backbone-corrupt' when there is no such node. */
export function requireNode(graph: WorkingGraph, id: string): WorkingNode {
  const node = graph.nodes.get(id);
  if (node === undefined) throw corrupt(`The network refers to "${id}", which it does not hold.`);
  return node;
}

/** The nodes that take each node's value, one entry per connection. */
export function takersOf(graph: WorkingGraph): Map<string, WorkingNode[]> {
  const takers = new Map<string, WorkingNode[]>([...graph.nodes.keys()].map((id) => [id, []]));
  for (const node of graph.nodes.values()) {
    for (const input of node.inputs) takers.get(input)?.push(node);
  }
  return takers;
}

/**
 * Removes nodes: whoever took the value of a key now takes the value of its entry.
 * Entries may be removed themselves, as long as they come earlier in the graph.
 */
export function replaceNodes(graph: WorkingGraph, replacements: ReadonlyMap<string, string>): void {
  if (replacements.size === 0) return;
  const resolved = new Map<string, string>();
  const resolve = (id: string) => resolved.get(id) ?? id;
  for (const node of [...graph.nodes.values()]) {
    const target = replacements.get(node.id);
    if (target !== undefined) {
      resolved.set(node.id, resolve(target));
      graph.nodes.delete(node.id);
    } else if (node.inputs.some((input) => resolved.has(input))) {
      graph.nodes.set(node.id, { ...node, inputs: node.inputs.map(resolve) });
    }
  }
  graph.outputId = resolve(graph.outputId);
}

/** Drops every node the output does not depend on. */
export function dropUnreachable(graph: WorkingGraph): void {
  const needed = new Set<string>([graph.outputId]);
  for (const node of [...graph.nodes.values()].reverse()) {
    if (needed.has(node.id)) for (const input of node.inputs) needed.add(input);
    else graph.nodes.delete(node.id);
  }
}

/** True for an average over the whole of space, however it is written. */
export function coversAll(graph: WorkingGraph, { op, inputs, shape }: WorkingNode): boolean {
  if (op.op !== 'averagePool' || shape[0] !== 1 || shape[1] !== 1) return false;
  const [height, width] = requireNode(graph, inputs[0] ?? '').shape;
  const isWhole = op.size[0] === height && op.size[1] === width;
  return isWhole && (op.padding === 'same' || op.padding.flat().every((amount) => amount === 0));
}
