import type { Activation, Padding, Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { requireInteger } from '../json-fields.ts';
import { type ExplicitPadding, MAX_WINDOW, type Shape, type Window } from '../shapes.ts';
import { type ArithmeticKind, arithmeticOp, joinOp } from './arithmetic.ts';
import type { NodeAttributes } from './node-attributes.ts';
import { reshapeOp } from './reshape-op.ts';
import {
  type AffineOp,
  batchNormAffine,
  type DenseOp,
  type FilterOp,
  paddingByName,
  plainDense,
  plainFilter,
  type SourceOp,
} from './source-graph.ts';

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

/** How each TensorFlow operation is read. Operations not listed are refused by name. */
export const NODE_CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['Placeholder', (node) => [readPlaceholder(node)]],
  ['Identity', same],
  ['StopGradient', same],
  ['Conv2D', (node, inputs) => [readFilter(node, inputs, 'conv', null)]],
  ['DepthwiseConv2dNative', (node, inputs) => [readFilter(node, inputs, 'depthwise', null)]],
  ['_FusedConv2D', (node, inputs) => readFused(node, (bias) => readFilter(node, inputs, 'conv', bias))],
  [
    'FusedDepthwiseConv2dNative',
    (node, inputs) => readFused(node, (bias) => readFilter(node, inputs, 'depthwise', bias)),
  ],
  ['FusedBatchNorm', (node) => [readBatchNorm(node)]],
  ['FusedBatchNormV2', (node) => [readBatchNorm(node)]],
  ['FusedBatchNormV3', (node) => [readBatchNorm(node)]],
  ['BiasAdd', (node, inputs) => [readArithmetic('sum', node, inputs)]],
  ['Add', (node, inputs) => [readArithmetic('sum', node, inputs)]],
  ['AddV2', (node, inputs) => [readArithmetic('sum', node, inputs)]],
  ['AddN', () => [{ op: 'add', activation: 'linear' }]],
  ['Sub', (node, inputs) => [readArithmetic('difference', node, inputs)]],
  ['Mul', (node, inputs) => [readArithmetic('product', node, inputs)]],
  ['RealDiv', (node, inputs) => [readArithmetic('quotient', node, inputs)]],
  ['Relu', () => [{ op: 'activation', activation: 'relu' }]],
  ['Relu6', () => [{ op: 'activation', activation: 'relu6' }]],
  ['Sigmoid', () => [{ op: 'activation', activation: 'sigmoid' }]],
  ['MaxPool', (node) => [{ op: 'maxPool', ...readPool(node) }]],
  ['AvgPool', (node) => [{ op: 'averagePool', ...readPool(node) }]],
  ['Pad', readPad],
  ['PadV2', readPad],
  ['ConcatV2', readConcat],
  ['Mean', (node) => [{ op: 'globalAveragePool', keepsSpace: readSpace(node) }]],
  ['Max', (node) => [{ op: 'globalMaxPool', keepsSpace: readSpace(node) }]],
  ['Squeeze', (node, [input]) => [reshapeOp(input, [-1], node.name)]],
  ['Reshape', readReshape],
  ['MatMul', (node, [input]) => [readDense(node, input, null)]],
  ['_FusedMatMul', (node, [input]) => readFused(node, (bias) => readDense(node, input, bias))],
  ['Softmax', () => [{ op: 'head', what: 'Softmax' }]],
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

/** A convolution has as many groups as its kernel's input channels go into the image's. */
function readFilter(
  node: NodeContext,
  [input]: readonly Shape[],
  op: 'conv' | 'depthwise',
  bias: Weight | null,
): FilterOp {
  const kernel = requireConstant(node, 1);
  requireChannelsLast(node);
  const strides = node.attributes.spatialPair('strides');
  const dilations = node.attributes.spatialPair('dilations');
  const ratio = (input?.at(-1) ?? 1) / (kernel.shape[2] ?? 1);
  const groups = op === 'conv' && Number.isInteger(ratio) && ratio > 0 ? ratio : 1;
  return plainFilter(op, kernel, bias, { strides, dilations, padding: readPadding(node) }, 'linear', groups);
}

function readDense(node: NodeContext, input: Shape | undefined, bias: Weight | null): DenseOp | FilterOp {
  const { values, shape } = requireConstant(node, 1);
  if (node.attributes.flag('transpose_a'))
    throw unsupported(`"${node.name}" transposes its input, which cannot be read.`);
  const kernel = node.attributes.flag('transpose_b') ? transposed(values, shape) : { values, shape };
  return plainDense(kernel, bias, input?.length ?? 0);
}

function transposed(values: Float32Array, [rows = 1, columns = 1]: readonly number[]): Weight {
  const turned = values.map((_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? 0);
  return { shape: [columns, rows], values: turned };
}

/** What is fused with a bias and, often, an activation. */
function readFused(node: NodeContext, read: (bias: Weight) => DenseOp | FilterOp): readonly SourceOp[] {
  const [first, second, ...rest] = node.attributes.texts('fused_ops');
  const activation = second === undefined ? 'linear' : ACTIVATIONS.get(second);
  if (first !== 'BiasAdd' || activation === undefined || rest.length > 0) {
    throw unsupported(`"${node.name}" is fused with ${[first, second, ...rest].join(', ')}, which cannot be read.`);
  }
  return [{ ...read(requireConstant(node, 2)), activation }];
}

const ACTIVATIONS = new Map<string, Activation>([
  ['Relu', 'relu'],
  ['Relu6', 'relu6'],
  ['Sigmoid', 'sigmoid'],
]);

function readBatchNorm(node: NodeContext): AffineOp {
  requireChannelsLast(node);
  if (node.attributes.flag('is_training')) throw unsupported(`The batch norm "${node.name}" is still in training.`);
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => requireConstant(node, index).values);
  const epsilon = node.attributes.number('epsilon', 1e-4);
  return batchNormAffine(mean ?? [], variance ?? [], gamma ?? null, beta ?? null, epsilon);
}

/** Two computed values, or one and a constant. */
function readArithmetic(kind: ArithmeticKind, node: NodeContext, inputs: readonly Shape[]): SourceOp {
  const index = node.constants.findIndex((constant) => constant !== null);
  if (index < 0) return joinOp(kind, node.name);
  const { values, shape } = requireConstant(node, index);
  const channels = inputs[0]?.at(-1);
  if (values.length > 1 && shape.at(-1) !== channels) {
    throw unsupported(`"${node.name}" uses a constant that is not one number per channel.`);
  }
  return arithmeticOp(kind, values, index === 0, inputs[0], node.name);
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

/** Whether a mean or maximum over space keeps its two sides. */
function readSpace(node: NodeContext): boolean {
  const axes = Array.from(requireConstant(node, 1).values, (axis) => (axis < 0 ? axis + 4 : axis));
  if (axes.toSorted((a, b) => a - b).join() !== '1,2') {
    throw unsupported(`"${node.name}" does not work over space, which cannot be read.`);
  }
  return node.attributes.flag('keep_dims');
}

/** The target shape counts the batch, which it must keep. */
function readReshape(node: NodeContext, [input]: readonly Shape[]): readonly SourceOp[] {
  const [, ...target] = requireConstant(node, 1).values;
  return [reshapeOp(input, target, node.name)];
}

function requireChannelsLast({ name, attributes }: NodeContext): void {
  const format = attributes.text('data_format') ?? 'NHWC';
  if (format !== 'NHWC') throw unsupported(`"${name}" has its channels first, which cannot be read.`);
}
