import type { DenseWeights, HeadWeights } from '../domain/head.ts';

/** A tfjs layers model in two files: `model.json` and `weights.bin`. */
export interface LayersModelFiles {
  readonly modelJson: object;
  /** Little-endian float32, in the order of the manifest. */
  readonly weightData: ArrayBuffer;
}

/** The head alone as a tfjs Sequential of dense layers; input [batch, featureLength], output [batch, classCount]. */
export function writeHeadModel(head: HeadWeights): LayersModelFiles {
  const named = head.layers.map((layer, index) => ({ name: `head_${index + 1}`, layer }));
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
        weights: named.flatMap(({ name, layer }) => [
          { name: `${name}/kernel`, shape: [layer.inputLength, layer.outputLength], dtype: 'float32' },
          { name: `${name}/bias`, shape: [layer.outputLength], dtype: 'float32' },
        ]),
      },
    ],
  };
  return { modelJson, weightData: joined(head.layers.flatMap(({ kernel, bias }) => [kernel, bias])) };
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

function joined(arrays: readonly Float32Array[]): ArrayBuffer {
  const whole = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let position = 0;
  for (const array of arrays) {
    whole.set(array, position);
    position += array.length;
  }
  return whole.buffer;
}
