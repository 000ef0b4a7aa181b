import type { TunedStages } from '../domain/tuned-stages.ts';
import type { FoldedGraph, FoldedNode, Weight } from './folded-graph.ts';
import { corrupt, type GraphError, unsupported } from './graph-error.ts';
import { stagesOf } from './stages.ts';

/** The part of a network after a cut. Its first node is an input that takes the value at the cut. */
export interface UpperGraph {
  /** The node of the whole network whose value is the input here; its name is that of the input, too. */
  readonly cutNode: string;
  /** [height, width, channels] of the input. */
  readonly inputShape: readonly [number, number, number];
  /** Topological; the first one is the input, the last one gives the feature. */
  readonly nodes: readonly FoldedNode[];
  readonly featureLength: number;
}

/** A network cut in two. `lower` then `upper` is the whole. */
export interface SplitGraph {
  /** Ends in a flatten: its feature is the value at the cut, row major. */
  readonly lower: FoldedGraph;
  readonly upper: UpperGraph;
}

/** How many stages can be trained at most: the cut must leave something below it. 0 where there is no place to cut. */
export function maxStageCount(graph: FoldedGraph): number {
  return Math.max(0, stagesOf(graph).length - 1);
}

/**
 * Cuts a network so that its last `stageCount` stages, and all that follows the last feature map, lie above.
 *
 * @param stageCount 1 to `maxStageCount(graph)`.
 * @throws GraphError for any other count.
 */
export function splitAtStage(graph: FoldedGraph, stageCount: number): SplitGraph {
  const stage = stagesOf(graph)[stageCount];
  if (stageCount < 1 || stage === undefined) {
    throw unsupported(`This network has no ${stageCount} stages that could be trained.`);
  }
  const at = graph.nodes.findIndex(({ name }) => name === stage.nodeName);
  const below = graph.nodes.slice(0, at + 1);
  const length = stage.shape.reduce((product, side) => product * side, 1);
  const flatten: FoldedNode = {
    op: 'flatten',
    name: freeName(graph, 'cut'),
    inputs: [stage.nodeName],
    shape: [length],
  };
  const input: FoldedNode = { op: 'input', name: stage.nodeName, inputs: [], shape: stage.shape };
  return {
    lower: { ...graph, nodes: [...below, flatten], featureLength: length },
    upper: {
      cutNode: stage.nodeName,
      inputShape: stage.shape,
      nodes: [input, ...graph.nodes.slice(at + 1)],
      featureLength: graph.featureLength,
    },
  };
}

/** Puts tuned weights in the place of a network's own, by node name. @throws GraphError where they do not fit. */
export function withTunedStages<T extends { readonly nodes: readonly FoldedNode[] }>(
  graph: T,
  { weights }: TunedStages,
): T {
  const tuned = new Map(weights.map((entry) => [entry.nodeName, entry]));
  const nodes = graph.nodes.map((node): FoldedNode => {
    const entry = tuned.get(node.name);
    if (entry === undefined) return node;
    tuned.delete(node.name);
    if ('kernel' in node) {
      return {
        ...node,
        kernel: replaced(node.kernel, entry.kernel, node.name),
        bias: replaced(node.bias, entry.bias, node.name),
      };
    }
    if (node.op === 'affine') {
      return {
        ...node,
        scale: replaced(node.scale, entry.kernel, node.name),
        offset: replaced(node.offset, entry.bias, node.name),
      };
    }
    throw misfit(node.name);
  });
  for (const name of tuned.keys()) throw misfit(name);
  return { ...graph, nodes };
}

function replaced({ shape, values }: Weight, tuned: Float32Array, name: string): Weight {
  if (tuned.length !== values.length) throw misfit(name);
  return { shape, values: tuned };
}

function misfit(name: string): GraphError {
  return corrupt(`The tuned weights do not fit this network: ${name}.`);
}

function freeName({ nodes }: FoldedGraph, wanted: string): string {
  const taken = new Set(nodes.map(({ name }) => name));
  let name = wanted;
  while (taken.has(name)) name += '_';
  return name;
}
