import type { Activation, FoldedNode, Padding } from '../folded-graph.ts';
import type { ExplicitPadding } from '../shapes.ts';
import type { ModelBuilder } from './model-builder.ts';
import { spreadKernel } from './spread-kernel.ts';

type FilterNode = Extract<FoldedNode, { op: 'conv' | 'depthwise' }>;

const ZEROS = { class_name: 'Zeros', config: {} };
const CHANNELS_LAST = { data_format: 'channels_last' };

/**
 * Writes one node as layers; explicit padding and activations become layers of their own.
 *
 * @param inputs the layers whose values it takes.
 * @returns the layer that gives its value.
 */
export function writeNode(model: ModelBuilder, node: Exclude<FoldedNode, { op: 'input' }>, inputs: string[]): string {
  const { name } = node;
  switch (node.op) {
    case 'conv':
    case 'depthwise':
      return writeActivation(model, name, writeFilter(model, node, inputs), node.activation);
    case 'affine': {
      const { scale, offset } = node;
      const weights = [
        { name: 'depthwise_kernel', shape: [1, 1, scale.values.length, 1], values: scale.values },
        { name: 'bias', shape: offset.shape, values: offset.values },
      ];
      const config = { ...filterConfig([1, 1], [1, 1], [1, 1], 'valid'), ...DEPTHWISE };
      const layer = model.add(name, 'DepthwiseConv2D', config, inputs, weights);
      return writeActivation(model, name, layer, node.activation);
    }
    case 'add':
      return writeActivation(model, name, model.add(name, 'Add', {}, inputs), node.activation);
    case 'concat':
      return model.add(name, 'Concatenate', { axis: -1 }, inputs);
    case 'activation':
      return model.add(name, ...activationLayer(node.activation), inputs);
    case 'pad':
      return model.add(name, ...padLayer(node.padding), inputs);
    case 'maxPool':
    case 'averagePool': {
      const kind = node.op === 'maxPool' ? 'MaxPooling2D' : 'AveragePooling2D';
      const padded = writePadding(model, name, node.padding, inputs);
      const config = { pool_size: node.size, strides: node.strides, padding: padded.padding, ...CHANNELS_LAST };
      return model.add(name, kind, config, padded.inputs);
    }
    case 'globalAveragePool':
      return model.add(name, 'GlobalAveragePooling2D', CHANNELS_LAST, inputs);
    default:
      node satisfies never;
      throw new Error('Unknown node');
  }
}

function writeFilter(model: ModelBuilder, node: FilterNode, inputs: string[]): string {
  const padded = writePadding(model, node.name, node.padding, inputs);
  const bias = { name: 'bias', ...node.bias };
  if (node.op === 'conv') {
    const [height = 1, width = 1, , filters] = node.kernel.shape;
    const config = filterConfig([height, width], node.strides, node.dilations, padded.padding);
    const kernel = { name: 'kernel', ...node.kernel };
    const options = { ...config, filters, kernel_initializer: ZEROS };
    return model.add(node.name, 'Conv2D', options, padded.inputs, [kernel, bias]);
  }
  // tfjs ignores the dilation of a depthwise layer, so a dilated kernel is written with its gaps.
  const kernel = spreadKernel(node.kernel, node.dilations);
  const [height = 1, width = 1, , multiplier] = kernel.shape;
  const config = filterConfig([height, width], node.strides, [1, 1], padded.padding);
  const options = { ...config, ...DEPTHWISE, depth_multiplier: multiplier };
  return model.add(node.name, 'DepthwiseConv2D', options, padded.inputs, [
    { name: 'depthwise_kernel', ...kernel },
    bias,
  ]);
}

const DEPTHWISE = { depth_multiplier: 1, depthwise_initializer: ZEROS };

function filterConfig(
  size: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  padding: string,
) {
  return {
    kernel_size: size,
    strides,
    padding,
    dilation_rate: dilations,
    activation: 'linear',
    use_bias: true,
    bias_initializer: ZEROS,
    ...CHANNELS_LAST,
  };
}

/** Zeros put before a maximum are as good as its own padding: such padding was only fused where nothing is negative. */
function writePadding(model: ModelBuilder, name: string, padding: Padding, inputs: string[]) {
  if (padding === 'same') return { padding: 'same', inputs };
  if (padding.flat().every((amount) => amount === 0)) return { padding: 'valid', inputs };
  return { padding: 'valid', inputs: [model.add(`${name}_pad`, ...padLayer(padding), inputs)] };
}

type LayerKind = [className: string, config: Readonly<Record<string, unknown>>];

function padLayer(padding: ExplicitPadding): LayerKind {
  return ['ZeroPadding2D', { padding, ...CHANNELS_LAST }];
}

function activationLayer(activation: Activation): LayerKind {
  return activation === 'relu6' ? ['ReLU', { max_value: 6 }] : ['Activation', { activation }];
}

function writeActivation(model: ModelBuilder, name: string, layer: string, activation: Activation): string {
  return activation === 'linear' ? layer : model.add(`${name}_${activation}`, ...activationLayer(activation), [layer]);
}
