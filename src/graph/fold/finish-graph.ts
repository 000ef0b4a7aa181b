import type { PixelScaling } from '../../domain/backbone.ts';
import { beat } from '../../domain/beat.ts';
import type { FoldedGraph, FoldedNode, Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { foldedKernel } from './affine-algebra.ts';
import { coversAll, requireNode, type WorkingGraph, type WorkingNode } from './working-graph.ts';

/**
 * Rounds the folded weights to float32, ends the graph in an average over space unless it gives a vector, and checks the whole.
 *
 * @throws GraphError when a weight is not finite any more, or when there is no convolution to learn from.
 */
export function finishGraph(graph: WorkingGraph, inputSide: number, pixels: PixelScaling): FoldedGraph {
  requireRunnable(graph);
  const names = shortNames([...graph.nodes.keys()]);
  endInAverage(graph, names);
  const nodes = [...graph.nodes.values()].map((node) => finishNode(node, names));
  if (!nodes.some((node) => node.op === 'conv' || node.op === 'depthwise')) {
    throw unsupported('The network holds no convolution before its feature layer.');
  }
  const featureLength = requireNode(graph, graph.outputId).shape[0] ?? 0;
  return { inputSide, pixels, nodes, featureLength };
}

/** Largest number of values all nodes together may give for one image: 1 GB of float32, far beyond any network in use. */
const MAX_TOTAL_VALUES = 2 ** 28;

/** Parts of a path looked at for a short name; longer paths keep their whole id. */
const MAX_PARTS = 8;

/** Shortest end of every id's path that no other id shares, or the whole id. */
function shortNames(ids: readonly string[]): Map<string, string> {
  const paths = withoutStepNumbers(ids);
  const counts = countOf([...paths.values()].flatMap(pathEnds));
  const shorten = (path: string) => pathEnds(path).find((end) => end !== '' && counts.get(end) === 1) ?? path;
  return new Map([...paths].map(([id, path]) => [id, shorten(path)]));
}

/** `conv#0` is the first step of the layer `conv`; it may have that name when it is the only one left of it. */
function withoutStepNumbers(ids: readonly string[]): Map<string, string> {
  const layerOf = (id: string) => id.replace(/(?:#(?:\d+|pixel))+$/, '');
  const counts = countOf(ids.map(layerOf));
  return new Map(ids.map((id) => [id, counts.get(layerOf(id)) === 1 ? layerOf(id) : id]));
}

function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** `a/b/c` as c, b/c, a/b/c. */
function pathEnds(id: string): string[] {
  const ends: string[] = [];
  let slash = id.length;
  while (slash > 0 && ends.length < MAX_PARTS) {
    slash = id.lastIndexOf('/', slash - 1);
    ends.push(id.slice(slash + 1));
  }
  return ends;
}

function endInAverage(graph: WorkingGraph, names: Map<string, string>): void {
  const output = requireNode(graph, graph.outputId);
  const { op } = output;
  if (output.shape.length === 1) return;
  const shape = [output.shape.at(-1) ?? 0];
  const average = { op: 'globalAveragePool', keepsSpace: false } as const;
  if (op.op === 'globalAveragePool' || op.op === 'globalMaxPool') {
    graph.nodes.set(output.id, { ...output, shape, op: { ...op, keepsSpace: false } });
    return;
  }
  if (coversAll(graph, output)) {
    graph.nodes.set(output.id, { ...output, shape, op: average });
    return;
  }
  let id = 'global_average_pool';
  while (graph.nodes.has(id) || [...names.values()].includes(id)) id = `${id}_`;
  names.set(id, id);
  graph.nodes.set(id, { id, inputs: [output.id], shape, op: average });
  graph.outputId = id;
}

function finishNode(node: WorkingNode, names: ReadonlyMap<string, string>): FoldedNode {
  beat();
  const { op } = node;
  const name = names.get(node.id) ?? node.id;
  const base = { name, inputs: node.inputs.map((id) => names.get(id) ?? id), shape: node.shape };
  switch (op.op) {
    case 'input':
    case 'concat':
      return { ...base, op: op.op };
    case 'conv':
    case 'depthwise': {
      const { strides, dilations, padding, activation } = op;
      const kernel = { shape: op.kernel.shape, values: requireFinite(foldedKernel(op), name) };
      const weights = { kernel, bias: toWeight(op.bias, name) };
      const filter = { ...base, ...weights, strides, dilations, padding, activation };
      return op.op === 'conv' ? { ...filter, op: 'conv', groups: op.groups } : { ...filter, op: 'depthwise' };
    }
    case 'affine': {
      const [scale, offset] = [toWeight(op.scale, name), toWeight(op.offset, name)];
      return { ...base, op: 'affine', scale, offset, activation: op.activation };
    }
    case 'dense': {
      const kernel = { shape: op.kernel.shape, values: requireFinite(op.kernel.values, name) };
      return { ...base, op: 'dense', kernel, bias: toWeight(op.bias, name), activation: op.activation };
    }
    case 'add':
    case 'multiply':
    case 'activation':
      return { ...base, op: op.op, activation: op.activation };
    case 'pad':
      return { ...base, op: 'pad', padding: op.padding };
    case 'maxPool':
    case 'averagePool':
      return { ...base, op: op.op, size: op.size, strides: op.strides, padding: op.padding };
    case 'globalAveragePool':
    case 'globalMaxPool':
    case 'flatten':
      return { ...base, op: op.op };
    case 'same':
    case 'reshape':
    case 'head':
      throw unsupported(`"${name}" cannot be read.`);
    default:
      op satisfies never;
      throw unsupported(`"${name}" cannot be read.`);
  }
}

function requireRunnable(graph: WorkingGraph): void {
  const countOfValues = ({ shape }: WorkingNode) => shape.reduce((product, length) => product * length, 1);
  const total = [...graph.nodes.values()].reduce((sum, node) => sum + countOfValues(node), 0);
  if (total > MAX_TOTAL_VALUES)
    throw unsupported(`The network gives ${total} values for one image, too many to run here.`);
}

function toWeight(values: Float64Array, name: string): Weight {
  return { shape: [values.length], values: requireFinite(Float32Array.from(values), name) };
}

function requireFinite(values: Float32Array, name: string): Float32Array {
  if (!values.every(Number.isFinite)) throw corrupt(`The weights of "${name}" are not finite once folded.`);
  return values;
}
