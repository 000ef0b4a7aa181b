/** A tensor as a tfjs manifest describes it. */
export interface TensorJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
  /** How it is stored; float32 when absent. float16 is read by TensorFlow.js 2 and later. */
  readonly quantization?:
    | { readonly dtype: 'float16' }
    | { readonly dtype: 'uint8'; readonly min: number; readonly scale: number };
}

/** A layer of a functional tfjs layers model. */
export interface LayerJson {
  readonly name: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** One call: [[["name", 0, 0, {}], ...]]; empty for the input. */
  readonly inbound_nodes: readonly (readonly (readonly [string, 0, 0, Readonly<Record<string, never>>])[])[];
}

/** `model.json` of a tfjs layers model with one binary, readable by tfjs 1.3 and later. */
export interface LayersModelJson {
  readonly format: 'layers-model';
  readonly generatedBy: string;
  readonly convertedBy: null;
  readonly modelTopology: {
    readonly class_name: 'Model';
    readonly config: {
      readonly name: string;
      readonly layers: readonly LayerJson[];
      readonly input_layers: readonly (readonly [string, 0, 0])[];
      readonly output_layers: readonly (readonly [string, 0, 0])[];
    };
    readonly keras_version: string;
    readonly backend: 'tensor_flow.js';
  };
  readonly weightsManifest: readonly [
    { readonly paths: readonly ['weights.bin']; readonly weights: readonly TensorJson[] },
  ];
}
