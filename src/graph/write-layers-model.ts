import type { PixelScaling } from '../domain/backbone.ts';
import { beat } from '../domain/beat.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { FoldedGraph } from './folded-graph.ts';
import { pixelAffine } from './pixel-scaling.ts';
import type { LayersModelJson } from './write/layers-model-json.ts';
import { ModelBuilder, type NamedWeight } from './write/model-builder.ts';
import { type WrittenValue, writeNode } from './write/write-node.ts';

export interface WriteOptions {
  /** Dense layers after the feature; null writes the backbone alone. */
  readonly head: HeadWeights | null;
  /**
   * What the written model takes: `graph` is what `graph.pixels` says,
   * `teachable-machine` is RGB x / 127 - 1, turned into it by a first 1x1 convolution.
   */
  readonly pixelInput: 'graph' | 'teachable-machine';
}

/** A tfjs layers model: `model.json` and the one binary it names, `weights.bin`, little-endian. */
export interface WrittenModel {
  readonly modelJson: LayersModelJson;
  readonly weightData: ArrayBuffer;
}

/**
 * Writes a folded graph, and a head on top of it, as a plain tfjs layers model.
 * It takes [batch, side, side, 3], or of an upper part the values at its cut, and gives [batch, featureLength], or the class probabilities with a head.
 */
export function writeLayersModel(graph: Pick<FoldedGraph, 'nodes' | 'pixels'>, options: WriteOptions): WrittenModel {
  const model = new ModelBuilder();
  const written = new Map<string, WrittenValue>();
  let input = '';
  let output = '';
  for (const node of graph.nodes) {
    beat();
    if (node.op === 'input') {
      const shape = [null, ...node.shape];
      input = model.add(node.name, 'InputLayer', { batch_input_shape: shape, dtype: 'float32', sparse: false }, []);
      output =
        options.pixelInput === graph.pixels || options.pixelInput === 'graph'
          ? input
          : writePixels(model, input, graph.pixels);
    } else {
      const values = node.inputs.map((name) => written.get(name) ?? { layer: name, shape: [] });
      output = writeNode(model, node, values);
    }
    written.set(node.name, { layer: output, shape: node.shape });
  }
  if (options.head !== null) output = writeHead(model, options.head, output);
  return model.finish('graft', input, output);
}

/** The byte b that Teachable Machine gives as x = b / 127 - 1, scaled as the graph asks: s (127 x + 127) + o. */
function writePixels(model: ModelBuilder, input: string, pixels: PixelScaling): string {
  const { scale, offset, source } = pixelAffine(pixels);
  const kernel = new Float32Array(9);
  const bias = new Float32Array(3);
  scale.forEach((s, channel) => {
    kernel[(source[channel] ?? 0) * 3 + channel] = s * 127;
    bias[channel] = s * 127 + (offset[channel] ?? 0);
  });
  const config = {
    filters: 3,
    kernel_size: [1, 1],
    strides: [1, 1],
    padding: 'valid',
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    activation: 'linear',
    use_bias: true,
  };
  return model.add(
    'pixels',
    'Conv2D',
    config,
    [input],
    [
      { name: 'kernel', shape: [1, 1, 3, 3], values: kernel },
      { name: 'bias', shape: [3], values: bias },
    ],
  );
}

function writeHead(model: ModelBuilder, head: HeadWeights, feature: string): string {
  const zeros = { class_name: 'Zeros', config: {} };
  return head.layers.reduce((input, layer, index) => {
    const { inputLength, outputLength, activation } = layer;
    const config = {
      units: outputLength,
      activation,
      use_bias: true,
      kernel_initializer: zeros,
      bias_initializer: zeros,
    };
    const weights: NamedWeight[] = [
      { name: 'kernel', shape: [inputLength, outputLength], values: layer.kernel, stored: layer.stored },
      { name: 'bias', shape: [outputLength], values: layer.bias },
    ];
    return model.add(`head_dense_${index + 1}`, 'Dense', config, [input], weights);
  }, feature);
}
