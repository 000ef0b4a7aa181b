import type { Activation, Padding, Weight } from '../folded-graph.ts';
import { unsupported } from '../graph-error.ts';
import { field, isRecord, type JsonRecord, requireInteger, requireList, requireText } from '../json-fields.ts';
import { type ExplicitPadding, MAX_WINDOW, type Shape, type Window } from '../shapes.ts';
import { activationOps, type HardSigmoidSlope } from './activation-ops.ts';
import { type ArithmeticKind, arithmeticOp, joinOp } from './arithmetic.ts';
import type { Operand } from './layer-calls.ts';
import { readBatchNorm, readNormalization, readRescaling } from './norm-layers.ts';
import { reshapeOp } from './reshape-op.ts';
import { paddingByName, plainDense, plainFilter, type SourceOp } from './source-graph.ts';

/** What a layer's converter may look at. */
export interface LayerContext {
  readonly name: string;
  readonly config: JsonRecord;
  /** A number the layer joins its input with; null where there is none. */
  readonly operand: Operand | null;
  /** The layer's weight of the first of these names ("kernel") there is. @throws GraphError 'backbone-corrupt' for none. */
  readonly weight: (...suffixes: readonly string[]) => Weight;
  readonly hardSigmoidSlope: HardSigmoidSlope;
  /** Side of the square input, px. */
  readonly inputSide: number;
}

const MAX_GROUPS = 2 ** 16;

type Converter = (layer: LayerContext, inputs: readonly Shape[]) => readonly SourceOp[];

const same: Converter = () => [{ op: 'same' }];

/** Layers that change nothing once a network is trained. */
const ONLY_IN_TRAINING = [
  'Dropout',
  'SpatialDropout2D',
  'AlphaDropout',
  'GaussianNoise',
  'GaussianDropout',
  'ActivityRegularization',
  'RandomFlip',
  'RandomRotation',
  'RandomZoom',
  'RandomTranslation',
  'RandomContrast',
  'RandomBrightness',
];

/** How each kind of layer is read. Kinds not listed are refused by name. */
export const LAYER_CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ...ONLY_IN_TRAINING.map((className): [string, Converter] => [className, same]),
  ['same', same],
  ['Identity', same],
  ['InputLayer', (layer) => [readInput(layer)]],
  ['Conv2D', readConv],
  ['DepthwiseConv2D', readDepthwise],
  ['SeparableConv2D', readSeparable],
  ['BatchNormalization', (layer, [input]) => [readBatchNorm(layer, input)]],
  ['BatchNormalizationV1', (layer, [input]) => [readBatchNorm(layer, input)]],
  ['Rescaling', (layer, [input]) => [readRescaling(layer, input)]],
  ['Normalization', (layer, [input]) => [readNormalization(layer, input)]],
  ['Activation', (layer, [input]) => [{ op: 'same' }, ...ownActivation(layer, input)]],
  ['ReLU', (layer) => [{ op: 'activation', activation: readReluLayer(layer) }]],
  ['Softmax', () => [{ op: 'head', what: 'Softmax' }]],
  ['Dense', readDense],
  ['Add', (layer, inputs) => [join('sum', layer, inputs)]],
  ['Subtract', (layer, inputs) => [join('difference', layer, inputs)]],
  ['Multiply', (layer, inputs) => [join('product', layer, inputs)]],
  ['Divide', (layer, inputs) => [join('quotient', layer, inputs)]],
  ['TrueDivide', (layer, inputs) => [join('quotient', layer, inputs)]],
  ['TFOpLambda', readFunction],
  ['Concatenate', readConcatenate],
  ['ZeroPadding2D', readZeroPadding],
  ['MaxPooling2D', (layer) => [{ op: 'maxPool', ...readPool(layer) }]],
  ['AveragePooling2D', (layer) => [{ op: 'averagePool', ...readPool(layer) }]],
  ['GlobalAveragePooling2D', (layer) => [{ op: 'globalAveragePool', keepsSpace: keepsSpace(layer) }]],
  ['GlobalMaxPooling2D', (layer) => [{ op: 'globalMaxPool', keepsSpace: keepsSpace(layer) }]],
  ['Flatten', (layer, [input]) => [reshapeOp(input, [-1], layer.name)]],
  ['Reshape', readReshape],
]);

