import type { ViewPlan } from '../domain/augmented-view.ts';
import type { BackboneEntry, BackboneManifest, BackboneReport } from '../domain/backbone.ts';
import type { ClassifierChoice } from '../domain/classifier-choice.ts';
import type { ContentHash, Part } from '../domain/dataset.ts';
import type { FineTuneGuard } from '../domain/fine-tune-guard.ts';
import type { FoundNetwork } from '../domain/found-network.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { LayerInputs } from '../domain/layer-inputs.ts';
import type { ResizeMode } from '../domain/project.ts';
import type { BaselineKind, EpochRecord, RunEnd } from '../domain/run.ts';
import type { ResolvedSettings } from '../domain/settings.ts';
import type { Teaching } from '../domain/teaching.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import type { TunedStages, TunedStart } from '../domain/tuned-stages.ts';
import type { FoldedGraph } from '../graph/folded-graph.ts';
import type {
  ActivationEstimate,
  CandidateFigures,
  CandidateInput,
  CandidateProgress,
  CompressedFigures,
  CompressedInput,
  CompressedProgress,
  CrossValidateInput,
  InstantBaseline,
  InstantBaselineInput,
  JudgedFold,
  LookInput,
  ManyCandidate,
  OnBackbone,
  TrainedCandidate,
  TrialEpoch,
} from './contract-measuring.ts';

/** Backends in order of preference on a machine with a real GPU. */
export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** What one backend did in the probe at start. */
export interface ProbeResult {
  readonly backend: BackendName;
  /** Median of the probe network, ms; null when the backend does not start here. */
  readonly probeMs: number | null;
  /** Why it was left out, in plain words; null when it works. */
  readonly reason: string | null;
}

/** The device the engine computes on. */
export interface DeviceReport {
  readonly backend: BackendName;
  /** GPU or processor as the browser names it; empty when it does not. */
  readonly adapter: string;
  readonly softwareAdapter: boolean;
  /** wasm threads in use; 1 elsewhere. */
  readonly threadCount: number;
  readonly probes: readonly ProbeResult[];
  /** True when the user asked for this backend; false when the probe chose it. */
  readonly chosenByUser: boolean;
}

/** Why a file was not taken; the text shown is chosen in `domain/reasons.ts`. */
export type RejectReason = 'empty' | 'not-an-image' | 'svg' | 'too-large' | 'broken' | 'unreadable';

/** One file looked at by the worker. */
export type InspectedFile =
  | {
      readonly kind: 'image';
      readonly hash: ContentHash;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly mediaType: string;
      /** True for a PNG of 16 bits a channel that uses an eighth of their range or less, as 12-bit cameras write them. */
      readonly isAlmostBlack: boolean;
      /** Square preview of 144 px. */
      readonly thumbnail: ThumbnailFile;
      /** By the EXIF data of a JPEG, ms since 1970 by the camera's own clock; null where it does not say. */
      readonly takenAtMs: number | null;
      /** 16 hexadecimal digits; see `perceptual-hash.ts`. */
      readonly perceptualHash: string;
    }
  | { readonly kind: 'rejected'; readonly reason: RejectReason; readonly detail: string };

/** One file of a network the user brings; `name` with its folders, so that the folder can give the network its name. */
export interface BroughtFile {
  readonly name: string;
  readonly blob: Blob;
}

/** One step of a download. `totalBytes` is 0 while unknown. */
export interface DownloadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly stage: 'downloading' | 'checking' | 'folding' | 'warming-up';
}

/** Rows of a training run; all arrays have one entry per image. */
export interface TrainingRows {
  readonly hashes: readonly ContentHash[];
  readonly classIndices: readonly number[];
  readonly parts: readonly Part[];
  /** Group of every image by `groupsOf`: one never straddles parts, nor folds made of the rows. Without it each stands alone. */
  readonly groupIds?: readonly string[];
}

export interface TrainEvent {
  readonly epoch: EpochRecord;
  readonly epochCount: number;
  /** Validation confusion, [classCount x classCount] row major, rows true; of the training part when validation is empty. */
  readonly confusion: readonly number[];
  readonly confusionPart: Part;
  readonly imagesPerSecond: number;
}

/** The head of a run is done; from now on stages are trained. */
export interface StagesEvent {
  /** Epochs of the run at most: those of the head that were and those of the stages to come. */
  readonly stagesEpochCount: number;
}

