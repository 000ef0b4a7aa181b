import { beat } from '../domain/beat.ts';
import type { Compression, WeightEncoding } from '../domain/compression.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { LayerInputs } from '../domain/layer-inputs.ts';
import { holdsNeighbours } from '../domain/neighbours.ts';
import type { StoredNumbers } from '../domain/stored-numbers.ts';
import { lostByKernel, withMadeUp } from './compress/made-up-bias.ts';
import { pruned, pruneThresholds } from './compress/prune.ts';
import { dequantise, quantise } from './compress/quantise.ts';
import { splitChannels } from './compress/split-channels.ts';
import { inputChannelOf, type KernelNode, weightEnergies } from './compress/weight-energies.ts';
import type { FoldedGraph, FoldedNode } from './folded-graph.ts';
import { float16ToFloat32, float32ToFloat16, LARGEST_FLOAT16 } from './weights/float16.ts';

/** A network and the head on top of it. */
interface Model {
  readonly graph: FoldedGraph;
  readonly head: HeadWeights;
}

/**
 * The model with its kernels pruned and stored in fewer bytes. Every number in it is what a program computes with that has
 * loaded the written file, so that its answers can be measured before. Scales and offsets stay as they are; biases make up for what
 * the kernels give less on average, where it is known what layers are given.
 * Layers of the head have one scale each, whatever the encoding. A kernel that half precision cannot hold stays float32.
 * Neighbours are not pruned: what they hold are images, of which a small number says as much as a large one.
 *
 * @param inputs what pruning and biases go by beside the weights themselves; null where it is not known.
 */
export function compressModel(model: Model, { encoding, prunedRatio }: Compression, inputs: LayerInputs | null): Model {
  const { graph, head } = prunedRatio === 0 ? model : pruneModel(model, prunedRatio, inputs);
  const nodes = graph.nodes.flatMap((node, at) => {
    beat();
    const before = model.graph.nodes[at];
    if (!('kernel' in node) || before === undefined || !('kernel' in before)) return [node];
    return compressNode(node, encoding, before.kernel.values, inputs?.nodes.get(node.name)?.means ?? null);
  });
  const layers = head.layers.map((layer, index) => {
    const { values, stored } = encode(layer.kernel, encoding);
    const means = index === 0 && !holdsNeighbours(head) ? (inputs?.features.means ?? null) : null;
    const lost = lostByKernel(model.head.layers[index]?.kernel ?? values, values, {
      channelOf: (at) => Math.floor(at / layer.outputLength),
      outputCount: layer.outputLength,
      means,
    });
    return { ...layer, kernel: values, stored, bias: withMadeUp(layer.bias, lost) };
  });
  return { graph: { ...graph, nodes }, head: { layers } };
}

function pruneModel({ graph, head }: Model, prunedRatio: number, inputs: LayerInputs | null): Model {
  const kernels = graph.nodes.filter((node) => 'kernel' in node);
  const layers = holdsNeighbours(head) ? [] : head.layers;
  const energies = [
    ...kernels.map((node) =>
      weightEnergies(node.kernel.values, inputChannelOf(node), inputs?.nodes.get(node.name)?.strengths ?? null),
    ),
    ...layers.map(({ kernel, outputLength }, index) => {
      const strengths = index === 0 ? (inputs?.features.strengths ?? null) : null;
      return weightEnergies(kernel, (at) => Math.floor(at / outputLength), strengths);
    }),
  ];
  const thresholds = pruneThresholds(energies, prunedRatio);
  const prune = (values: Float32Array, at: number) =>
    pruned(values, energies[at] ?? new Float32Array(0), thresholds[at] ?? 0);
  const positions = new Map(kernels.map((node, at) => [node.name, at]));
  const nodes = graph.nodes.map((node) => {
    beat();
    if (!('kernel' in node)) return node;
    const { shape, values } = node.kernel;
    return { ...node, kernel: { shape, values: prune(values, positions.get(node.name) ?? -1) } };
  });
  const kept = layers.map((layer, index) => ({ ...layer, kernel: prune(layer.kernel, kernels.length + index) }));
  return { graph: { ...graph, nodes }, head: holdsNeighbours(head) ? head : { layers: kept } };
}

/** @param before the kernel before anything was done to it. @param means of what the node is given; null when not known. */
function compressNode(
  node: KernelNode,
  encoding: WeightEncoding,
  before: Float32Array,
  means: Float32Array | null,
): readonly FoldedNode[] {
  const { kernel, bias } = node;
  const given = { channelOf: inputChannelOf(node), outputCount: bias.values.length, means };
  const biasFor = (after: Float32Array) => ({
    shape: bias.shape,
    values: withMadeUp(bias.values, lostByKernel(before, after, given)),
  });
  if (encoding === 'uint8-per-channel') return splitChannels(node, biasFor);
  const { values, stored } = encode(kernel.values, encoding);
  return [{ ...node, kernel: { shape: kernel.shape, values, stored }, bias: biasFor(values) }];
}

/** The bytes to be written and what they decode to. */
function encode(
  values: Float32Array,
  encoding: WeightEncoding,
): { readonly values: Float32Array; readonly stored?: StoredNumbers | undefined } {
  switch (encoding) {
    case 'float32':
      return { values };
    case 'float16': {
      if (values.some((value) => Math.abs(value) > LARGEST_FLOAT16)) return { values };
      const bits = float32ToFloat16(values);
      return { values: float16ToFloat32(bits), stored: { kind: 'float16', bits } };
    }
    case 'uint8':
    case 'uint8-per-channel': {
      const stored = quantise(values);
      return { values: dequantise(stored), stored };
    }
    default:
      encoding satisfies never;
      throw new Error('Unknown encoding');
  }
}
