import type { PixelScaling } from '../domain/backbone.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { FeatureCandidate } from './feature-candidates.ts';
import type { Weight } from './folded-graph.ts';
import type { ReadGraph } from './read-model.ts';

/** One file as chosen: its name, with folders in front where there were any, and its bytes. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** What a Keras `.h5` holds, as its reader hands it over. */
export interface KerasContents {
  /** The parsed `model_config` attribute; null where the file holds only weights. */
  readonly modelConfig: unknown;
  /** Version of Keras that wrote the file, "2.15.0"; null where it does not say. */
  readonly kerasVersion: string | null;
  /** Weights by layer, in the file's order; names as written, `block1_conv1/kernel:0`. */
  readonly layers: readonly KerasLayerWeights[];
}

/** The weights one layer of a Keras file holds, in the file's order. */
export interface KerasLayerWeights {
  readonly layerName: string;
  readonly weights: readonly { readonly name: string; readonly weight: Weight }[];
}

/** A network as it was brought. Everything in it is untrusted. */
export type ModelContents =
  /** `model.json` with its binaries, of tfjs or of Teachable Machine; or one `.safetensors`. Other files are ignored. */
  | { readonly kind: 'files'; readonly files: readonly NamedBytes[] }
  /** One `.h5`, already opened. */
  | { readonly kind: 'keras'; readonly name: string; readonly contents: KerasContents };

export type ModelFormat = 'tfjs-layers' | 'tfjs-graph' | 'teachable-machine' | 'keras-h5' | 'safetensors';

/** What a user may set otherwise than proposed. Absent fields are taken from the proposal. */
export interface ModelChoices {
  /** Side of the square input, px. */
  readonly inputSide?: number;
  readonly pixels?: PixelScaling;
  /** A candidate's name; null for the network's output, a classification top cut away. */
  readonly featureLayer?: string | null;
}

/** A finished classifier found on top of the network. */
export interface FoundHead {
  /** Class names in the order of the outputs. */
  readonly labels: readonly string[];
  /** Takes the network's feature; null where Graft has no head of that build, and then `reason` says so. */
  readonly weights: HeadWeights | null;
  /** Why the head cannot be used, one sentence; null when it can. */
  readonly reason: string | null;
}

/** What a network seems to be, to be shown and changed before it is used. */
export interface ModelProposal {
  readonly format: ModelFormat;
  /** "ResNet-18", or the file's name where nothing better is known. */
  readonly name: string;
  /** "resnet", "mobilenet-v2"; "own" where it is not known. */
  readonly family: string;
  /** Side of the square input, px. */
  readonly inputSide: number;
  /** True where the network takes no other side. */
  readonly inputSideFixed: boolean;
  readonly pixels: PixelScaling;
  /** Why these pixels: one sentence. It says so where it is only a guess. */
  readonly pixelsReason: string;
  /** Where it is cut: null for the output, a classification top cut away. */
  readonly featureLayer: string | null;
  /** Deepest first; empty where nothing but the output can be offered. */
  readonly featureChoices: readonly FeatureCandidate[];
  readonly head: FoundHead | null;
  /** Weights of the folded network up to its feature. */
  readonly parameterCount: number;
}

/** A network that was read, and what it seems to be. */
export interface AnyModel {
  readonly graph: ReadGraph;
  readonly proposal: ModelProposal;
  /**
   * A tfjs model that computes the same without our folding, to check it against; null where there is none,
   * as with safetensors.
   */
  readonly reference: { readonly modelJson: unknown; readonly weightData: ArrayBuffer } | null;
}