export interface TrainOutput {
  readonly end: RunEnd;
  readonly bestEpochIndex: number;
  readonly head: HeadWeights;
  readonly elapsedMs: number;
  /** The model's own last stages; null where they are the network's: none was trained, or the guard went back to those. */
  readonly tuned: TunedStages | null;
  /** What the guard measured; null where no stage was trained. */
  readonly guard: FineTuneGuard | null;
  /** The baseline that took the place of a head that was no better on the images that choose the epoch; null where none did. */
  readonly fallback: BaselineKind | null;
  /** What Automatic chose; null where the settings name the head. */
  readonly classifier: ClassifierChoice | null;
  /** The settings with what Automatic decided; null where it decided nothing. */
  readonly settings: ResolvedSettings | null;
  /** Scores of the head on the validation part where they are not those of the best epoch. */
  readonly keptScores: { readonly loss: number; readonly accuracyRatio: number } | null;
  /** True where the head learnt from the validation part, too: no score on that part says anything then. */
  readonly learntFromValidation: boolean;
}

/**
 * Every call of the engine: input, streamed event and output side by side. Calls on the active backbone name it; their
 * errors are also 'stale-backbone' when another one is active, and 'backbone-missing' when none is.
 */
export interface EngineCalls {
  /**
   * Starts tfjs on the wanted backend, or on the fastest that works. Those in `avoid` are not tried unless wanted.
   * Another backend needs another worker: the client sees to it. Every other call needs this one first. Errors: 'no-backend'.
   */
  start: {
    input: { readonly wanted: BackendName | null; readonly avoid?: readonly BackendName[] };
    event: never;
    output: DeviceReport;
  };

  /** Resolves once the graphics device has gone; every call in flight fails with 'device-lost' then. For the client. */
  watchDevice: { input: null; event: never; output: { readonly reason: string } };

  /**
   * Takes the lock of this name and keeps it as long as the worker lives; resolves once it is held. For the client.
   * Rejects where the browser has no locks.
   */
  holdLock: { input: { readonly name: string }; event: never; output: null };

  /**
   * Loads, checks, folds and warms up a backbone beside the active one, which does not change. One is prepared at a time: it
   * takes the place of one prepared before. Addresses must be absolute: the worker does not know its page. Errors:
   * 'backbone-unreachable', 'backbone-corrupt', 'backbone-unsupported', 'folding-failed', 'features-not-finite', 'backbone-missing-file'.
   */
  prepareBackbone: { input: { readonly entry: BackboneEntry }; event: DownloadProgress; output: BackboneReport };

  /**
   * Puts the prepared backbone in the place of the active one, which is disposed when its last call ends. Does nothing when
   * that backbone is active already. Errors: 'stale-backbone' when another one is prepared, or none.
   */
  activateBackbone: { input: OnBackbone; event: never; output: null };

  /** Disposes the prepared backbone, if any; the active one stays. */
  discardBackbone: { input: null; event: never; output: null };

  /** Ids of downloaded and brought backbones whose files are in this browser. */
  cachedBackbones: { input: null; event: never; output: readonly string[] };

  /** Looks at files a user brought and keeps nothing. Errors: 'backbone-unsupported', 'backbone-corrupt', 'backbone-too-large'. */
  inspectNetwork: { input: { readonly files: readonly BroughtFile[] }; event: never; output: FoundNetwork };

  /** Keeps brought files in this browser under the manifest's id, to be loaded as an entry of origin 'own'. Files that have not the manifest's SHA-256 are refused. Errors: those of `inspectNetwork`, 'disk-full', 'storage-unavailable'. */
  keepNetwork: {
    input: { readonly files: readonly BroughtFile[]; readonly manifest: BackboneManifest };
    event: never;
    output: null;
  };

  /** Deletes a kept network's files; the loaded one stays loaded. */
  forgetNetwork: { input: { readonly id: string }; event: never; output: null };

  /** Manifests of the networks kept by `keepNetwork`, as they were given: to be checked by whoever uses them. */
  ownNetworks: { input: null; event: never; output: readonly unknown[] };

  /** A brought network as files that `inspectNetwork` takes again, for a project file; null when it is not kept. */
  networkFiles: { input: { readonly id: string }; event: never; output: readonly BroughtFile[] | null };

  /**
   * Hash, header, decode and thumbnail; one result per file, in order. Never fails for a bad file.
   * With `prepareFor` the pixels of that side are made beside and kept for a while, so that `embed` need not decode again.
   */
  inspectFiles: {
    input: {
      readonly files: readonly Blob[];
      /** `side`: width and height of what the backbone takes, px. */
      readonly prepareFor?: { readonly side: number; readonly mode: ResizeMode };
    };
    event: never;
    output: readonly InspectedFile[];
  };

