import type { PixelScaling } from '../../domain/backbone.ts';
import { composedScaling } from '../pixel-scaling.ts';
import type { SourceOp } from '../source/source-graph.ts';
import {
  affineAfterAffine,
  affineAfterFilter,
  affineBeforeFilter,
  combineActivations,
  takesAffineBefore,
} from './affine-algebra.ts';
import { fusePadding } from './fuse-padding.ts';
import { replaceNodes, requireNode, takersOf, type WorkingGraph } from './working-graph.ts';

/**
 * Folds batch norms, arithmetic, activations and zero padding into their neighbours, in place.
 *
 * @param pixels how the network as read wants its input.
 * @returns how the folded network wants it: arithmetic on the input is taken into the scaling where one of ours fits.
 */
export function foldNetwork(graph: WorkingGraph, pixels: PixelScaling): PixelScaling {
  dropPassive(graph);
  splitAdditions(graph);
  mergeIntoProducers(graph);
  fusePadding(graph);
  const scaling = foldInputArithmetic(graph, pixels);
  mergeIntoFollowingFilters(graph);
  return scaling;
}

/** Everything that changes no value is left out. */
function dropPassive(graph: WorkingGraph): void {
  const removed = new Map<string, string>();
  for (const { id, inputs, op } of graph.nodes.values()) {
    const isPassive = op.op === 'same' || op.op === 'reshape' || (op.op === 'activation' && op.activation === 'linear');
    const isEmptyPad = op.op === 'pad' && op.padding.flat().every((amount) => amount === 0);
    if ((isPassive || isEmptyPad) && inputs[0] !== undefined) removed.set(id, inputs[0]);
  }
  replaceNodes(graph, removed);
}

/** Additions of many become chains of two, summed in the same order. */
function splitAdditions(graph: WorkingGraph): void {
  const nodes = [...graph.nodes.values()];
  graph.nodes.clear();
  for (const node of nodes) {
    let [sum = '', ...rest] = node.op.op === 'add' ? node.inputs : [];
    for (const [index, term] of rest.slice(0, -1).entries()) {
      const id = `${node.id}#${index}`;
      graph.nodes.set(id, { ...node, id, inputs: [sum, term], op: { op: 'add', activation: 'linear' } });
      sum = id;
    }
    graph.nodes.set(node.id, rest.length < 2 ? node : { ...node, inputs: [sum, rest.at(-1) ?? ''] });
  }
}

/** Affines and activations go into the node before them when nobody else needs what that node gave. */
function mergeIntoProducers(graph: WorkingGraph): void {
  const takers = takersOf(graph);
  const removed = new Map<string, string>();
  const current = (id: string): string => removed.get(id) ?? id;
  for (const node of [...graph.nodes.values()]) {
    const [input] = node.inputs;
    if ((node.op.op !== 'affine' && node.op.op !== 'activation') || input === undefined) continue;
    if (takers.get(input)?.length !== 1) continue;
    const producer = requireNode(graph, current(input));
    const op = merged(producer.op, node.op);
    if (op === null) continue;
    graph.nodes.set(producer.id, { ...producer, op });
    removed.set(node.id, producer.id);
  }
  replaceNodes(graph, removed);
}

function merged(producer: SourceOp, follower: SourceOp): SourceOp | null {
  if (follower.op === 'activation') {
    if (!('activation' in producer)) return null;
    const activation = combineActivations(producer.activation, follower.activation);
    return activation === null ? null : { ...producer, activation };
  }
  if (follower.op !== 'affine') return null;
  if (!('activation' in producer) || producer.activation !== 'linear') return null;
  if (producer.op === 'conv' || producer.op === 'depthwise') return affineAfterFilter(producer, follower);
  return producer.op === 'affine' ? affineAfterAffine(producer, follower) : null;
}

/** Arithmetic between the input and everything else becomes part of the pixels' scaling, where it is one we know. */
function foldInputArithmetic(graph: WorkingGraph, pixels: PixelScaling): PixelScaling {
  const input = [...graph.nodes.values()].find((node) => node.op.op === 'input');
  const [first, ...others] = takersOf(graph).get(input?.id ?? '') ?? [];
  if (input === undefined || first?.op.op !== 'affine' || others.length > 0) return pixels;
  if (first.op.activation !== 'linear' || first.id === graph.outputId) return pixels;
  const scaling = composedScaling(pixels, first.op.scale, first.op.offset);
  if (scaling === null) return pixels;
  replaceNodes(graph, new Map([[first.id, input.id]]));
  return scaling;
}

/** Affines that no filter before them could take go into the filter after them, where zero padding allows it. */
function mergeIntoFollowingFilters(graph: WorkingGraph): void {
  const takers = takersOf(graph);
  const removed = new Map<string, string>();
  for (const node of [...graph.nodes.values()]) {
    const [filterNode, ...others] = takers.get(node.id) ?? [];
    const [input] = node.inputs;
    if (node.op.op !== 'affine' || filterNode === undefined || others.length > 0 || input === undefined) continue;
    const filter = requireNode(graph, filterNode.id);
    if (filter.op.op !== 'conv' && filter.op.op !== 'depthwise') continue;
    if (!takesAffineBefore(filter.op, node.op)) continue;
    graph.nodes.set(filter.id, { ...filter, op: affineBeforeFilter(filter.op, node.op) });
    removed.set(node.id, input);
  }
  replaceNodes(graph, removed);
}
