import type { CutPoint } from '../domain/found-network.ts';
import { blockEndsOf } from './crossings.ts';
import { takersOf, type WorkingGraph, type WorkingNode } from './fold/working-graph.ts';
import { GraphError } from './graph-error.ts';
import { convertNetwork, findFeature, isImage, isPointwise } from './source/build-network.ts';
import type { SourceGraph } from './source/source-graph.ts';

/** Candidates offered at most: a list somebody can read. */
const MAX_CANDIDATES = 24;

/**
 * Where a network can be cut, deepest (nearest the output) first: the vectors its hidden dense layers give, the feature
 * that is found when none is named, and the ends of its blocks before that. Empty when the network cannot be read to its end.
 */
export function featureCandidates(source: SourceGraph): readonly CutPoint[] {
  try {
    const graph = convertNetwork(source, source.outputId);
    const chosen = [...blockEnds(graph), findFeature(graph), ...hiddenVectors(graph)];
    const nodes = [...new Set(chosen)].map((id) => graph.nodes.get(id));
    return nodes
      .flatMap((node) =>
        node === undefined || !source.nodes.has(node.id) ? [] : [{ name: node.id, shape: node.shape }],
      )
      .reverse()
      .slice(0, MAX_CANDIDATES);
  } catch (error) {
    if (error instanceof GraphError) return [];
    throw error;
  }
}

/** Feature maps at the ends of blocks, nearest the input first. */
function blockEnds(graph: WorkingGraph): string[] {
  const nodes = [...graph.nodes.values()];
  const takers = takersOf(graph);
  const byName = nodes.map(({ id, inputs, shape, op }) => ({ name: id, inputs, shape, op: op.op }));
  return blockEndsOf(byName).map(({ index }) => settled(nodes[index], takers));
}

/** The node itself, or the last one that only scales or bends its value; what pads it is left out. */
function settled(node: WorkingNode | undefined, takers: ReadonlyMap<string, readonly WorkingNode[]>): string {
  if (node?.op.op === 'pad') return node.inputs[0] ?? '';
  let last = node;
  for (let next = node; next !== undefined; ) {
    if (next.op.op !== 'same') last = next;
    const [taker, ...more]: readonly WorkingNode[] = takers.get(next.id) ?? [];
    next = taker !== undefined && more.length === 0 && STILL_THE_SAME.has(taker.op.op) ? taker : undefined;
  }
  return last?.id ?? '';
}

const STILL_THE_SAME = new Set(['affine', 'activation', 'same']);

/** Layers a classifier's output is called by. */
const CLASSIFIER_NAME = /predict|logits|classif|softmax|output/i;

/** What the dense layers of the top give, nearest the input first, without the last one where that is the classifier. */
function hiddenVectors(graph: WorkingGraph): string[] {
  const takers = takersOf(graph);
  const lastImage = [...graph.nodes.values()].findLastIndex(isImage);
  const top = [...graph.nodes.values()].slice(lastImage + 1);
  const dense = top.filter((node) => node.op.op === 'dense' || isPointwise(node));
  const output = graph.nodes.get(graph.outputId);
  const isClassifier =
    output === undefined ||
    output.op.op === 'head' ||
    (output.op.op === 'activation' && output.op.activation === 'sigmoid') ||
    CLASSIFIER_NAME.test(dense.at(-1)?.id ?? '');
  return (isClassifier ? dense.slice(0, -1) : dense).map((node) => settled(node, takers));
}
