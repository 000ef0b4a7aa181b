import type { BackboneEntry, BackboneReport } from '../domain/backbone.ts';
import type { Compression } from '../domain/compression.ts';
import type { ImageId } from '../domain/dataset.ts';
import type { FineTunePhase } from '../domain/fine-tune-words.ts';
import type { FoundNetwork } from '../domain/found-network.ts';
import type { InstantModel } from '../domain/instant-model.ts';
import type { LearningCurve } from '../domain/learning-curve.ts';
import type { LearningRateTest } from '../domain/learning-rate-range.ts';
import type { PartOverlap } from '../domain/part-overlap.ts';
import type { Project, ProjectSummary } from '../domain/project.ts';
import type { EpochRecord, Run, RunArtifacts } from '../domain/run.ts';
import type { Job } from './jobs.ts';

/** What the page knows of the engine. Mirrors `DeviceReport` of the contract without importing it. */
export interface DeviceState {
  readonly backend: 'webgpu' | 'webgl' | 'wasm' | 'cpu';
  readonly adapter: string;
  readonly softwareAdapter: boolean;
  readonly threadCount: number;
  readonly chosenByUser: boolean;
  readonly probes: readonly {
    readonly backend: string;
    readonly probeMs: number | null;
    readonly reason: string | null;
  }[];
}

export type EngineState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly device: DeviceState }
  | { readonly kind: 'restarting'; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface Download {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly stage: 'downloading' | 'checking' | 'folding' | 'warming-up';
}

export interface BackbonesState {
  readonly entries: readonly BackboneEntry[];
  /** Ids already in this browser's cache. */
  readonly cachedIds: readonly string[];
  readonly current: BackboneReport | null;
  /** Why this one is in use, one sentence. */
  readonly currentReason: string;
  readonly lastError: { readonly id: string; readonly message: string } | null;
}

/** The window on a network the user brings; the files themselves stay with the commands. */
export type OwnNetworkState =
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'found';
      readonly found: FoundNetwork;
      /** True while it is kept and loaded. */
      readonly isBusy: boolean;
      /** Why the last try to use it failed, with what to do; null when it did not. */
      readonly problem: string | null;
    }
  | { readonly kind: 'failed'; readonly title: string; readonly advice: string };

export interface RejectedFile {
  readonly path: string;
  readonly reason: string;
}

/** Counts of one import, while it runs and after. */
export interface ImportState {
  readonly id: string;
  readonly kind: 'reading' | 'done' | 'cancelled' | 'failed';
  /** Files found so far; final once `totalKnown`. */
  readonly foundCount: number;
  readonly totalKnown: boolean;
  readonly doneCount: number;
  readonly addedCount: number;
  readonly duplicateCount: number;
  readonly conflictCount: number;
  /** Images added that come in almost black: PNGs of 16 bits that use the lowest of them. */
  readonly almostBlackCount: number;
  /** Photos that lie in the folders of two parts. */
  readonly overlaps: readonly PartOverlap[];
  readonly rejected: readonly RejectedFile[];
  readonly filesPerSecond: number;
  readonly secondsLeft: number | null;
  readonly message: string | null;
}

/** A step of training that is under way. */
export type TrainingProgress =
  | {
      readonly kind: 'preparing';
      /** Changed views made of every image; 0 while images are taken as they are. */
      readonly viewCount: number;
      readonly doneCount: number;
      readonly totalCount: number;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number | null;
    }
  | {
      readonly kind: 'running';
      /** Which phase of fine-tuning this is; null where only a head is trained. */
      readonly fineTuning: FineTunePhase | null;
      readonly stopping: boolean;
      readonly epochCount: number;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number | null;
    }
  | { readonly kind: 'evaluating' };

/** Why the last training failed; it goes with its curves. */
interface TrainingFailure {
  readonly kind: 'failed';
  readonly message: string;
  readonly advice: string;
}

/** Training as the page shows it. */
export type TrainingState = { readonly kind: 'idle' } | TrainingProgress | TrainingFailure;

