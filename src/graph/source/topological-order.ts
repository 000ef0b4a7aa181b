import { corrupt, unsupported } from '../graph-error.ts';
import type { SourceGraph, SourceNode } from './source-graph.ts';

const MAX_EDGES = 50_000;

/**
 * The node and everything it depends on, inputs first.
 *
 * @throws GraphError 'backbone-corrupt' when a node is missing or depends on itself.
 */
export function topologicalOrder(graph: SourceGraph, id: string): SourceNode[] {
  const needed = collectNeeded(graph, id);
  const waiting = new Map<string, number>();
  const takers = new Map<string, string[]>();
  for (const node of needed.values()) {
    waiting.set(node.id, node.inputs.length);
    for (const input of node.inputs) {
      const list = takers.get(input);
      if (list === undefined) takers.set(input, [node.id]);
      else list.push(node.id);
    }
  }
  const ready = [...needed.values()].filter((node) => node.inputs.length === 0);
  for (let next = 0; next < ready.length; next += 1) {
    for (const taker of takers.get(ready[next]?.id ?? '') ?? []) {
      const left = (waiting.get(taker) ?? 0) - 1;
      waiting.set(taker, left);
      const node = needed.get(taker);
      if (left === 0 && node !== undefined) ready.push(node);
    }
  }
  if (ready.length < needed.size) throw corrupt('The network runs in a circle.');
  return ready;
}

function collectNeeded(graph: SourceGraph, id: string): Map<string, SourceNode> {
  const needed = new Map<string, SourceNode>();
  const open = [id];
  let edgeCount = 0;
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (needed.has(current)) continue;
    const node = graph.nodes.get(current);
    if (node === undefined) throw corrupt(`The network refers to "${current}", which it does not hold.`);
    needed.set(current, node);
    edgeCount += node.inputs.length;
    if (edgeCount > MAX_EDGES) throw unsupported(`The network has more than ${MAX_EDGES} connections.`);
    open.push(...node.inputs);
  }
  return needed;
}