function readInput({ name, config, inputSide }: LayerContext): SourceOp {
  const given = field(config, 'batch_input_shape') ?? field(config, 'batch_shape');
  const [, height, width, channels] = requireList(given, `The shape of the input "${name}"`);
  for (const side of [height, width]) {
    if (side !== null && side !== inputSide) {
      throw unsupported(`The input "${name}" is ${String(side)} pixels wide or high; ${inputSide} were expected.`);
    }
  }
  if (channels !== 3) throw unsupported(`The input "${name}" does not take three colours.`);
  return { op: 'input', shape: [inputSide, inputSide, 3] };
}

function readConv(layer: LayerContext): readonly SourceOp[] {
  const groups = requireInteger(field(layer.config, 'groups') ?? 1, `"groups" of "${layer.name}"`, 1, MAX_GROUPS);
  const kernel = layer.weight('kernel');
  const filter = plainFilter('conv', kernel, readBias(layer), readWindow(layer), 'linear', groups);
  return [filter, ...ownActivation(layer, kernel.shape)];
}

function readDepthwise(layer: LayerContext): readonly SourceOp[] {
  // Keras 3 calls it by the shorter name.
  const kernel = layer.weight('depthwise_kernel', 'kernel');
  const filter = plainFilter('depthwise', kernel, readBias(layer), readWindow(layer), 'linear');
  return [filter, ...ownActivation(layer, [filter.bias.length])];
}

