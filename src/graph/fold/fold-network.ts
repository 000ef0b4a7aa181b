import type { PixelScaling } from '../../domain/backbone.ts';
import { composedScaling } from '../pixel-scaling.ts';
import type { SourceOp } from '../source/source-graph.ts';
import {
  affineAfterAffine,
  affineAfterFilter,
  affineBeforeFilter,
  combineActivations,
  isUnpadded,
  takesAffineBefore,
} from './affine-algebra.ts';
import { fusePadding } from './fuse-padding.ts';
import { isEven, recogniseActivations } from './recognise-activations.ts';
import { settleRanks } from './settle-ranks.ts';
import { replaceNodes, requireNode, takersOf, type WorkingGraph } from './working-graph.ts';

/**
 * Folds batch norms, arithmetic, activations and zero padding into their neighbours, in place.
 *
 * @param pixels how the network as read wants its input.
 * @returns how the folded network wants it: arithmetic on the input is taken into the scaling where one of ours fits.
 */
export function foldNetwork(graph: WorkingGraph, pixels: PixelScaling): PixelScaling {
  dropPassive(graph);
  settleRanks(graph);
  splitJoins(graph);
  simplifyFilters(graph);
  recogniseActivations(graph);
  mergeIntoProducers(graph);
  fusePadding(graph);
  const scaling = foldInputArithmetic(graph, pixels);
  mergeIntoFollowingFilters(graph);
  return scaling;
}

/**
 * Only what a network needs to be run at all, in place: batch norms, arithmetic, activations and padding stay steps of
 * their own. It is what a folded network can be compared with.
 */
export function keepUnfolded(graph: WorkingGraph): void {
  dropPassive(graph);
  settleRanks(graph);
  splitJoins(graph);
}

/** Everything that changes no value is left out. */
function dropPassive(graph: WorkingGraph): void {
  const removed = new Map<string, string>();
  for (const { id, inputs, op } of graph.nodes.values()) {
    if (isPassive(op) && inputs[0] !== undefined) removed.set(id, inputs[0]);
  }
  replaceNodes(graph, removed);
}

/** Depthwise convolutions of one place without neighbours are arithmetic, which may go into other filters. */
function simplifyFilters(graph: WorkingGraph): void {
  for (const node of graph.nodes.values()) {
    const { op } = node;
    if (op.op !== 'depthwise' || op.kernel.shape.some((side, axis) => axis !== 2 && side !== 1)) continue;
    if (op.strides.some((stride) => stride !== 1) || !isUnpadded(op.padding, op.size)) continue;
    const scale = Float64Array.from(op.kernel.values);
    graph.nodes.set(node.id, { ...node, op: { op: 'affine', scale, offset: op.bias, activation: op.activation } });
  }
}

function isPassive(op: SourceOp): boolean {
  if (op.op === 'pad') return op.padding.flat().every((amount) => amount === 0);
  if (op.op === 'activation') return op.activation === 'linear';
  return op.op === 'same' || (op.op === 'affine' && op.activation === 'linear' && isEven(op, 1, 0));
}

/** Sums and products of many become chains of two in the same order; of two factors the image comes first. */
function splitJoins(graph: WorkingGraph): void {
  const nodes = [...graph.nodes.values()];
  graph.nodes.clear();
  for (const node of nodes) {
    const { op } = node;
    const inputs = op.op === 'multiply' ? imagesFirst(graph, node.inputs) : node.inputs;
    let [joined = '', ...rest] = op.op === 'add' || op.op === 'multiply' ? inputs : [];
    for (const [index, term] of rest.slice(0, -1).entries()) {
      const id = `${node.id}#${index}`;
      if (op.op === 'add' || op.op === 'multiply') {
        graph.nodes.set(id, { ...node, id, inputs: [joined, term], op: { op: op.op, activation: 'linear' } });
      }
      joined = id;
    }
    graph.nodes.set(node.id, { ...node, inputs: rest.length < 2 ? inputs : [joined, rest.at(-1) ?? ''] });
  }
}

/** Larger values before smaller ones. */
function imagesFirst(graph: WorkingGraph, inputs: readonly string[]): readonly string[] {
  const sizeOf = (id: string) => requireNode(graph, id).shape.reduce((product, side) => product * side, 1);
  return inputs.toSorted((a, b) => sizeOf(b) - sizeOf(a));
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
