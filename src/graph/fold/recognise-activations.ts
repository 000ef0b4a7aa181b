import type { Activation } from '../folded-graph.ts';
import type { AffineOp } from '../source/source-graph.ts';
import { affineAfterAffine } from './affine-algebra.ts';
import {
  dropUnreachable,
  replaceNodes,
  requireNode,
  takersOf,
  type WorkingGraph,
  type WorkingNode,
} from './working-graph.ts';

/**
 * Puts activations together that a file spells out as arithmetic: relu6(x + 3) / 6 becomes a hard sigmoid,
 * x times its sigmoid a swish, x times its hard sigmoid a hard swish. In place; to be done before anything is folded.
 */
export function recogniseActivations(graph: WorkingGraph): void {
  cancelArithmetic(graph);
  recogniseHardSigmoids(graph);
  recogniseProducts(graph);
}

/** Arithmetic that the next step undoes is left out, as where a slope was changed to fit a format and back. */
function cancelArithmetic(graph: WorkingGraph): void {
  const takers = takersOf(graph);
  const removed = new Map<string, string>();
  for (const { id, inputs, op } of graph.nodes.values()) {
    const [input] = inputs;
    if (op.op !== 'affine' || op.activation !== 'linear' || input === undefined) continue;
    const before = requireNode(graph, input);
    const start = before.inputs[0];
    if (before.op.op !== 'affine' || before.op.activation !== 'linear' || start === undefined) continue;
    if (takers.get(input)?.length === 1 && isEven(affineAfterAffine(before.op, op), 1, 0)) removed.set(id, start);
  }
  replaceNodes(graph, removed);
  dropUnreachable(graph);
}

function recogniseHardSigmoids(graph: WorkingGraph): void {
  const takers = takersOf(graph);
  const isTakenOnce = ({ id }: WorkingNode) => takers.get(id)?.length === 1;
  for (const node of [...graph.nodes.values()]) {
    if (!isAffine(node, 1 / 6, 0)) continue;
    const before = inputOf(graph, node);
    if (before === null || !isTakenOnce(before)) continue;
    const start = movedBy3(graph, before);
    if (start !== null) activate(graph, node, start, 'hardSigmoid');
    else if (before.op.op === 'multiply') recogniseLateSixth(graph, node, before);
  }
}

/** (x * relu6(x + 3)) / 6. */
function recogniseLateSixth(graph: WorkingGraph, node: WorkingNode, product: WorkingNode): void {
  const [a = '', b = '', ...more] = product.inputs;
  if (more.length > 0) return;
  if (movedBy3(graph, requireNode(graph, a)) === b) activate(graph, node, b, 'hardSwish');
  else if (movedBy3(graph, requireNode(graph, b)) === a) activate(graph, node, a, 'hardSwish');
}

/** The x of relu6(x + 3); null for any other node. */
function movedBy3(graph: WorkingGraph, { op, inputs }: WorkingNode): string | null {
  if (op.op !== 'activation' || op.activation !== 'relu6') return null;
  const moved = requireNode(graph, inputs[0] ?? '');
  return isAffine(moved, 1, 3) ? (moved.inputs[0] ?? null) : null;
}

function recogniseProducts(graph: WorkingGraph): void {
  for (const node of [...graph.nodes.values()]) {
    const [a = '', b = '', ...more] = node.inputs;
    if (node.op.op !== 'multiply' || node.op.activation !== 'linear' || more.length > 0) continue;
    const [gateOfA, gateOfB] = [gateOf(graph, b, a), gateOf(graph, a, b)];
    if (gateOfA !== null) activate(graph, node, a, gateOfA);
    else if (gateOfB !== null) activate(graph, node, b, gateOfB);
  }
  dropUnreachable(graph);
}

/** What `x * gate` is as an activation of x; null when the gate is not one of x. */
function gateOf(graph: WorkingGraph, gate: string, x: string): Activation | null {
  const { op, inputs } = requireNode(graph, gate);
  if (op.op !== 'activation' || inputs[0] !== x) return null;
  if (op.activation === 'sigmoid') return 'swish';
  return op.activation === 'hardSigmoid' ? 'hardSwish' : null;
}

function activate(graph: WorkingGraph, node: WorkingNode, input: string, activation: Activation): void {
  graph.nodes.set(node.id, { ...node, inputs: [input], op: { op: 'activation', activation } });
}

function inputOf(graph: WorkingGraph, { inputs }: WorkingNode): WorkingNode | null {
  return inputs[0] === undefined ? null : requireNode(graph, inputs[0]);
}

function isAffine({ op }: WorkingNode, scale: number, offset: number): boolean {
  return op.op === 'affine' && op.activation === 'linear' && isEven(op, scale, offset);
}

/** True for x * scale + offset in every channel, to one part in a million: constants in a file are float32. */
export function isEven(op: AffineOp, scale: number, offset: number): boolean {
  const isNear = (value: number, wanted: number) => Math.abs(value - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted));
  return op.scale.every((value) => isNear(value, scale)) && op.offset.every((value) => isNear(value, offset));
}
