import { unsupported } from '../graph-error.ts';
import { NO_PADDING } from '../shapes.ts';
import type { DenseOp, SourceOp } from '../source/source-graph.ts';
import { replaceNodes, requireNode, takersOf, type WorkingGraph } from './working-graph.ts';

/**
 * Does away with changes between one pixel and a vector, in place: what is laid out as a pixel again is computed as one
 * from its pool on, and a pool gives a vector where that is all anybody wants.
 *
 * @throws GraphError 'backbone-unsupported' when a vector that no pool or layer gave is to become a pixel.
 */
export function settleRanks(graph: WorkingGraph): void {
  makePixels(graph);
  makeVectors(graph);
}

function makePixels(graph: WorkingGraph): void {
  const nodes = [...graph.nodes.values()];
  if (!nodes.some(({ op }) => op.op === 'reshape' && op.to === 'pixel')) return;
  const settled: WorkingGraph = { nodes: new Map(), outputId: graph.outputId };
  const removed = new Map<string, string>();
  for (const node of nodes) {
    const isPixel = node.op.op === 'reshape' && node.op.to === 'pixel';
    if (isPixel) removed.set(node.id, lift(graph, settled, node.inputs[0] ?? ''));
    settled.nodes.set(node.id, node);
  }
  replaceNodes(settled, removed);
  graph.nodes.clear();
  for (const node of settled.nodes.values()) graph.nodes.set(node.id, node);
  graph.outputId = settled.outputId;
}

/** Id of a node that gives the vector `id` as one pixel; added to `settled` where there is none. */
function lift(graph: WorkingGraph, settled: WorkingGraph, id: string): string {
  const node = requireNode(graph, id);
  const { op, inputs } = node;
  if (node.shape.length === 3) return id;
  if (op.op === 'reshape' || (op.op === 'flatten' && requireNode(graph, inputs[0] ?? '').shape[0] === 1)) {
    return lift(graph, settled, inputs[0] ?? '');
  }
  const pixelId = `${id}#pixel`;
  if (settled.nodes.has(pixelId)) return pixelId;
  const isPool = op.op === 'globalAveragePool' || op.op === 'globalMaxPool';
  const lifted = isPool ? inputs : inputs.map((input) => lift(graph, settled, input));
  const pixelOp = liftOp(op, id);
  settled.nodes.set(pixelId, { id: pixelId, inputs: lifted, shape: [1, 1, node.shape[0] ?? 0], op: pixelOp });
  return pixelId;
}

function liftOp(op: SourceOp, id: string): SourceOp {
  switch (op.op) {
    case 'globalAveragePool':
    case 'globalMaxPool':
      return { ...op, keepsSpace: true };
    case 'dense':
      return pointwise(op);
    case 'activation':
    case 'affine':
    case 'add':
    case 'multiply':
    case 'concat':
    case 'same':
      return op;
    default:
      throw unsupported(`What "${id}" gives is laid out as an image afterwards, which cannot be read.`);
  }
}

function pointwise({ kernel, bias, activation }: DenseOp): SourceOp {
  const once = { strides: [1, 1], dilations: [1, 1], padding: NO_PADDING, size: [1, 1] } as const;
  const pixelKernel = { shape: [1, 1, ...kernel.shape], values: kernel.values };
  return { op: 'conv', kernel: pixelKernel, groups: 1, inScale: null, outScale: null, bias, activation, ...once };
}

/** One pixel as a vector: a pool gives it at once, other nodes are laid out. */
function makeVectors(graph: WorkingGraph): void {
  const takers = takersOf(graph);
  const removed = new Map<string, string>();
  for (const node of [...graph.nodes.values()]) {
    if (node.op.op !== 'reshape') continue;
    const source = requireNode(graph, node.inputs[0] ?? '');
    const { op } = source;
    const isPool = op.op === 'globalAveragePool' || op.op === 'globalMaxPool';
    if (isPool && takers.get(source.id)?.length === 1) {
      graph.nodes.set(source.id, { ...source, shape: node.shape, op: { ...op, keepsSpace: false } });
      removed.set(node.id, source.id);
    } else {
      graph.nodes.set(node.id, { ...node, op: { op: 'flatten' } });
    }
  }
  replaceNodes(graph, removed);
}
