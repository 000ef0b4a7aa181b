import type { FoldedNode, Padding, Weight } from '../folded-graph.ts';
import { filterConfig, padLayer, reshapeLayer, ZEROS } from './layer-kinds.ts';
import type { ModelBuilder } from './model-builder.ts';
import { spreadKernel } from './spread-kernel.ts';

type ConvNode = Extract<FoldedNode, { op: 'conv' }>;
type DepthwiseNode = Extract<FoldedNode, { op: 'depthwise' }>;

/** Largest grouped kernel written whole, with zeros where a group sees nothing: 256 kB. */
const MAX_WHOLE_KERNEL = 2 ** 16;

/** Writes a convolution, its explicit padding as a layer of its own; the activation is not part of it. */
export function writeFilter(
  model: ModelBuilder,
  node: ConvNode | DepthwiseNode,
  inputs: string[],
  inputShape: readonly number[],
): string {
  const padded = writePadding(model, node.name, node.padding, inputs);
  if (node.op === 'depthwise') return writeDepthwise(model, node, padded);
  if (node.groups === 1) return writeConv(model, node, node.name, node.kernel, node.bias, padded);
  if (node.kernel.values.length * node.groups <= MAX_WHOLE_KERNEL) {
    return writeConv(model, node, node.name, wholeKernel(node), node.bias, padded);
  }
  return writeGroups(model, node, padded, inputShape);
}

interface PaddedInput {
  readonly padding: string;
  readonly inputs: string[];
}

/** Zeros put before a maximum are as good as its own padding: such padding was only fused where nothing is negative. */
export function writePadding(model: ModelBuilder, name: string, padding: Padding, inputs: string[]): PaddedInput {
  if (padding === 'same') return { padding: 'same', inputs };
  if (padding.flat().every((amount) => amount === 0)) return { padding: 'valid', inputs };
  return { padding: 'valid', inputs: [model.add(`${name}_pad`, ...padLayer(padding), inputs)] };
}

function writeConv(
  model: ModelBuilder,
  node: ConvNode,
  name: string,
  kernel: Weight,
  bias: Weight,
  { padding, inputs }: PaddedInput,
): string {
  const [height = 1, width = 1, , filters] = kernel.shape;
  const config = filterConfig([height, width], node.strides, node.dilations, padding);
  const weights = [
    { name: 'kernel', ...kernel },
    { name: 'bias', ...bias },
  ];
  return model.add(name, 'Conv2D', { ...config, filters, kernel_initializer: ZEROS }, inputs, weights);
}

function writeDepthwise(model: ModelBuilder, node: DepthwiseNode, { padding, inputs }: PaddedInput): string {
  // tfjs ignores the dilation of a depthwise layer, so a dilated kernel is written with its gaps.
  const kernel = spreadKernel(node.kernel, node.dilations);
  const [height = 1, width = 1, , multiplier] = kernel.shape;
  const config = filterConfig([height, width], node.strides, [1, 1], padding);
  const options = { ...config, depth_multiplier: multiplier, depthwise_initializer: ZEROS };
  return model.add(node.name, 'DepthwiseConv2D', options, inputs, [
    { name: 'depthwise_kernel', ...kernel },
    { name: 'bias', ...node.bias },
  ]);
}

/** Channels [from, from + length) of the last side of a weight. */
function sliceLast({ shape, values }: Weight, from: number, length: number): Weight {
  const last = shape.at(-1) ?? 1;
  const sliced = new Float32Array((values.length / last) * length);
  for (let row = 0; row * last < values.length; row += 1) {
    sliced.set(values.subarray(row * last + from, row * last + from + length), row * length);
  }
  return { shape: [...shape.slice(0, -1), length], values: sliced };
}

/** The kernel of a plain convolution that gives the same: zeros join the channels of unequal groups. */
function wholeKernel({ kernel, groups }: ConvNode): Weight {
  const [height = 1, width = 1, inCount = 1, outCount = 1] = kernel.shape;
  const shape = [height, width, inCount * groups, outCount];
  const values = new Float32Array(kernel.values.length * groups);
  kernel.values.forEach((weight, index) => {
    const out = index % outCount;
    const channel = Math.floor(index / outCount) % inCount;
    const tap = Math.floor(index / (outCount * inCount));
    const group = Math.floor((out * groups) / outCount);
    values[(tap * inCount * groups + group * inCount + channel) * outCount + out] = weight;
  });
  return { shape, values };
}

/**
 * tfjs has no layer that takes some channels of an image. Seen as an image of one channel, [height * width, channels, 1],
 * it can be cropped to them.
 */
function writeGroups(
  model: ModelBuilder,
  node: ConvNode,
  { padding, inputs }: PaddedInput,
  inputShape: readonly number[],
): string {
  const [height = 1, width = 1] = paddedSize(inputShape, node.padding);
  const inLength = node.kernel.shape[2] ?? 1;
  const outLength = (node.kernel.shape[3] ?? 1) / node.groups;
  const channels = inLength * node.groups;
  const flat = model.add(`${node.name}_flat`, ...reshapeLayer([height * width, channels, 1]), inputs);
  const parts = Array.from({ length: node.groups }, (_, group) => {
    const name = `${node.name}_group${group + 1}`;
    const cropping = [
      [0, 0],
      [group * inLength, channels - (group + 1) * inLength],
    ];
    const cropped = model.add(`${name}_crop`, 'Cropping2D', { cropping, data_format: 'channels_last' }, [flat]);
    const image = model.add(`${name}_image`, ...reshapeLayer([height, width, inLength]), [cropped]);
    const [kernel, bias] = [node.kernel, node.bias].map((weight) => sliceLast(weight, group * outLength, outLength));
    if (kernel === undefined || bias === undefined) throw new Error(`Group ${group} of ${node.name} has no weights`);
    return writeConv(model, node, name, kernel, bias, { padding, inputs: [image] });
  });
  return model.add(node.name, 'Concatenate', { axis: -1 }, parts);
}

function paddedSize([height = 1, width = 1]: readonly number[], padding: Padding): readonly number[] {
  if (padding === 'same') return [height, width];
  const [[top, bottom], [left, right]] = padding;
  return [height + top + bottom, width + left + right];
}
