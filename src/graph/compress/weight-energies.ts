import { beat } from '../../domain/beat.ts';
import type { FoldedNode } from '../folded-graph.ts';

export type KernelNode = Extract<FoldedNode, { op: 'conv' | 'depthwise' | 'dense' }>;

/**
 * About how much of its layer's output, squared, hangs on every weight: (weight x strength of the channel it is multiplied with)^2.
 * Pruning by weight and input strength is from Sun and others, 2023 (Wanda).
 *
 * @param channelOf input channel of the weight at an index.
 * @param strengths float32 [input channels]; null where they are not known, and all channels count alike.
 */
export function weightEnergies(
  values: Float32Array,
  channelOf: (index: number) => number,
  strengths: Float32Array | null,
): Float32Array {
  beat();
  return values.map((value, index) => (value * (strengths?.[channelOf(index)] ?? 1)) ** 2);
}

/** Input channel of the weight at an index of a node's kernel. */
export function inputChannelOf({ op, kernel, bias, ...node }: KernelNode): (index: number) => number {
  const outputCount = bias.values.length;
  const [, , inputCount = 1, multiplier = 1] = kernel.shape;
  if (op === 'dense') return (index) => Math.floor(index / outputCount);
  if (op === 'depthwise') return (index) => Math.floor(index / multiplier) % inputCount;
  const groups = 'groups' in node ? node.groups : 1;
  return (index) => {
    const group = Math.floor(((index % outputCount) * groups) / outputCount);
    return group * inputCount + (Math.floor(index / outputCount) % inputCount);
  };
}
