import type { Activation } from '../folded-graph.ts';
import { filterConfig, reshapeLayer, ZEROS } from './layer-kinds.ts';
import type { ModelBuilder } from './model-builder.ts';

/**
 * Writes an activation with layers every tfjs since 1.3 knows.
 *
 * @param shape of the value, [height, width, channels] or [length].
 * @returns the layer that gives the activated value; `layer` itself for a linear one.
 */
export function writeActivation(
  model: ModelBuilder,
  name: string,
  layer: string,
  activation: Activation,
  shape: readonly number[],
): string {
  switch (activation) {
    case 'linear':
      return layer;
    case 'relu6':
      return model.add(`${name}_relu6`, 'ReLU', { max_value: 6 }, [layer]);
    case 'relu':
    case 'sigmoid':
      return model.add(`${name}_${activation}`, 'Activation', { activation }, [layer]);
    case 'hardSigmoid':
      return writeHardSigmoid(model, name, layer, shape);
    case 'swish':
    case 'hardSwish': {
      const gate = activation === 'swish' ? 'sigmoid' : 'hardSigmoid';
      return model.add(`${name}_${activation}`, 'Multiply', {}, [
        layer,
        writeActivation(model, name, layer, gate, shape),
      ]);
    }
    default:
      activation satisfies never;
      throw new Error('Unknown activation');
  }
}

/** relu6(x + 3) / 6 is tfjs's own hard sigmoid, clip(0.2 x + 0.5), of 5 x / 6. */
function writeHardSigmoid(model: ModelBuilder, name: string, layer: string, shape: readonly number[]): string {
  const channels = shape.at(-1) ?? 0;
  const scale = new Float32Array(channels).fill(5 / 6);
  const slope = writeAffine(model, `${name}_slope`, layer, scale, new Float32Array(channels), shape);
  return model.add(`${name}_hard_sigmoid`, 'Activation', { activation: 'hard_sigmoid' }, [slope]);
}

/**
 * Writes x * scale + offset per channel, as a depthwise 1x1 convolution.
 *
 * @param shape of the value, [height, width, channels] or [length].
 */
export function writeAffine(
  model: ModelBuilder,
  name: string,
  layer: string,
  scale: Float32Array,
  offset: Float32Array,
  shape: readonly number[],
): string {
  const pixel = [1, 1, scale.length];
  const isVector = shape.length === 1;
  const input = isVector ? model.add(`${name}_pixel`, ...reshapeLayer(pixel), [layer]) : layer;
  const config = {
    ...filterConfig([1, 1], [1, 1], [1, 1], 'valid'),
    depth_multiplier: 1,
    depthwise_initializer: ZEROS,
  };
  const scaled = model.add(
    name,
    'DepthwiseConv2D',
    config,
    [input],
    [
      { name: 'depthwise_kernel', shape: [...pixel, 1], values: scale },
      { name: 'bias', shape: [offset.length], values: offset },
    ],
  );
  return isVector ? model.add(`${name}_vector`, ...reshapeLayer(shape), [scaled]) : scaled;
}
