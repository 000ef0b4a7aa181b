import type { FoldedNode, Weight } from '../folded-graph.ts';
import { dequantise, quantise } from './quantise.ts';
import type { KernelNode } from './weight-energies.ts';

/**
 * A layer whose kernel is stored in 8-bit steps of a width of its own for every output channel. A manifest of TensorFlow.js
 * knows one width per tensor only, so each channel is divided by its largest magnitude first, and an affine after the layer
 * multiplies it back and adds the bias: any TensorFlow.js can load that. It costs one more operation per layer.
 *
 * @param biasFor the bias that goes with the kernel as it is stored.
 */
export function splitChannels(node: KernelNode, biasFor: (kernel: Float32Array) => Weight): readonly FoldedNode[] {
  const { kernel, bias, activation } = node;
  const channelCount = bias.values.length;
  const magnitudes = channelMagnitudes(kernel.values, channelCount);
  const shares = kernel.values.map((value, index) => value / (magnitudes[index % channelCount] ?? 1));
  const stored = quantise(shares);
  const values = dequantise(stored);
  const offset = biasFor(values.map((value, index) => value * (magnitudes[index % channelCount] ?? 1)));
  const name = `${node.name}_steps`;
  const steps: FoldedNode = {
    ...node,
    name,
    kernel: { shape: kernel.shape, values, stored },
    bias: { shape: bias.shape, values: new Float32Array(channelCount) },
    activation: 'linear',
  };
  const scale = { shape: [channelCount], values: magnitudes };
  return [steps, { op: 'affine', name: node.name, inputs: [name], shape: node.shape, scale, offset, activation }];
}

/** Largest magnitude of every output channel, which the last sides of a kernel count; 1 where all is zero. */
function channelMagnitudes(values: Float32Array, channelCount: number): Float32Array {
  const magnitudes = new Float32Array(channelCount);
  values.forEach((value, index) => {
    const channel = index % channelCount;
    magnitudes[channel] = Math.max(magnitudes[channel] ?? 0, Math.abs(value));
  });
  return magnitudes.map((magnitude) => magnitude || 1);
}
