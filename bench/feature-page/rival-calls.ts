import type { BackboneEntry } from '../../src/domain/backbone.ts';
import type { BackendName } from '../../src/engine/contract.ts';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';

/** Where the time of one image goes, ms. */
export interface StageTimes {
  readonly decodeMs: number;
  /** Bytes to the network's input on the device. */
  readonly uploadMs: number;
  readonly computeMs: number;
  readonly readBackMs: number;
}

/** Calls of the worker in which tfjs runs: our embedder and the plain model on one and the same backend. */
export interface TfCalls {
  load: {
    input: { readonly entry: BackboneEntry; readonly backend: BackendName };
    event: never;
    output: {
      readonly graph: FoldedGraph;
      readonly batchSize: number;
      readonly backend: BackendName;
      readonly threadCount: number;
    };
  };
  /** Decodes and keeps the pixels for all calls below. */
  prepare: { input: { readonly files: readonly Blob[] }; event: never; output: { readonly decodeMs: number } };
  /** Features float32 [images, featureLength] and the time of an image, ms. */
  ours: { input: null; event: never; output: { readonly features: Float32Array; readonly imageMs: number } };
  plain: { input: null; event: never; output: { readonly features: Float32Array; readonly imageMs: number } };
  stages: { input: null; event: never; output: Omit<StageTimes, 'decodeMs'> };
  /** The pixels of all images, uint8 [images, side, side, 3] RGB. */
  pixels: { input: null; event: never; output: Uint8Array };
}

/** Calls of the worker in which ONNX Runtime Web runs. */
export interface OrtCalls {
  load: {
    input: { readonly model: Uint8Array; readonly threadCount: number; readonly side: number };
    event: never;
    output: null;
  };
  /** `input`: float32 [images, 3, side, side] as the network takes it. */
  prepare: { input: { readonly input: Float32Array; readonly batchSize: number }; event: never; output: null };
  run: { input: null; event: never; output: { readonly features: Float32Array; readonly imageMs: number } };
}
