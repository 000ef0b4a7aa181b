import type { FoldedNode } from '../folded-graph.ts';
import { CHANNELS_LAST, padLayer, reshapeLayer, ZEROS } from './layer-kinds.ts';
import type { ModelBuilder } from './model-builder.ts';
import { writeActivation, writeAffine } from './write-activation.ts';
import { writeFilter, writePadding } from './write-filter.ts';

/** A value already written: the layer that gives it and its shape without the batch. */
export interface WrittenValue {
  readonly layer: string;
  readonly shape: readonly number[];
}

type WritableNode = Exclude<FoldedNode, { op: 'input' }>;

/**
 * Writes one node as layers; explicit padding and activations become layers of their own.
 *
 * @param values what it takes.
 * @returns the layer that gives its value.
 */
export function writeNode(model: ModelBuilder, node: WritableNode, values: readonly WrittenValue[]): string {
  const layer = writeOperation(model, node, values);
  return 'activation' in node ? writeActivation(model, node.name, layer, node.activation, node.shape) : layer;
}

/** The node without its activation. */
function writeOperation(model: ModelBuilder, node: WritableNode, values: readonly WrittenValue[]): string {
  const { name } = node;
  const inputs = values.map((value) => value.layer);
  const [input = ''] = inputs;
  switch (node.op) {
    case 'conv':
    case 'depthwise':
      return writeFilter(model, node, inputs, values[0]?.shape ?? []);
    case 'affine':
      return writeAffine(model, name, input, node.scale.values, node.offset.values, node.shape);
    case 'dense': {
      const config = { units: node.bias.values.length, activation: 'linear', use_bias: true };
      const initializers = { kernel_initializer: ZEROS, bias_initializer: ZEROS };
      const weights = [
        { name: 'kernel', ...node.kernel },
        { name: 'bias', ...node.bias },
      ];
      return model.add(name, 'Dense', { ...config, ...initializers }, inputs, weights);
    }
    case 'add':
      return model.add(name, 'Add', {}, inputs);
    case 'multiply':
      return model.add(name, 'Multiply', {}, [input, writeFactor(model, name, values[1], node.shape)]);
    case 'concat':
      return model.add(name, 'Concatenate', { axis: -1 }, inputs);
    case 'activation':
      return input;
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
    case 'globalMaxPool': {
      const kind = node.op === 'globalMaxPool' ? 'GlobalMaxPooling2D' : 'GlobalAveragePooling2D';
      const pooled = model.add(name, kind, CHANNELS_LAST, inputs);
      return node.shape.length === 1 ? pooled : model.add(`${name}_pixel`, ...reshapeLayer(node.shape), [pooled]);
    }
    case 'flatten':
      return model.add(name, 'Flatten', CHANNELS_LAST, inputs);
    default:
      node satisfies never;
      throw new Error('Unknown node');
  }
}

/** The second of two factors, of the same number of sides as the first. */
function writeFactor(
  model: ModelBuilder,
  name: string,
  factor: WrittenValue | undefined,
  shape: readonly number[],
): string {
  if (factor === undefined) throw new Error(`Node ${name} has one factor`);
  if (factor.shape.length === shape.length) return factor.layer;
  return model.add(`${name}_factor`, ...reshapeLayer([1, 1, factor.shape[0] ?? 0]), [factor.layer]);
}