  /**
   * Which of these have no cached feature for the loaded backbone and this resize mode; with `views`, which of these lack
   * the feature of any view of the plan.
   */
  missingFeatures: {
    input: OnBackbone & {
      readonly hashes: readonly ContentHash[];
      readonly resizeMode: ResizeMode;
      readonly views?: ViewPlan;
      /** Above 0: which have no values at the cut below so many stages, of the image or of the views. */
      readonly stageCount?: number;
    };
    event: never;
    output: readonly ContentHash[];
  };

  /** What `embed` with a `stageCount` costs. Errors: 'fine-tune-impossible'. */
  estimateActivations: {
    /** `rowCount`: images, and changed views of them. */
    input: OnBackbone & { readonly rowCount: number; readonly stageCount: number };
    event: never;
    output: ActivationEstimate;
  };

  /**
   * Decodes, embeds and caches the images, or with `views` the changed views of them instead. `failed` lists images that could not be decoded any more. `cacheFull`: the disk is full,
   * and features are kept in memory only, until another backbone or resize mode is used.
   * Errors: 'disk-full' when memory has no room either.
   */
  embed: {
    input: OnBackbone & {
      readonly images: readonly { readonly hash: ContentHash; readonly blob: Blob }[];
      readonly resizeMode: ResizeMode;
      readonly views?: ViewPlan;
      /** Above 0: the values at the cut below so many stages are kept beside the features, for `train` and `predict`. */
      readonly stageCount?: number;
    };
    event: { readonly doneCount: number };
    output: { readonly failed: readonly ContentHash[]; readonly cacheFull: boolean };
  };

  /**
   * Number of the group of near-copies of every image, from 0 on; -1 for one without a copy. From cached features and
   * perceptual hashes; see `near-copies/`. Errors: 'features-missing'.
   */
  nearCopies: {
    input: OnBackbone & {
      readonly hashes: readonly ContentHash[];
      /** 16 hexadecimal digits of every image; null where there are none. */
      readonly perceptualHashes: readonly (string | null)[];
      readonly resizeMode: ResizeMode;
    };
    event: never;
    output: Int32Array;
  };

  /**
   * Trains a head on cached features, from `initialHead` or else from new weights, then, with `fineTuneStages`, head
   * and stages on the values at the cut; the views that the settings ask for must have theirs of both kinds. With a
   * `tunedStart` it goes on from those stages and `initialHead`. Stop keeps the best model so far; cancel throws the run away.
   * Errors: 'features-missing', 'training-diverged', 'too-few-images', 'head-unfit', 'fine-tune-needs-validation',
   * 'fine-tune-neighbours', 'fine-tune-impossible'.
   */
  train: {
    input: OnBackbone & {
      readonly rows: TrainingRows;
      readonly classCount: number;
      readonly settings: ResolvedSettings;
      readonly resizeMode: ResizeMode;
      readonly initialHead?: HeadWeights | null;
      /** Tuned stages that `initialHead` belongs to; `fineTuneStages` must be no fewer. */
      readonly tunedStart?: TunedStart | null;
      /** What a teacher says of every row; only heads of the kind 'network' are taught. */
      readonly teaching?: Teaching | null;
    };
    event: TrainEvent | StagesEvent;
    output: TrainOutput;
  };

  /**
   * Trains candidates one after another on features gathered once, and tells of each as it ends. Stop throws the one
   * under way away; one that diverges is told with its failure and the next begins. One with `fineTuneStages` needs
   * values at its cut, and tells of its epochs beside. Errors: 'features-missing', 'too-few-images',
   * 'fine-tune-needs-validation', 'fine-tune-neighbours', 'fine-tune-impossible'.
   */
  trainMany: {
    input: OnBackbone & {
      readonly rows: TrainingRows;
      readonly classCount: number;
      /**
       * Changed views of every training image to learn from beside it, whose features must be there; null for none. They
       * are the same for all candidates, whatever their seeds.
       */
      readonly views: ViewPlan | null;
      /** Changed views of every validation image that its scores average over, prepared likewise; null for none. */
      readonly testViews: ViewPlan | null;
      readonly candidates: readonly ManyCandidate[];
      readonly resizeMode: ResizeMode;
    };
    event: TrainedCandidate | TrialEpoch;
    output: { readonly doneCount: number };
  };

  /**
   * Trains a head for every fold, with `fineTuneStages` stages too, and predicts its held-out images; the views that the
   * settings ask for must have their features, and values at the cut. Stop throws the fold under way away. Errors: those
   * of `train`.
   */
  crossValidate: {
    input: CrossValidateInput;
    event: JudgedFold | TrialEpoch;
    /** float32 [images, classCount], zeros in folds that were not judged; `doneCount` folds were, from the first on. */
    output: { readonly probabilities: Float32Array; readonly doneCount: number };
  };