function readSeparable(layer: LayerContext): readonly SourceOp[] {
  const pointwise = layer.weight('pointwise_kernel');
  const once = { strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;
  return [
    plainFilter('depthwise', layer.weight('depthwise_kernel'), null, readWindow(layer), 'linear'),
    plainFilter('conv', pointwise, readBias(layer), once, 'linear'),
    ...ownActivation(layer, pointwise.shape),
  ];
}

function readDense(layer: LayerContext, [input]: readonly Shape[]): readonly SourceOp[] {
  const kernel = layer.weight('kernel');
  return [plainDense(kernel, readBias(layer), input?.length ?? 0), ...ownActivation(layer, kernel.shape)];
}

/** A sum or product of several values, or one value with a number. */
function join(kind: ArithmeticKind, { name, operand }: LayerContext, inputs: readonly Shape[]): SourceOp {
  if (operand !== null) return arithmeticOp(kind, [operand.value], operand.isFirst, inputs[0], name);
  return joinOp(kind, name);
}

/** A TensorFlow function Keras 2 keeps as a layer, by its name there. */
const FUNCTIONS: ReadonlyMap<string, ArithmeticKind | Activation> = new Map<string, ArithmeticKind | Activation>([
  ['__operators__.add', 'sum'],
  ['math.add', 'sum'],
  ['__operators__.sub', 'difference'],
  ['math.subtract', 'difference'],
  ['__operators__.mul', 'product'],
  ['math.multiply', 'product'],
  ['__operators__.truediv', 'quotient'],
  ['math.truediv', 'quotient'],
  ['math.divide', 'quotient'],
  ['nn.relu', 'relu'],
  ['nn.relu6', 'relu6'],
  ['nn.silu', 'swish'],
  ['nn.swish', 'swish'],
  ['math.sigmoid', 'sigmoid'],
  ['nn.sigmoid', 'sigmoid'],
]);

function readFunction(layer: LayerContext, inputs: readonly Shape[]): readonly SourceOp[] {
  const called = requireText(field(layer.config, 'function'), `The function of "${layer.name}"`);
  const found = FUNCTIONS.get(called);
  if (found === undefined) throw unsupported(`"${layer.name}" calls the function ${called}, which cannot be read.`);
  if (found === 'sum' || found === 'difference' || found === 'product' || found === 'quotient') {
    return [join(found, layer, inputs)];
  }
  return [{ op: 'activation', activation: found }];
}

function readBias(layer: LayerContext): Weight | null {
  return field(layer.config, 'use_bias') === false ? null : layer.weight('bias');
}

function readWindow(layer: LayerContext): Omit<Window, 'size'> {
  requireChannelsLast(layer);
  return {
    strides: readPair(layer, 'strides', [1, 1]),
    dilations: readPair(layer, 'dilation_rate', [1, 1]),
    padding: readPadding(layer),
  };
}

function readPool(layer: LayerContext): Window {
  requireChannelsLast(layer);
  const size = readPair(layer, 'pool_size', [2, 2]);
  return { size, strides: readPair(layer, 'strides', size), dilations: [1, 1], padding: readPadding(layer) };
}

function readPadding({ name, config }: LayerContext): Padding {
  const text = requireText(field(config, 'padding') ?? 'valid', `The padding of "${name}"`);
  const padding = paddingByName(text);
  if (padding === null) throw unsupported(`"${name}" pads its input in the way "${text}", which cannot be read.`);
  return padding;
}

function readPair({ name, config }: LayerContext, key: string, otherwise: readonly [number, number]): [number, number] {
  const value = field(config, key) ?? otherwise;
  const list = Array.isArray(value) ? value : [value, value];
  const side = (index: number) => requireInteger(list[index], `"${key}" of "${name}"`, 1, MAX_WINDOW);
  return [side(0), side(1)];
}

function requireChannelsLast({ name, config }: LayerContext): void {
  const format = field(config, 'data_format') ?? 'channels_last';
  if (format !== 'channels_last') throw unsupported(`"${name}" has its channels first, which cannot be read.`);
}

/** The activation a layer names, on a value of this shape. Keras 3 may write it as a record. */
function ownActivation({ name, config, hardSigmoidSlope }: LayerContext, shape?: Shape): readonly SourceOp[] {
  const given = field(config, 'activation') ?? 'linear';
  const text = requireText(isRecord(given) ? field(given, 'config') : given, `The activation of "${name}"`);
  return activationOps(text, name, shape, hardSigmoidSlope);
}

function readReluLayer({ name, config }: LayerContext): Activation {
  const max = field(config, 'max_value') ?? null;
  const bent = [field(config, 'negative_slope'), field(config, 'threshold')].some((value) => (value ?? 0) !== 0);
  if (bent || (max !== null && max !== 6)) throw unsupported(`"${name}" is a ReLU with options that cannot be read.`);
  return max === 6 ? 'relu6' : 'relu';
}

function readConcatenate({ name, config }: LayerContext, [input]: readonly Shape[]): readonly SourceOp[] {
  const axis = field(config, 'axis') ?? -1;
  if (axis !== -1 && axis !== input?.length)
    throw unsupported(`"${name}" does not join channels, which cannot be read.`);
  return [{ op: 'concat' }];
}

function readZeroPadding(layer: LayerContext): readonly SourceOp[] {
  requireChannelsLast(layer);
  const { name } = layer;
  const value = field(layer.config, 'padding') ?? 1;
  const axes = Array.isArray(value) ? value : [value, value];
  const amount = (number: unknown) => requireInteger(number, `The padding of "${name}"`, 0, MAX_WINDOW);
  const axis = (index: number): [number, number] => {
    const sides: unknown = axes[index];
    return Array.isArray(sides) ? [amount(sides[0]), amount(sides[1])] : [amount(sides), amount(sides)];
  };
  const padding: ExplicitPadding = [axis(0), axis(1)];
  return [{ op: 'pad', padding }];
}

function keepsSpace(layer: LayerContext): boolean {
  requireChannelsLast(layer);
  return field(layer.config, 'keepdims') === true;
}

function readReshape({ name, config }: LayerContext, [input]: readonly Shape[]): readonly SourceOp[] {
  const target = requireList(field(config, 'target_shape'), `The shape of "${name}"`);
  const sides = target.map((side) => requireInteger(side, `The shape of "${name}"`, -1, 2 ** 31));
  return [reshapeOp(input, sides, name)];
}
