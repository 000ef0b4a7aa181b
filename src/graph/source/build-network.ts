import { coversAll, dropUnreachable, requireNode, type WorkingGraph, type WorkingNode } from '../fold/working-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import type { Shape } from '../shapes.ts';
import { inferShape } from './infer-shape.ts';
import type { SourceGraph, SourceNode } from './source-graph.ts';
import { topologicalOrder } from './topological-order.ts';

/**
 * Converts a source network up to its feature and cuts the rest away.
 *
 * @param featureLayer name of the layer or node whose value is the feature; null for the network's output,
 *   from which a classification top (dense layers and what surrounds them) is cut away.
 * @throws GraphError when the layer does not exist or something before it cannot be read.
 */
export function buildNetwork(source: SourceGraph, featureLayer: string | null): WorkingGraph {
  const endId = featureLayer === null ? source.outputId : findLayer(source, featureLayer);
  const graph: WorkingGraph = { nodes: new Map(), outputId: endId };
  for (const node of topologicalOrder(source, endId)) convertNode(graph, node);
  graph.outputId = featureLayer === null ? cutTop(graph) : stepBack(graph, endId, isPassive);
  dropUnreachable(graph);
  requireOneInput(graph);
  for (const node of graph.nodes.values()) {
    if (node.op.op === 'head') throw unsupported(`"${node.id}" (${node.op.what}) stands before the feature layer.`);
  }
  return graph;
}

/** A layer by its full name, or by the last part of it where that is unique. */
function findLayer(source: SourceGraph, name: string): string {
  if (source.nodes.has(name)) return name;
  const matches = [...source.nodes.keys()].filter((id) => id.endsWith(`/${name}`));
  const [only] = matches;
  if (matches.length === 1 && only !== undefined) return only;
  throw corrupt(`The network has no layer "${name}", which its description names as the feature.`);
}

/** What follows a classification top belongs to it, whatever it is. */
function convertNode(graph: WorkingGraph, node: SourceNode): void {
  const inputs = node.inputs.map((id) => requireNode(graph, id));
  const top = inputs.find((input) => input.op.op === 'head');
  if (top?.op.op === 'head') {
    graph.nodes.set(node.id, { ...top, id: node.id, inputs: [top.id] });
    return;
  }
  let names = node.inputs;
  let shapes: readonly Shape[] = inputs.map((input) => input.shape);
  const ops = node.convert(shapes);
  ops.forEach((op, index) => {
    const id = index === ops.length - 1 ? node.id : `${node.id}#${index}`;
    const shape = op.op === 'head' ? [] : inferShape(op, shapes, node.id);
    graph.nodes.set(id, { id, inputs: names, shape, op });
    names = [id];
    shapes = [shape];
  });
}

/** Walks back from `id` along first inputs while `isPassed`. */
function stepBack(graph: WorkingGraph, id: string, isPassed: (node: WorkingNode) => boolean): string {
  let node = requireNode(graph, id);
  while (isPassed(node)) {
    const [input] = node.inputs;
    // Only the input has none, and that is never passed.
    if (input === undefined) return node.id;
    node = requireNode(graph, input);
  }
  return node.id;
}

function isPassive({ op }: WorkingNode): boolean {
  return op.op === 'same' || op.op === 'reshape';
}

/**
 * Walks back over the classification top. Usually that is dense layers after an average over space; 1x1 convolutions
 * of the one averaged pixel, with bias and activation, are dense layers in disguise.
 */
function cutTop(graph: WorkingGraph): string {
  let holdsTop = false;
  const pooledId = stepBack(graph, graph.outputId, (node) => {
    const isDense = node.op.op === 'head' || isPointwise(node);
    holdsTop ||= isDense;
    return isDense || isPassive(node) || node.op.op === 'affine' || node.op.op === 'activation';
  });
  const pooled = requireNode(graph, pooledId);
  if (holdsTop && (pooled.op.op === 'globalAveragePool' || coversAll(graph, pooled))) return pooledId;
  return stepBack(graph, graph.outputId, (node) => isPassive(node) || node.op.op === 'head');
}

function isPointwise({ op, inputs, shape }: WorkingNode): boolean {
  const isOnePixel = shape[0] === 1 && shape[1] === 1 && inputs.length === 1;
  return op.op === 'conv' && isOnePixel && op.size[0] === 1 && op.size[1] === 1;
}

function requireOneInput(graph: WorkingGraph): void {
  const inputs = [...graph.nodes.values()].filter((node) => node.op.op === 'input');
  if (inputs.length !== 1) throw unsupported(`The network has ${inputs.length} inputs; exactly one was expected.`);
}
