import type { ExplicitPadding } from '../shapes.ts';
import type { SourceOp } from '../source/source-graph.ts';
import { NEVER_NEGATIVE } from './affine-algebra.ts';
import { replaceNodes, takersOf, type WorkingGraph, type WorkingNode } from './working-graph.ts';

/**
 * Gives explicit zero padding to the filters and pools after it, where the result is exactly the same.
 * A maximum ignores its own padding but not zeros put there beforehand: its input must be known not to be negative.
 */
export function fusePadding(graph: WorkingGraph): void {
  const takers = takersOf(graph);
  const notNegative = nonNegativeNodes(graph);
  const removed = new Map<string, string>();
  for (const node of graph.nodes.values()) {
    const [input] = node.inputs;
    if (node.op.op !== 'pad' || input === undefined || node.id === graph.outputId) continue;
    const { padding } = node.op;
    const after = takers.get(node.id) ?? [];
    if (!after.every((taker) => canTakePadding(taker.op, padding, notNegative.has(input)))) continue;
    for (const taker of after) graph.nodes.set(taker.id, withPadding(taker, padding));
    removed.set(node.id, input);
  }
  replaceNodes(graph, removed);
}

function canTakePadding(op: SourceOp, padding: ExplicitPadding, isNotNegative: boolean): boolean {
  if (op.op !== 'conv' && op.op !== 'depthwise' && op.op !== 'maxPool') return false;
  if (op.padding === 'same' || op.padding.flat().some((amount) => amount !== 0)) return false;
  if (op.op !== 'maxPool') return true;
  // A window that lay wholly in the padding would have given zero, and gives minus infinity without it.
  return isNotNegative && padding.every((sides, axis) => sides.every((amount) => amount < (op.size[axis] ?? 0)));
}

function withPadding(node: WorkingNode, padding: ExplicitPadding): WorkingNode {
  const { op } = node;
  if (op.op !== 'conv' && op.op !== 'depthwise' && op.op !== 'maxPool') return node;
  return { ...node, op: { ...op, padding } };
}

/** Nodes whose values cannot be below zero, whatever the input. */
function nonNegativeNodes(graph: WorkingGraph): Set<string> {
  const found = new Set<string>();
  for (const { id, inputs, op } of graph.nodes.values()) {
    if ('activation' in op && NEVER_NEGATIVE.has(op.activation)) found.add(id);
    else if ('activation' in op && op.activation !== 'linear') continue;
    else if (PASSES_SIGN.has(op.op) && inputs.every((input) => found.has(input))) found.add(id);
  }
  return found;
}

const PASSES_SIGN = new Set<SourceOp['op']>([
  'add',
  'multiply',
  'concat',
  'pad',
  'maxPool',
  'averagePool',
  'globalAveragePool',
  'globalMaxPool',
  'activation',
]);