/** A comparison of networks in progress; finished rows are in the project already. */
export interface ComparingState {
  readonly candidates: readonly { readonly id: string; readonly name: string }[];
  /** Position of the one being measured. */
  readonly index: number;
  readonly stage: 'downloading' | 'loading' | 'timing' | 'features' | 'heads';
  /** Bytes, images or folds; `totalCount` is 0 where there is nothing to count. */
  readonly doneCount: number;
  readonly totalCount: number;
  /** null while too little is known. */
  readonly secondsLeft: number | null;
}

/** Settings being judged: by a search, by cross-validation, or one of the two tests of learning. */
export interface TuningState {
  readonly kind: 'search' | 'cross-validation' | 'learning-rate' | 'learning-curve';
  readonly doneCount: number;
  /** Models to train as far as known; 0 while features are prepared. */
  readonly totalCount: number;
  /** null while too little is known. */
  readonly secondsLeft: number | null;
  /** How far the one under way is, where it trains stages of the network; null where only a head is trained. */
  readonly stages: { readonly phase: 'head' | 'fine-tune'; readonly doneRatio: number } | null;
}

/** A compressed form being measured. */
export interface MeasuringState {
  readonly compression: Compression;
  /** Position of it among `count`. */
  readonly index: number;
  readonly count: number;
  /** Test images. */
  readonly doneCount: number;
  readonly totalCount: number;
}

/** What answers in Try it while there is no run. */
interface InstantState {
  /** null before it was asked for, or with too few images. */
  readonly model: InstantModel | null;
  /** Images whose features are being computed for it; null while none are. */
  readonly preparing: { readonly doneCount: number; readonly totalCount: number } | null;
  /** Why it could not be made and what to do; null when nothing is wrong. */
  readonly problem: string | null;
}

/** The curves on the Live tab: the run in progress, or the current run. */
export interface LiveState {
  readonly epochs: readonly EpochRecord[];
  readonly epochCount: number;
  readonly confusion: readonly number[];
  readonly confusionPart: 'train' | 'validation' | 'test';
  readonly classNames: readonly string[];
  readonly classColorIndices: readonly number[];
}

export type NoticeTone = 'info' | 'success' | 'warning' | 'error';

/** One message to the user: what happened, what was kept, what to do. */
interface Notice {
  readonly id: number;
  readonly tone: NoticeTone;
  readonly title: string;
  readonly detail: string;
}

/** Which images the gallery under Results shows. */
export interface Gallery {
  readonly title: string;
  readonly imageIds: readonly ImageId[];
}

export type ResultsTab = 'live' | 'results' | 'mistakes' | 'map' | 'runs' | 'tune' | 'compare';

interface StorageState {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly persistent: boolean;
}

/** So many curves can still be told apart. */
export const MOST_CHOSEN_RUNS = 6;

/** One owner per datum: everything the page shows that is not in a component. Plain data only. */
export interface AppState {
  readonly projects: readonly ProjectSummary[];
  /** null only until storage has been read. */
  readonly project: Project | null;
  readonly undoDepth: number;
  readonly redoDepth: number;
  readonly selection: ReadonlySet<ImageId>;
  readonly runs: readonly Run[];
  /** Runs chosen in the list, for curves and comparison, in the order they were chosen. */
  readonly chosenRunIds: readonly string[];
  /** Artifacts of the current run, or null while none is loaded. */
  readonly artifacts: RunArtifacts | null;
  readonly engine: EngineState;
  readonly backbones: BackbonesState;
  /** null while no network is being brought. */
  readonly ownNetwork: OwnNetworkState | null;
  readonly import: ImportState | null;
  /** Imports that ended before the one in `import` began and were not put aside yet, oldest first. */
  readonly earlierImports: readonly ImportState[];
  /** What is under way, in the order in which it was asked for. */
  readonly jobs: readonly Job[];
  /** null while nothing failed, and once another training begins. */
  readonly trainingFailure: TrainingFailure | null;
  readonly live: LiveState | null;
  /** What the last learning-rate test and the last learning curve showed; null before, and when the project changes. */
  readonly learningRateTest: LearningRateTest | null;
  readonly learningCurve: LearningCurve | null;
  /** null until class averages are first asked for in this project. */
  readonly instant: InstantState | null;
  readonly tab: ResultsTab;
  readonly gallery: Gallery | null;
  readonly notices: readonly Notice[];
  readonly storage: StorageState | null;
}
