import { beat } from '../../domain/beat.ts';
import { dropUnreachable, requireNode, type WorkingGraph, type WorkingNode } from '../fold/working-graph.ts';
import { corrupt, GraphError, unsupported } from '../graph-error.ts';
import type { Shape } from '../shapes.ts';
import { inferShape } from './infer-shape.ts';
import type { SourceGraph, SourceNode, SourceOp } from './source-graph.ts';
import { topologicalOrder } from './topological-order.ts';

/**
 * Converts a source network up to its feature and cuts the rest away.
 *
 * @param featureLayer name of the layer or node whose value is the feature; null for the network's output,
 *   from which a classification top (dense layers and what surrounds them) is cut away.
 * @throws GraphError when the layer does not exist or something before it cannot be read.
 */
export function buildNetwork(source: SourceGraph, featureLayer: string | null): WorkingGraph {
  const graph = convertNetwork(source, featureLayer === null ? source.outputId : findLayer(source, featureLayer));
  graph.outputId = featureLayer === null ? findFeature(graph) : stepBack(graph, graph.outputId, isPassive);
  dropUnreachable(graph);
  requireOneInput(graph);
  for (const node of graph.nodes.values()) {
    if (node.op.op === 'head') throw unsupported(`"${node.id}" cannot be a feature: ${node.op.what}.`);
  }
  return graph;
}

/**
 * Converts everything a layer or node depends on; nothing is cut away yet.
 *
 * @param endId of the node, in full.
 */
export function convertNetwork(source: SourceGraph, endId: string): WorkingGraph {
  const graph: WorkingGraph = { nodes: new Map(), outputId: endId };
  for (const node of topologicalOrder(source, endId)) {
    beat();
    convertNode(graph, node);
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

/** What follows a softmax, or is done to a vector in a way that cannot be read, belongs to the classification top. */
function convertNode(graph: WorkingGraph, node: SourceNode): void {
  const inputs = node.inputs.map((id) => requireNode(graph, id));
  const top = inputs.find((input) => input.op.op === 'head');
  if (top?.op.op === 'head') {
    if (inputs.some((input) => input.op.op !== 'head' && isImage(input))) throw unsupported(top.op.what);
    graph.nodes.set(node.id, { ...top, id: node.id, inputs: [top.id] });
    return;
  }
  try {
    convertOps(graph, node, inputs);
  } catch (error) {
    const isTop = inputs.length > 0 && !inputs.some(isImage);
    if (!isTop || !(error instanceof GraphError) || error.code !== 'backbone-unsupported') throw error;
    const [first = ''] = node.inputs;
    graph.nodes.set(node.id, { id: node.id, inputs: [first], shape: [], op: { op: 'head', what: error.message } });
  }
}

/** True for a value with more than one place. */
export function isImage({ shape }: WorkingNode): boolean {
  return shape.length === 3 && (shape[0] !== 1 || shape[1] !== 1);
}

function convertOps(graph: WorkingGraph, node: SourceNode, inputs: readonly WorkingNode[]): void {
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
 * Id of the node whose value is the feature of a whole network. Walks back over the classification top: dense layers, 1x1 convolutions of one pixel, which are dense layers in
 * disguise, and what is done to their vectors. The feature is the pool, or the feature map, before the first of them.
 * A network that ends in a vector without such layers keeps it; a feature map laid out as a vector is taken as a map.
 */
export function findFeature(graph: WorkingGraph): string {
  let holdsTop = false;
  const startId = stepBack(graph, graph.outputId, (node) => {
    const isDense = node.op.op === 'head' || node.op.op === 'dense' || node.op.op === 'flatten' || isPointwise(node);
    const isPassed = !isImage(node) && (isDense || PASSED.has(node.op.op));
    holdsTop ||= isPassed && isDense;
    return isPassed;
  });
  return stepBack(graph, holdsTop ? startId : graph.outputId, isPassive);
}

/** What may be done to a vector on its way through the top. */
const PASSED = new Set<SourceOp['op']>(['same', 'reshape', 'affine', 'activation', 'add', 'multiply']);

/** True for a 1x1 convolution of one pixel. */
export function isPointwise({ op, shape }: WorkingNode): boolean {
  const isOnePixel = shape.length === 3 && shape[0] === 1 && shape[1] === 1;
  return op.op === 'conv' && isOnePixel && op.size[0] === 1 && op.size[1] === 1;
}

function requireOneInput(graph: WorkingGraph): void {
  const inputs = [...graph.nodes.values()].filter((node) => node.op.op === 'input');
  if (inputs.length !== 1) throw unsupported(`The network has ${inputs.length} inputs; exactly one was expected.`);
}
