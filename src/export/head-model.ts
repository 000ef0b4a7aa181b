import type { DenseWeights, HeadWeights } from '../domain/head.ts';
import { joinTensors, tensorJson } from '../graph/write/tensor-file.ts';

/** A tfjs layers model in two files: `model.json` and `weights.bin`. */
export interface LayersModelFiles {
  readonly modelJson: object;
  /** Little-endian, in the order of the manifest. */
  readonly weightData: ArrayBuffer;
}

/** The head alone as a tfjs Sequential of dense layers; input [batch, featureLength], output [batch, classCount]. */
export function writeHeadModel(head: HeadWeights): LayersModelFiles {
  const named = head.layers.map((layer, index) => ({ name: `head_${index + 1}`, layer }));
  const tensors = named.flatMap(({ name, layer: { inputLength, outputLength, kernel, bias, stored } }) => [
    { name: `${name}/kernel`, shape: [inputLength, outputLength], values: kernel, stored },
    { name: `${name}/bias`, shape: [outputLength], values: bias },
  ]);
  const modelJson = {
    format: 'layers-model',
    generatedBy: 'Graft',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name: 'head', layers: named.map(({ name, layer }, index) => denseLayer(name, layer, index === 0)) },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: tensors.map(tensorJson),
      },
    ],
  };
  return { modelJson, weightData: joinTensors(tensors) };
}

function denseLayer(name: string, layer: DenseWeights, first: boolean): unknown {
  return {
    class_name: 'Dense',
    config: {
      name,
      units: layer.outputLength,
      activation: layer.activation,
      use_bias: true,
      trainable: true,
      dtype: 'float32',
      ...(first ? { batch_input_shape: [null, layer.inputLength] } : {}),
    },
  };
}
