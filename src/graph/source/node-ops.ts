import type { Activation, Padding, Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { requireInteger } from '../json-fields.ts';
import { type ExplicitPadding, MAX_WINDOW, type Shape, type Window } from '../shapes.ts';
import { reshape } from './layer-ops.ts';
import type { NodeAttributes } from './node-attributes.ts';
import { type AffineOp, batchNormAffine, paddingByName, plainFilter, type SourceOp } from './source-graph.ts';

/** What a node's converter may look at. */
export interface NodeContext {
  readonly name: string;
  readonly attributes: NodeAttributes;
  /** For each input in order its constant value, or null when it is computed. */
  readonly constants: readonly (Weight | null)[];
  /** Side of the square input, px. */
  readonly inputSide: number;
}

/** `inputs`: the shapes of the computed inputs only. */
type Converter = (node: NodeContext, inputs: readonly Shape[]) => readonly SourceOp[];

const same: Converter = () => [{ op: 'same' }];
const head: Converter = (node) => [{ op: 'head', what: node.name }];

/** How each TensorFlow operation is read. Operations not listed are refused by name. */
export const NODE_CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['Placeholder', (node) => [readPlaceholder(node)]],
  ['Identity', same],
  ['StopGradient', same],
  ['Conv2D', (node) => [readFilter(node, 'conv', null, 'linear')]],
  ['DepthwiseConv2dNative', (node) => [readFilter(node, 'depthwise', null, 'linear')]],
  ['_FusedConv2D', (node) => [readFusedFilter(node, 'conv')]],
  ['FusedDepthwiseConv2dNative', (node) => [readFusedFilter(node, 'depthwise')]],
  ['FusedBatchNorm', (node) => [readBatchNorm(node)]],
  ['FusedBatchNormV2', (node) => [readBatchNorm(node)]],
  ['FusedBatchNormV3', (node) => [readBatchNorm(node)]],
  ['BiasAdd', readSum],
  ['Add', readSum],
  ['AddV2', readSum],
  ['Sub', (node, inputs) => [arithmetic(node, inputs, 1, (c) => ({ scale: 1, offset: -c }))]],
  ['Mul', (node, inputs) => [arithmetic(node, inputs, null, (c) => ({ scale: c, offset: 0 }))]],
  ['RealDiv', (node, inputs) => [arithmetic(node, inputs, 1, (c) => ({ scale: 1 / c, offset: 0 }))]],
  ['Relu', () => [{ op: 'activation', activation: 'relu' }]],
  ['Relu6', () => [{ op: 'activation', activation: 'relu6' }]],
  ['MaxPool', (node) => [{ op: 'maxPool', ...readPool(node) }]],
  ['AvgPool', (node) => [{ op: 'averagePool', ...readPool(node) }]],
  ['Pad', readPad],
  ['PadV2', readPad],
  ['ConcatV2', readConcat],
  ['Mean', readMean],
  ['Squeeze', (_, [input]) => [reshape(input, 1)]],
  ['Reshape', readReshape],
  ['MatMul', head],
  ['_FusedMatMul', head],
  ['Softmax', head],
  ['Sigmoid', head],
]);

function readPlaceholder({ name, attributes, inputSide }: NodeContext): SourceOp {
  const [, height = -1, width = -1, channels = -1] = attributes.shape('shape') ?? [];
  for (const side of [height, width]) {
    if (side !== -1 && side !== inputSide) {
      throw unsupported(`The input "${name}" is ${side} pixels wide or high; ${inputSide} were expected.`);
    }
  }
  if (channels !== 3 && channels !== -1) throw unsupported(`The input "${name}" does not take three colours.`);
  return { op: 'input', shape: [inputSide, inputSide, 3] };
}

function requireConstant({ name, constants }: NodeContext, index: number): Weight {
  const constant = constants[index];
  if (constant === undefined || constant === null) {
    throw unsupported(`Input ${index} of "${name}" is not a constant, which cannot be read.`);
  }
  return constant;
}

function readFilter(node: NodeContext, op: 'conv' | 'depthwise', bias: Weight | null, activation: Activation) {
  const kernel = requireConstant(node, 1);
  requireChannelsLast(node);
  const strides = node.attributes.spatialPair('strides');
  const dilations = node.attributes.spatialPair('dilations');
  return plainFilter(op, kernel, bias, { strides, dilations, padding: readPadding(node) }, activation);
}

function readFusedFilter(node: NodeContext, op: 'conv' | 'depthwise'): SourceOp {
  const [first, second, ...rest] = node.attributes.texts('fused_ops');
  const activation = second === undefined ? 'linear' : ACTIVATIONS.get(second);
  if (first !== 'BiasAdd' || activation === undefined || rest.length > 0) {
    throw unsupported(`"${node.name}" is fused with ${[first, second, ...rest].join(', ')}, which cannot be read.`);
  }
  return readFilter(node, op, requireConstant(node, 2), activation);
}

const ACTIVATIONS = new Map<string, Activation>([
  ['Relu', 'relu'],
  ['Relu6', 'relu6'],
]);