  /** Raises the learning rate step by step, see `domain/learning-rate-range.ts`. Ends early when the loss explodes. Errors: those of `train`. */
  testLearningRates: {
    input: OnBackbone & {
      readonly rows: TrainingRows;
      readonly classCount: number;
      readonly settings: ResolvedSettings;
      readonly rates: readonly number[];
      readonly resizeMode: ResizeMode;
    };
    event: never;
    /** Loss of the batch at each rate, as many as were tried. */
    output: { readonly losses: readonly number[] };
  };

  /** Judges images by their cached features alone, without training. */
  instantBaseline: { input: InstantBaselineInput; event: never; output: InstantBaseline };

  /**
   * Class of every held-out row by the nearest average of the training rows, from cached features; -1 for training rows.
   * Errors: 'features-missing', 'too-few-images'.
   */
  predictFromAverages: {
    input: OnBackbone & { readonly rows: TrainingRows; readonly classCount: number; readonly resizeMode: ResizeMode };
    event: never;
    output: Int32Array;
  };

  /**
   * Probabilities float32 [hashes.length, classCount] of cached images; with `views` the mean over the image and its views.
   * Errors: 'features-missing'.
   */
  predict: {
    input: OnBackbone & {
      readonly hashes: readonly ContentHash[];
      readonly head: HeadWeights;
      /** With tuned stages the images, and the views asked for, need values at the cut: see `embed`. */
      readonly tuned?: TunedStages | null;
      readonly resizeMode: ResizeMode;
      readonly views?: ViewPlan;
    };
    event: never;
    output: Float32Array;
  };

  /**
   * Measures one candidate beside the network in use, which stays. `classify` waits while times are taken.
   * Errors: those of `prepareBackbone`, 'broken-image' when no image can be read, 'disk-full', 'training-diverged'.
   */
  compareCandidate: { input: CandidateInput; event: CandidateProgress; output: CandidateFigures };

  /** What the layers of the network in use are given on images; null when none can be read. */
  layerInputs: { input: LookInput; event: never; output: LayerInputs | null };

  /**
   * Compresses the network in use with a head and measures the result beside it; nothing of it is kept.
   * `classify` waits while times are taken.
   */
  measureCompressed: { input: CompressedInput; event: CompressedProgress; output: CompressedFigures };

  /** Keeps a head on the device for `classify`. */
  useHead: {
    input: OnBackbone & { readonly key: string; readonly head: HeadWeights; readonly tuned?: TunedStages | null };
    event: never;
    output: null;
  };

  /** Classifies images that are not part of the project. Errors: 'head-missing', 'broken-image'. */
  classify: {
    input: OnBackbone & { readonly key: string; readonly image: Blob | ImageBitmap; readonly resizeMode: ResizeMode };
    event: never;
    output: { readonly probabilities: Float32Array; readonly elapsedMs: number };
  };

  /** The pixels the backbone sees: uint8 [side, side, 3] RGB, before scaling. */
  preparePixels: {
    input: OnBackbone & { readonly image: Blob; readonly resizeMode: ResizeMode };
    event: never;
    output: { readonly side: number; readonly pixels: Uint8Array };
  };

  /**
   * View 0 of every image as a run would make it: RGBA bytes, [side, side, 4] for each, one after another. Images that
   * cannot be decoded are left out; `hashes` names those that are there.
   */
  augmentSamples: {
    input: OnBackbone & {
      readonly images: readonly { readonly hash: ContentHash; readonly blob: Blob }[];
      readonly plan: Omit<ViewPlan, 'viewCount'>;
      readonly resizeMode: ResizeMode;
    };
    event: never;
    output: {
      readonly side: number;
      readonly hashes: readonly ContentHash[];
      readonly pixels: Uint8ClampedArray<ArrayBuffer>;
      /** What the changing took of one image, ms. */
      readonly millisecondsPerImage: number;
    };
  };

  /** The loaded backbone as plain data, with tuned stages in place, for the download. */
  exportBackbone: { input: OnBackbone & { readonly tuned: TunedStages | null }; event: never; output: FoldedGraph };

  /** Live tensors and bytes, for leak checks and the device panel. */
  memory: { input: null; event: never; output: { readonly tensorCount: number; readonly byteCount: number } };

  /** Drops cached features of hashes no project holds any more. */
  forgetFeatures: { input: { readonly hashes: readonly ContentHash[] }; event: never; output: null };
}
