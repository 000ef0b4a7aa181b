import type { BackboneEntry, BackboneRef } from '../domain/backbone.ts';
import type { Measured } from '../domain/comparison.ts';
import type { Compression } from '../domain/compression.ts';
import type { ContentHash, Part } from '../domain/dataset.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { HeadKind } from '../domain/head-settings.ts';
import type { LayerInputs } from '../domain/layer-inputs.ts';
import type { ResizeMode } from '../domain/project.ts';
import type { ResolvedSettings } from '../domain/settings.ts';
import type { TunedStages } from '../domain/tuned-stages.ts';

/** Input of a call on the active backbone. */
export interface OnBackbone {
  /** The one that the caller means: no other one answers in its name. */
  readonly backbone: BackboneRef;
}

/** One training among many. */
export interface ManyCandidate {
  readonly settings: ResolvedSettings;
  /** Positions among the rows to learn from, of the training part, each with its views; null takes all of it. */
  readonly trainRows: readonly number[] | null;
}

/** What became of one of them. */
export interface TrainedCandidate {
  /** Position in the list. */
  readonly index: number;
  /** Of the model kept; null without validation images, or when it failed. */
  readonly validationLoss: number | null;
  readonly validationAccuracyRatio: number | null;
  readonly epochCount: number;
  readonly elapsedMs: number;
  /** Whether the guard kept the stages; null where none was trained. */
  readonly stagesKept: boolean | null;
  /** Code of the error that ended it, or null. */
  readonly failure: string | null;
}

/** An epoch of a training with stages among several: those take long enough to be told of. */
export interface TrialEpoch {
  /** Position of the candidate or fold in the list. */
  readonly trialIndex: number;
  readonly phase: 'head' | 'fine-tune';
  /** Share of the epochs of the stages that are over, 0-1. */
  readonly stagesDoneRatio: number;
}

/** Models to train and judge in turn; all arrays but `partsByFold` have one entry per image. */
export interface CrossValidateInput extends OnBackbone {
  readonly hashes: readonly ContentHash[];
  readonly classIndices: readonly number[];
  readonly classCount: number;
  /** The part of every image for every fold: the images of the test part are judged, and are so in one fold only. */
  readonly partsByFold: readonly (readonly Part[])[];
  /** See `TrainingRows`. */
  readonly groupIds?: readonly string[];
  readonly settings: ResolvedSettings;
  readonly resizeMode: ResizeMode;
}

/** A fold that was trained and judged. */
export interface JudgedFold {
  readonly foldIndex: number;
  readonly epochCount: number;
  readonly elapsedMs: number;
  /** Whether the guard kept the stages; null where none was trained. */
  readonly stagesKept: boolean | null;
  /** The head that Automatic chose; null where the settings name it. */
  readonly chosenHead: HeadKind | null;
}

/** What the values between the frozen and the trained stages cost. */
export interface ActivationEstimate {
  readonly bytes: number;
  /** What all cuts together may take in memory, bytes; what goes beyond it is computed again, or lies in a scratch file. */
  readonly memoryBytes: number;
  /** Time to compute them once, from what an image takes in a warm batch on this device; making changed views takes more. */
  readonly seconds: number;
  /** One image through a training step of the stages, ms: a guess from their share of the network's work. */
  readonly stepMsPerImage: number;
  /** Judging one validation image by the stages, ms: a guess alike. */
  readonly judgeMsPerImage: number;
}

/** Images to judge by their features; arrays have one entry per image. */
export interface InstantBaselineInput extends OnBackbone {
  readonly hashes: readonly ContentHash[];
  readonly classIndices: readonly number[];
  readonly classCount: number;
  readonly resizeMode: ResizeMode;
  /** True to judge by the most similar images, too: their number squared is compared. */
  readonly withNeighbours: boolean;
}

/** What can be said of images before anything was trained; see `engine/instant-baseline.ts`. */
export interface InstantBaseline {
  /** Images that have features; those without are left out. */
  readonly imageCount: number;
  /** Images judged: those whose class has another. */
  readonly judgedCount: number;
  /** Share called right by the nearest class average, made without the image; null when none could be judged. */
  readonly prototypesRatio: number | null;
  /** The same by the votes of the five most similar images; null also when it was not asked for. */
  readonly neighboursRatio: number | null;
  /** Class averages as a head, or null with fewer than two classes. */
  readonly head: HeadWeights | null;
}

/** What can be compared: a network, or a way without one. */
export type Candidate =
  | { readonly kind: 'network'; readonly entry: BackboneEntry }
  /** The image itself, averaged to 16 x 16 pixels. */
  | { readonly kind: 'pixels' }
  /** `base` with random weights. */
  | { readonly kind: 'untrained'; readonly base: BackboneEntry };

/** A candidate and the images to compare on; all arrays have one entry per image. */
export interface CandidateInput {
  readonly candidate: Candidate;
  readonly images: readonly { readonly hash: ContentHash; readonly blob: Blob }[];
  readonly classIndices: readonly number[];
  readonly classCount: number;
  /** Fold of every image, 0 to `foldCount` - 1. */
  readonly folds: readonly number[];
  readonly foldCount: number;
  readonly resizeMode: ResizeMode;
}

/** A step of `compareCandidate`. Counts are bytes, images or folds; `totalCount` is 0 where there is nothing to count. */
export interface CandidateProgress {
  readonly stage: 'downloading' | 'loading' | 'timing' | 'features' | 'heads';
  readonly doneCount: number;
  readonly totalCount: number;
}

/** What a candidate costs and gives; see `Measured` in `domain/comparison.ts`. */
export interface CandidateFigures extends Omit<Measured, 'kind' | 'outcomes'> {
  /** Class predicted for every image by a head that has not seen it; -1 for images that could not be read. */
  readonly predictedIndices: readonly number[];
}

/** Images to see what the layers of the backbone are given. */
export interface LookInput extends OnBackbone {
  /** Stages that were trained; null when none was. */
  readonly tuned: TunedStages | null;
  readonly images: readonly { readonly hash: ContentHash; readonly blob: Blob }[];
  readonly resizeMode: ResizeMode;
}

/** A head on the backbone, how both are to be compressed, and images to ask the result about. */
export interface CompressedInput extends OnBackbone {
  readonly head: HeadWeights;
  /** Stages that were trained too; null or absent when none was. */
  readonly tuned?: TunedStages | null;
  readonly compression: Compression;
  /** See `compressModel`; null where that does not ask for it, or it is not known. */
  readonly layerInputs: LayerInputs | null;
  readonly images: readonly { readonly hash: ContentHash; readonly blob: Blob }[];
  readonly resizeMode: ResizeMode;
  /** True to have the network's speed measured, which takes some seconds. */
  readonly timed: boolean;
}

/** A step of `measureCompressed`, in images. */
export interface CompressedProgress {
  readonly doneCount: number;
  readonly totalCount: number;
}

export interface CompressedFigures {
  /** The file of weights of the download, bytes. */
  readonly weightBytes: number;
  /** The network in a warm batch, ms per image; null when it was not timed. */
  readonly imageMs: number | null;
  /** float32 [images, classCount]; NaN in rows of images that could not be read. */
  readonly probabilities: Float32Array;
}
