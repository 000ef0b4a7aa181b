import type { Activation, Padding, Weight } from '../folded-graph.ts';
import { corrupt, unsupported } from '../graph-error.ts';
import { field, type JsonRecord, requireInteger, requireList, requireNumber, requireText } from '../json-fields.ts';
import { type ExplicitPadding, MAX_WINDOW, type Shape, type Window } from '../shapes.ts';
import { type AffineOp, batchNormAffine, paddingByName, plainFilter, type SourceOp } from './source-graph.ts';

/** What a layer's converter may look at. */
interface LayerContext {
  readonly name: string;
  readonly config: JsonRecord;
  /** The layer's weight of this name ("kernel"). @throws GraphError 'backbone-corrupt' when it is not there. */
  readonly weight: (suffix: string) => Weight;
  /** Side of the square input, px. */
  readonly inputSide: number;
}

type Converter = (layer: LayerContext, inputs: readonly Shape[]) => readonly SourceOp[];

const same: Converter = () => [{ op: 'same' }];

/** How each kind of layer is read. Kinds not listed are refused by name. */
export const LAYER_CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['same', same],
  ['Dropout', same],
  ['SpatialDropout2D', same],
  ['GaussianNoise', same],
  ['GaussianDropout', same],
  ['InputLayer', (layer) => [readInput(layer)]],
  ['Conv2D', readConv],
  ['DepthwiseConv2D', readDepthwise],
  ['SeparableConv2D', readSeparable],
  ['BatchNormalization', (layer) => [readBatchNorm(layer)]],
  ['BatchNormalizationV1', (layer) => [readBatchNorm(layer)]],
  ['Rescaling', readRescaling],
  ['Activation', readActivation],
  ['ReLU', (layer) => [{ op: 'activation', activation: readReluLayer(layer) }]],
  ['Softmax', () => [{ op: 'head', what: 'Softmax' }]],
  ['Dense', () => [{ op: 'head', what: 'Dense' }]],
  ['Add', () => [{ op: 'add', activation: 'linear' }]],
  ['Concatenate', readConcatenate],
  ['ZeroPadding2D', readZeroPadding],
  ['MaxPooling2D', (layer) => [{ op: 'maxPool', ...readPool(layer) }]],
  ['AveragePooling2D', (layer) => [{ op: 'averagePool', ...readPool(layer) }]],
  ['GlobalAveragePooling2D', readGlobalPool],
  ['Flatten', (_, [input]) => [reshape(input, 1)]],
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
  const groups = field(layer.config, 'groups') ?? 1;
  if (groups !== 1) throw unsupported(`The convolution "${layer.name}" works in groups, which cannot be read.`);
  const kernel = layer.weight('kernel');
  return [plainFilter('conv', kernel, readBias(layer), readWindow(layer), 'linear'), ...ownActivation(layer)];
}

function readDepthwise(layer: LayerContext): readonly SourceOp[] {
  const kernel = layer.weight('depthwise_kernel');
  return [plainFilter('depthwise', kernel, readBias(layer), readWindow(layer), 'linear'), ...ownActivation(layer)];
}

function readSeparable(layer: LayerContext): readonly SourceOp[] {
  const once = { strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;
  return [
    plainFilter('depthwise', layer.weight('depthwise_kernel'), null, readWindow(layer), 'linear'),
    plainFilter('conv', layer.weight('pointwise_kernel'), readBias(layer), once, 'linear'),
    ...ownActivation(layer),
  ];
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

function readActivation({ name, config }: LayerContext): readonly SourceOp[] {
  return [{ op: 'same' }, ...activationOps(field(config, 'activation'), name)];
}

function ownActivation(layer: LayerContext): readonly SourceOp[] {
  return activationOps(field(layer.config, 'activation') ?? 'linear', layer.name);
}

function activationOps(value: unknown, name: string): readonly SourceOp[] {
  const activation = requireText(value, `The activation of "${name}"`);
  switch (activation) {
    case 'linear':
      return [];
    case 'relu':
    case 'relu6':
      return [{ op: 'activation', activation }];
    case 'softmax':
    case 'sigmoid':
      return [{ op: 'head', what: activation }];
    default:
      throw unsupported(`"${name}" uses the activation "${activation}", which cannot be read.`);
  }
}

function readReluLayer({ name, config }: LayerContext): Activation {
  const max = field(config, 'max_value') ?? null;
  const bent = [field(config, 'negative_slope'), field(config, 'threshold')].some((value) => (value ?? 0) !== 0);
  if (bent || (max !== null && max !== 6)) throw unsupported(`"${name}" is a ReLU with options that cannot be read.`);
  return max === 6 ? 'relu6' : 'relu';
}

function readBatchNorm({ name, config, weight }: LayerContext): AffineOp {
  const axis = field(config, 'axis') ?? -1;
  const last = Array.isArray(axis) ? axis[0] : axis;
  if (last !== -1 && last !== 3) throw unsupported(`The batch norm "${name}" does not work along the channels.`);
  return batchNormAffine(
    weight('moving_mean').values,
    weight('moving_variance').values,
    field(config, 'scale') === false ? null : weight('gamma').values,
    field(config, 'center') === false ? null : weight('beta').values,
    requireNumber(field(config, 'epsilon') ?? 1e-3, `"epsilon" of "${name}"`),
  );
}

function readRescaling({ name, config }: LayerContext, [input]: readonly Shape[]): readonly SourceOp[] {
  const channels = input?.at(-1) ?? 0;
  const scale = requireNumber(field(config, 'scale'), `"scale" of "${name}"`);
  const offset = requireNumber(field(config, 'offset') ?? 0, `"offset" of "${name}"`);
  const values = (value: number) => new Float64Array(channels).fill(value);
  return [{ op: 'affine', scale: values(scale), offset: values(offset), activation: 'linear' }];
}

function readConcatenate({ name, config }: LayerContext): readonly SourceOp[] {
  const axis = field(config, 'axis') ?? -1;
  if (axis !== -1 && axis !== 3) throw unsupported(`"${name}" does not join channels, which cannot be read.`);
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

function readGlobalPool(layer: LayerContext): readonly SourceOp[] {
  requireChannelsLast(layer);
  return [{ op: 'globalAveragePool', keepsSpace: field(layer.config, 'keepdims') === true }];
}

function readReshape({ name, config }: LayerContext, [input]: readonly Shape[]): readonly SourceOp[] {
  const target = requireList(field(config, 'target_shape'), `The shape of "${name}"`);
  return [reshape(input, target.length)];
}

/** A value that is one pixel, or none, may change its rank; anything else is the start of a classification top. */
export function reshape(input: Shape | undefined, rank: number): SourceOp {
  if (input === undefined) throw corrupt('A reshape has no input.');
  const isVector = input.slice(0, -1).every((length) => length === 1);
  if (isVector && rank === 1) return { op: 'reshape', to: 'vector' };
  if (isVector && rank === 3) return { op: 'reshape', to: 'pixel' };
  return { op: 'head', what: 'Flatten' };
}
