import type { LayerJson, LayersModelJson } from './layers-model-json.ts';
import { joinTensors, tensorJson, type WrittenTensor } from './tensor-file.ts';

/** A weight to be written, named within its layer. */
export type NamedWeight = WrittenTensor;

/** Collects layers and their weights and writes them as one tfjs layers model. */
export class ModelBuilder {
  readonly #layers: LayerJson[] = [];
  readonly #tensors: WrittenTensor[] = [];
  readonly #taken = new Set<string>();

  /**
   * Adds a layer.
   *
   * @param wanted its name; changed where tfjs could not use it or where it is taken.
   * @param inputs names of layers, as this function gave them.
   * @returns the layer's name in the file.
   */
  add(
    wanted: string,
    className: string,
    config: Readonly<Record<string, unknown>>,
    inputs: readonly string[],
    weights: readonly NamedWeight[] = [],
  ): string {
    const name = this.#freeName(wanted);
    this.#layers.push({
      name,
      class_name: className,
      config: { name, trainable: true, ...config },
      inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}] as const)],
    });
    for (const weight of weights) this.#tensors.push({ ...weight, name: `${name}/${weight.name}` });
    return name;
  }

  /** @returns the model from `input` to `output`, and its weights little-endian in manifest order. */
  finish(modelName: string, input: string, output: string): { modelJson: LayersModelJson; weightData: ArrayBuffer } {
    const modelJson: LayersModelJson = {
      format: 'layers-model',
      generatedBy: 'Graft',
      convertedBy: null,
      modelTopology: {
        class_name: 'Model',
        config: {
          name: modelName,
          layers: this.#layers,
          input_layers: [[input, 0, 0]],
          output_layers: [[output, 0, 0]],
        },
        keras_version: 'tfjs-layers 1.7.4',
        backend: 'tensor_flow.js',
      },
      weightsManifest: [{ paths: ['weights.bin'], weights: this.#tensors.map(tensorJson) }],
    };
    return { modelJson, weightData: joinTensors(this.#tensors) };
  }

  /** tfjs names begin with a letter or digit; a slash would be taken for the border of a nested model. */
  #freeName(wanted: string): string {
    const plain = wanted.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
    const base = plain === '' ? 'layer' : plain;
    let name = base;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${base}_${number}`;
    this.#taken.add(name);
    return name;
  }
}
