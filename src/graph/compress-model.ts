import type { Compression, WeightEncoding } from '../domain/compression.ts';
import type { HeadWeights } from '../domain/head.ts';
import { holdsNeighbours } from '../domain/neighbours.ts';
import type { StoredNumbers } from '../domain/stored-numbers.ts';
import { pruned, pruneThreshold } from './compress/prune.ts';
import { dequantise, quantise } from './compress/quantise.ts';
import { splitChannels } from './compress/split-channels.ts';
import type { FoldedGraph, FoldedNode } from './folded-graph.ts';
import { float16ToFloat32, float32ToFloat16, LARGEST_FLOAT16 } from './weights/float16.ts';

/** A network and the head on top of it. */
interface Model {
  readonly graph: FoldedGraph;
  readonly head: HeadWeights;
}

/**
 * The model with its kernels pruned and stored in fewer bytes. Every number in it is what a program computes with that has
 * loaded the written file, so that its answers can be measured before. Biases, scales and offsets stay as they are.
 * Layers of the head have one scale each, whatever the encoding. A kernel that half precision cannot hold stays float32.
 * Neighbours are not pruned: what they hold are images, of which a small number says as much as a large one.
 */
export function compressModel({ graph, head }: Model, { encoding, prunedRatio }: Compression): Model {
  const { nodes } = graph;
  const kernels = [...nodes.flatMap((node) => ('kernel' in node ? node.kernel.values : [])), ...prunedKernels(head)];
  const threshold = pruneThreshold(kernels, prunedRatio);
  const isPruned = !holdsNeighbours(head);
  const layers = head.layers.map((layer) => {
    const { values, stored } = encode(isPruned ? pruned(layer.kernel, threshold) : layer.kernel, encoding);
    return { ...layer, kernel: values, stored };
  });
  const compressed = nodes.flatMap((node) => compressNode(node, threshold, encoding));
  return { graph: { ...graph, nodes: compressed }, head: { layers } };
}

function prunedKernels(head: HeadWeights): readonly Float32Array[] {
  return holdsNeighbours(head) ? [] : head.layers.map(({ kernel }) => kernel);
}

function compressNode(node: FoldedNode, threshold: number, encoding: WeightEncoding): readonly FoldedNode[] {
  if (!('kernel' in node)) return [node];
  const { shape, values } = node.kernel;
  const kept = pruned(values, threshold);
  if (encoding === 'uint8-per-channel') return splitChannels({ ...node, kernel: { shape, values: kept } });
  return [{ ...node, kernel: { shape, ...encode(kept, encoding) } }];
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
