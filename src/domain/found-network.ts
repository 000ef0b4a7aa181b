import type { PixelScaling } from './backbone.ts';
import type { HeadWeights } from './head.ts';

export type NetworkFormat = 'tfjs-layers' | 'tfjs-graph' | 'teachable-machine' | 'keras-h5' | 'safetensors';

/** A place where a network may be cut. */
export interface CutPoint {
  /** The name of its layer or node. */
  readonly name: string;
  /** [height, width, channels], averaged over height and width, or [length]. */
  readonly shape: readonly number[];
}

/** A finished classifier found on top of a network. */
export interface FoundHead {
  /** Class names in the order of the outputs. */
  readonly labels: readonly string[];
  /** Takes the network's feature; null where Graft has no head of that build, and then `reason` says so. */
  readonly weights: HeadWeights | null;
  /** Why the head cannot be used, one sentence; null when it can. */
  readonly reason: string | null;
}

/** What the files a user brought seem to be, to be shown and changed before the network is used. */
export interface FoundNetwork {
  readonly format: NetworkFormat;
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
  readonly featureLength: number;
  /** Deepest first; empty where nothing but the output can be offered. */
  readonly featureChoices: readonly CutPoint[];
  readonly head: FoundHead | null;
  /** Weights of the network up to its feature. */
  readonly parameterCount: number;
  readonly sizeBytes: number;
  /** Over the files as they are kept. */
  readonly sha256: string;
}

/** What a user may set otherwise than found. */
export interface NetworkChoices {
  readonly name: string;
  readonly inputSide: number;
  readonly pixels: PixelScaling;
  /** Name of a cut point; null for the output, a classification top cut away. */
  readonly featureLayer: string | null;
}

/** The most a network's files may have together, bytes. */
export const NETWORK_LIMIT_BYTES = 2 ** 30;