function readBatchNorm(node: NodeContext): AffineOp {
  requireChannelsLast(node);
  if (node.attributes.flag('is_training')) throw unsupported(`The batch norm "${node.name}" is still in training.`);
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => requireConstant(node, index).values);
  const epsilon = node.attributes.number('epsilon', 1e-4);
  return batchNormAffine(mean ?? [], variance ?? [], gamma ?? null, beta ?? null, epsilon);
}

function readSum(node: NodeContext, inputs: readonly Shape[]): readonly SourceOp[] {
  if (node.constants.every((constant) => constant === null)) return [{ op: 'add', activation: 'linear' }];
  return [arithmetic(node, inputs, null, (c) => ({ scale: 1, offset: c }))];
}

/**
 * A value and a constant joined by arithmetic, as a per-channel affine.
 * `constantAt`: where the constant must stand; null when either place will do.
 */
function arithmetic(
  node: NodeContext,
  [input]: readonly Shape[],
  constantAt: number | null,
  toAffine: (constant: number) => { readonly scale: number; readonly offset: number },
): AffineOp {
  const index = constantAt ?? node.constants.findIndex((constant) => constant !== null);
  const { values, shape } = requireConstant(node, index);
  const channels = input?.at(-1) ?? 0;
  const isPerChannel = values.length === 1 || (values.length === channels && shape.at(-1) === channels);
  if (!isPerChannel) throw unsupported(`"${node.name}" uses a constant that is not one number per channel.`);
  const scale = new Float64Array(channels);
  const offset = new Float64Array(channels);
  for (let c = 0; c < channels; c += 1) {
    const affine = toAffine(values[values.length === 1 ? 0 : c] ?? 0);
    scale[c] = affine.scale;
    offset[c] = affine.offset;
  }
  return { op: 'affine', scale, offset, activation: 'linear' };
}

function readPool(node: NodeContext): Window {
  requireChannelsLast(node);
  const { attributes } = node;
  const [size, strides] = [attributes.spatialPair('ksize'), attributes.spatialPair('strides')];
  return { size, strides, dilations: [1, 1], padding: readPadding(node) };
}

function readPadding({ name, attributes }: NodeContext): Padding {
  const text = attributes.text('padding') ?? '';
  if (text === 'EXPLICIT') return spatialPadding(attributes.integers('explicit_paddings'), name);
  const padding = paddingByName(text);
  if (padding === null) throw unsupported(`"${name}" pads its input in the way "${text}", which cannot be read.`);
  return padding;
}

/** Eight numbers: before and after for batch, height, width, channels. */
function spatialPadding(amounts: ArrayLike<number>, name: string): ExplicitPadding {
  if (amounts.length !== 8) throw corrupt(`The padding of "${name}" does not have eight numbers.`);
  const amount = (index: number) => requireInteger(amounts[index], `The padding of "${name}"`, 0, MAX_WINDOW);
  if ([0, 1, 6, 7].some((index) => amount(index) !== 0)) {
    throw unsupported(`"${name}" pads the batch or the channels, which cannot be read.`);
  }
  return [
    [amount(2), amount(3)],
    [amount(4), amount(5)],
  ];
}

function readPad(node: NodeContext): readonly SourceOp[] {
  const filling = node.constants.length > 2 ? requireConstant(node, 2).values[0] : 0;
  if (filling !== 0) throw unsupported(`"${node.name}" pads with something other than zero, which cannot be read.`);
  return [{ op: 'pad', padding: spatialPadding(requireConstant(node, 1).values, node.name) }];
}

function readConcat(node: NodeContext, inputs: readonly Shape[]): readonly SourceOp[] {
  const axis = requireConstant(node, node.constants.length - 1).values[0];
  if (axis !== -1 && axis !== 3) throw unsupported(`"${node.name}" does not join channels, which cannot be read.`);
  if (inputs.length !== node.constants.length - 1) {
    throw unsupported(`"${node.name}" joins a constant, which cannot be read.`);
  }
  return [{ op: 'concat' }];
}

function readMean(node: NodeContext): readonly SourceOp[] {
  const axes = Array.from(requireConstant(node, 1).values, (axis) => (axis < 0 ? axis + 4 : axis));
  if (axes.toSorted((a, b) => a - b).join() !== '1,2') {
    throw unsupported(`"${node.name}" does not average over space, which cannot be read.`);
  }
  return [{ op: 'globalAveragePool', keepsSpace: node.attributes.flag('keep_dims') }];
}

/** The target shape counts the batch: two numbers make a vector, four a pixel. */
function readReshape(node: NodeContext, [input]: readonly Shape[]): readonly SourceOp[] {
  const target = node.constants[1]?.values.length ?? 0;
  return [reshape(input, target - 1)];
}

function requireChannelsLast({ name, attributes }: NodeContext): void {
  const format = attributes.text('data_format') ?? 'NHWC';
  if (format !== 'NHWC') throw unsupported(`"${name}" has its channels first, which cannot be read.`);
}
