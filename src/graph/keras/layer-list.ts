import type { JsonRecord } from '../json-fields.ts';

/** Writes down a functional model as Keras describes it, layer by layer. */
export class LayerList {
  private readonly layers: JsonRecord[] = [];

  /** @returns the layer's name. */
  add(name: string, className: string, config: JsonRecord, inputs: readonly string[]): string {
    const calls = inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])];
    this.layers.push({ name, class_name: className, config: { ...config, name }, inbound_nodes: calls });
    return name;
  }

  /** Takes pictures of any side. */
  input(): string {
    return this.add('input', 'InputLayer', { batch_input_shape: [null, null, null, 3] }, []);
  }

  /** `{ class_name, config }` of the model that ends in `output`. */
  finish(output: string): JsonRecord {
    const config = {
      name: 'model',
      layers: this.layers,
      input_layers: [['input', 0, 0]],
      output_layers: [[output, 0, 0]],
    };
    return { class_name: 'Model', config };
  }
}
