import type { StoredBackbone } from './backbone.ts';
import type { BeforeTraining } from './before-training.ts';
import type { ClassifierChoice } from './classifier-choice.ts';
import type { CrossValidation } from './cross-validation.ts';
import type { ClassLabel, HeldOutEdits, ImageId, Part } from './dataset.ts';
import type { FineTuneGuard } from './fine-tune-guard.ts';
import type { GroupCounts } from './group-words.ts';
import type { HeadWeights } from './head.ts';
import type { MeasuredSizes } from './measured-sizes.ts';
import type { PriorRun } from './prior-run.ts';
import type { ResizeMode } from './project.ts';
import type { ResolvedSettings, SettingKey } from './settings.ts';
import type { TunedStages } from './tuned-stages.ts';

/** Scores of one epoch. Ratios are 0-1; validation figures are null when the validation part is empty. */
export interface EpochRecord {
  readonly epochIndex: number;
  readonly trainLoss: number;
  readonly trainAccuracyRatio: number;
  readonly validationLoss: number | null;
  readonly validationAccuracyRatio: number | null;
  /** Recall of every class on the validation part, by class index; NaN where the class has no validation image. */
  readonly recallRatios: readonly number[];
  readonly learningRate: number;
  /** Since the start of training, ms. */
  readonly elapsedMs: number;
  /** What was trained: the head alone, or head and stages. */
  readonly phase: 'head' | 'fine-tune';
}

/**
 * What a run did: trained a head on frozen features, stages of the network too, judged settings by cross-validation, or
 * searched for settings. An 'opened' one is a finished classifier from elsewhere: it has no curves, times or scores.
 */
export type RunKind = 'head' | 'fine-tune' | 'cross-validation' | 'search' | 'opened';

/** Why a run ended. A solver ends with 'converged', or at its 'step-limit'; a network, or class averages, with 'all-epochs'. */
export type RunEnd = 'all-epochs' | 'early-stopping' | 'stopped-by-user' | 'converged' | 'step-limit';

/** A head without training: the class of the nearest mean, or the shares of the classes whatever the image. */
export type BaselineKind = 'class-means' | 'class-prior';

/** The few scores that lists show; the rest is computed from `RunArtifacts`. */
interface RunScores {
  readonly testCount: number;
  /** How many independent images the test part says as much as; absent where each image stands alone. */
  readonly testIndependentCount?: number;
  /** null when the test part is empty. */
  readonly testAccuracyRatio: number | null;
  readonly testMacroF1Ratio: number | null;
  readonly validationAccuracyRatio: number | null;
}

/** Seconds by stage, for the user and for scripts. */
interface StageSeconds {
  readonly features: number;
  readonly training: number;
  readonly evaluation: number;
}

/** Longest note on a run, characters. */
export const NOTE_LENGTH = 2000;

/** One training run as the list keeps it. */
export interface Run {
  readonly id: string;
  readonly projectId: string;
  readonly kind: RunKind;
  readonly name: string;
  /** Pinned runs stand first in the list. */
  readonly pinned: boolean;
  /** What the user wrote about it; empty at first. */
  readonly note: string;
  /** The run whose head, and tuned stages, this one started from; null when it started afresh. */
  readonly continuedFromRunId: string | null;
  readonly startedAtMs: number;
  readonly end: RunEnd;
  readonly settings: ResolvedSettings;
  /** Which of them were left to `auto`; null for a run from before this was kept. */
  readonly automaticSettings: readonly SettingKey[] | null;
  readonly backbone: StoredBackbone & { readonly name: string; readonly featureLength: number };
  readonly backend: string;
  readonly resizeMode: ResizeMode;
  /** Class order of the head's outputs. */
  readonly classes: readonly ClassLabel[];
  readonly partCounts: Readonly<Record<Part, number>>;
  readonly splitRatios: Readonly<Record<Part, number>>;
  /** Null for a run from before this was kept. */
  readonly splitSeed: number | null;
  readonly curves: readonly EpochRecord[];
  /** By validation loss; its weights are the model's, unless the run went back to the one it goes on from (`isBackAtOrigin`). */
  readonly bestEpochIndex: number;
  readonly scores: RunScores;
  readonly seconds: StageSeconds;
  /** Weights of network and head as the download holds them, bytes; null when that is not known. */
  readonly modelBytes: number | null;
  /** Network in a warm batch and head on this device, ms per image; null when that is not known. */
  readonly imageMs: number | null;
  /** How many of the network's last stages the model has tuned, by this run or by the one it goes on from; 0 for none. */
  readonly tunedStageCount: number;
  /** What the guard of fine-tuning measured and decided; null where no stage was trained. */
  readonly guard: FineTuneGuard | null;
  /** What class averages got right of the same images; null where that was not judged, or they are the head themselves. */
  readonly beforeTraining: BeforeTraining | null;
  /** What Automatic chose, and by what; null where the settings named the head. */
  readonly classifier: ClassifierChoice | null;
  /** The baseline that is the model because no epoch of the head was better; null where one was. */
  readonly fallback: BaselineKind | null;
  /** What bursts and near-copies did to the split; null for a run from before this was kept. */
  readonly groups: GroupCounts | null;
  /** Scores of every fold; null for a run of another kind. */
  readonly crossValidation: CrossValidation | null;
  /** Images of every class in every part, by class index; null for a run from before this was kept. */
  readonly classParts: readonly Readonly<Record<Part, number>>[] | null;
  /** Classes without a training image: the head has no output for them, and no score counts their images. */
  readonly leftOut: readonly { readonly name: string; readonly imageCount: number }[];
  /** Edits of test images, before this run, that make its test score look better. */
  readonly heldOutEdits: HeldOutEdits;
  /** What smaller forms of the model were measured to give; null before any was. */
  readonly measuredSizes: MeasuredSizes | null;
  /** The run whose model was in use when this one was kept; null where none was, or from before this was kept. */
  readonly prior: PriorRun | null;
  /** Fingerprint of labels, images and split settings at training; the model is older than the data when it differs. */
  readonly datasetFingerprint: string;
}

/** True for a finished classifier that was opened instead of trained here: it has no curves, times or scores. */
export function isOpenedRun({ kind }: Run): boolean {
  return kind === 'opened';
}

/** True for a cross-validation: it has scores and predictions, but there is no one model to use. */
export function hasNoModel({ kind }: Run): boolean {
  return kind === 'cross-validation';
}

/** The heavy half of a run, loaded only for the current one. */
export interface RunArtifacts {
  readonly runId: string;
  /** Null after a cross-validation, which trains a head for every fold and leaves no one model. */
  readonly head: HeadWeights | null;
  /** Stages of the network trained with the head; null where it is as it was. */
  readonly tuned: TunedStages | null;
  readonly predictions: Predictions;
}

/** Results of a run that left a model. */
export type ModelArtifacts = RunArtifacts & { readonly head: HeadWeights };

export function holdsModel(artifacts: RunArtifacts): artifacts is ModelArtifacts {
  return artifacts.head !== null;
}

/** Probabilities of every image that took part, in one row-major block. */
export interface Predictions {
  readonly imageIds: readonly ImageId[];
  readonly parts: readonly Part[];
  /** True class index at training time, by row. */
  readonly classIndices: readonly number[];
  readonly classCount: number;
  /** Number of the group of every image, equal for images of one; absent where each stands alone. */
  readonly groupIndices?: readonly number[];
  /** float32 [imageIds.length, classCount]; rows sum to 1. */
  readonly probabilities: Float32Array;
}
