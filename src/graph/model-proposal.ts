import type { PixelScaling } from '../domain/backbone.ts';
import type { FoundNetwork } from '../domain/found-network.ts';
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

/** What a user may set otherwise than proposed. Absent fields are taken from the proposal. */
export interface ModelChoices {
  /** Side of the square input, px. */
  readonly inputSide?: number;
  readonly pixels?: PixelScaling;
  /** A candidate's name; null for the network's output, a classification top cut away. */
  readonly featureLayer?: string | null;
}

/** What a network seems to be, before its files are in the form in which they are kept. */
export type ModelProposal = Omit<FoundNetwork, 'featureLength' | 'sizeBytes' | 'sha256'>;

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
