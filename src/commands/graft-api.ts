import type { BackboneReport } from '../domain/backbone.ts';
import type { BeforeTraining } from '../domain/before-training.ts';
import type { ClassifierCandidate } from '../domain/classifier-choice.ts';
import type { MeasuredCompression } from '../domain/compression.ts';
import type { HeldOutEdits, Part } from '../domain/dataset.ts';
import type { FineTuneGuard } from '../domain/fine-tune-guard.ts';
import type { NetworkChoices } from '../domain/found-network.ts';
import type { GroupCounts } from '../domain/group-words.ts';
import type { HeadKind } from '../domain/head-settings.ts';
import type { LearningCurve } from '../domain/learning-curve.ts';
import type { LearningRateTest } from '../domain/learning-rate-range.ts';
import type { PartOverlap } from '../domain/part-overlap.ts';
import type { PriorRun } from '../domain/prior-run.ts';
import type { BaselineKind } from '../domain/run.ts';
import type { RunComparison } from '../domain/run-comparison.ts';
import type { ComparisonWords } from '../domain/run-comparison-words.ts';
import type { RunRecord } from '../domain/run-table.ts';
import type { SearchPlan, SettingsChange } from '../domain/search.ts';
import type { TrainingSettings } from '../domain/settings.ts';
import type { CompareOptions, ExportOptions } from './commands.ts';
import type { DistilOptions } from './distil.ts';

/** What one import did. Rejected files carry a reason in plain words. */
export interface ImportSummary {
  readonly addedCount: number;
  readonly duplicateCount: number;
  readonly conflictCount: number;
  /** PNGs of 16 bits a channel that use the lowest of them, so that they come in almost black. */
  readonly almostBlackCount: number;
  /** Photos that lie, byte for byte, in the folders of two parts, and where they are kept. */
  readonly overlaps: readonly PartOverlap[];
  readonly rejected: readonly { readonly path: string; readonly reason: string }[];
  readonly seconds: number;
}

/** Scores of one class on one part. Ratios are 0-1; null where 0/0 leaves them undefined. */
export interface ClassScores {
  readonly className: string;
  readonly support: number;
  readonly precisionRatio: number | null;
  readonly recallRatio: number | null;
  readonly f1Ratio: number | null;
}

/** Scores of the current run on one part. */
export interface Evaluation {
  readonly part: Part;
  readonly imageCount: number;
  readonly accuracyRatio: number | null;
  /** Wilson interval, 95 %; images of one group count as if they were right or wrong together. */
  readonly accuracyInterval: { readonly low: number; readonly high: number } | null;
  readonly macroF1Ratio: number | null;
  /** Over how many classes the macro average is taken. */
  readonly macroClassCount: number;
  /** Classes without an image in this part. */
  readonly untestedClasses: readonly string[];
  /** Classes without a training image, which the model does not know; their images are in no score. */
  readonly untrainedClasses: readonly string[];
  /** What has to be known beside the score, in sentences. */
  readonly warnings: readonly string[];
  readonly weightedF1Ratio: number | null;
  readonly perClass: readonly ClassScores[];
  /** Rows true, columns predicted, in class order. */
  readonly confusion: readonly (readonly number[])[];
}

/** What `train` resolves with. */
export interface TrainSummary {
  readonly runId: string;
  readonly end: string;
  readonly epochCount: number;
  readonly bestEpochIndex: number;
  readonly testAccuracyRatio: number | null;
  readonly validationAccuracyRatio: number | null;
  readonly testAccuracyInterval: { readonly low: number; readonly high: number } | null;
  /** What class averages got right of the same images, without training; null where that was not judged. */
  readonly beforeTraining: BeforeTraining | null;
  /** The run whose model was in use before, beside this one on the test images of both; null where none was. */
  readonly prior: PriorRun | null;
  readonly perClass: readonly ClassScores[];
  /** What Automatic chose, the head taken of equals first; null where the settings named the head. */
  readonly classifier: {
    readonly chosen: HeadKind;
    readonly candidates: readonly Pick<ClassifierCandidate, 'head' | 'validationLoss' | 'standardError'>[];
    /** The same as a sentence. */
    readonly sentence: string;
  } | null;
  /** The baseline that is the model because no epoch was better; null where one was. */
  readonly fallback: BaselineKind | null;
  /** Classes without a test image, where there is a test part: no score says anything of them. */
  readonly untestedClasses: readonly string[];
  /** Classes without a training image, which the model does not know; their images are in no score. */
  readonly untrainedClasses: readonly string[];
  /** Edits of test images, made with a model's answers known, that make the test score look better. */
  readonly heldOutEdits: HeldOutEdits;
  /** What has to be known beside the score, in sentences. */
  readonly warnings: readonly string[];
  /** Seconds by stage. */
  readonly seconds: { readonly features: number; readonly training: number; readonly evaluation: number };
  readonly backend: string;
  readonly backboneId: string;
  /** Whether the stages trained were kept, and why; null when none was trained. */
  readonly fineTuning: FineTuneGuard | null;
  /** What bursts and near-copies did to the split; null for a run from before this was kept. */
  readonly groups: GroupCounts | null;
}

/** What `beforeTraining` resolves with. Ratios are 0-1; null where no class has a second image. */
export interface UntrainedSummary {
  readonly imageCount: number;
  /** Images judged: those whose class has another. */
  readonly judgedCount: number;
  /** Share called right by the nearest class average, made without the image. */
  readonly averagesAccuracyRatio: number | null;
  /** Share called right by the five most similar images; of a sample of 2,000 images where there are more. */
  readonly neighboursAccuracyRatio: number | null;
}

/** What `search` takes: what is absent of a plan has its usual value (random, 30 runs, no time limit, seed 42). */
type GraftSearchPlan = Pick<SearchPlan, 'over'> & Partial<SearchPlan>;

/** What `search` resolves with. */
export interface SearchSummary {
  /** Best first; those that failed are left out. */
  readonly results: readonly {
    readonly settings: SettingsChange;
    readonly validationAccuracyRatio: number | null;
    readonly validationLoss: number | null;
    readonly epochCount: number;
    /** Whether fine-tuning helped and was kept; null where no stage was trained. */
    readonly stagesKept: boolean | null;
    readonly seconds: number;
  }[];
  readonly triedCount: number;
  readonly seconds: number;
  /** The best settings, trained and tested once; null when it was stopped. */
  readonly runId: string | null;
  /** Whether that run's model is in use: a search replaces no model that was in use before. `useRun` puts it to use. */
  readonly isInUse: boolean;
  readonly testAccuracyRatio: number | null;
}

/** A score over the folds of a cross-validation, 0-1. */
export interface FoldSpread {
  readonly mean: number;
  /** Standard deviation of the folds, with n - 1. */
  readonly spread: number;
}

/** What `crossValidate` resolves with. */
export interface CrossValidationSummary {
  readonly runId: string;
  readonly foldCount: number;
  /** Fewer when it was stopped. */
  readonly judgedFoldCount: number;
  /** Folds in which fine-tuning helped and was kept; null where no stage was trained. */
  readonly stagesKeptFoldCount: number | null;
  readonly imageCount: number;
  readonly accuracy: FoldSpread;
  readonly macroPrecision: FoldSpread;
  readonly macroRecall: FoldSpread;
  readonly macroF1: FoldSpread;
  /** Null where a score is defined in no fold. */
  readonly perClass: readonly {
    readonly className: string;
    readonly precision: FoldSpread | null;
    readonly recall: FoldSpread | null;
    readonly f1: FoldSpread | null;
  }[];
  readonly seconds: number;
}

/** What `project` resolves with. */
export interface ProjectSnapshot {
  readonly id: string;
  readonly name: string;
  readonly classes: readonly { readonly id: string; readonly name: string; readonly imageCount: number }[];
  readonly imageCount: number;
  readonly runs: readonly { readonly id: string; readonly name: string; readonly testAccuracyRatio: number | null }[];
  readonly currentRunId: string | null;
  readonly backboneId: string | null;
  readonly backend: string | null;
  readonly settings: TrainingSettings;
}

/** One line of a comparison. */
export interface ComparedBackbone {
  /** 'pixels' and 'untrained' for the baselines. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'network' | 'pixels' | 'untrained';
  /** Why there are no figures, or null. */
  readonly failure: string | null;
  /** Cross-validated; null like all below when it failed. */
  readonly accuracyRatio: number | null;
  /** Wilson interval, 95 %. */
  readonly accuracyInterval: { readonly low: number; readonly high: number } | null;
  /** True when clearly better than both baselines, false when clearly worse than one; null when neither is shown. */
  readonly transferHelps: boolean | null;
  readonly isBestTradeOff: boolean;
  readonly millisecondsPerImage: number | null;
  readonly millisecondsSingleImage: number | null;
  readonly batchSize: number | null;
  readonly loadMs: number | null;
  readonly headMs: number | null;
  readonly heldBytes: number | null;
  readonly downloadBytes: number | null;
  readonly parameterCount: number | null;
  readonly featureLength: number | null;
}

/** What `compareBackbones` resolves with. */
export interface ComparisonSummary {
  readonly imageCount: number;
  readonly foldCount: number;
  readonly backend: string;
  /** What it comes to, in sentences. */
  readonly summary: readonly string[];
  readonly backbones: readonly ComparedBackbone[];
}

/** What `compareRuns` resolves with. Counts are of test images of both runs whose class is the same in both. */
export interface RunComparisonSummary extends RunComparison, ComparisonWords {
  /** Settings that differ, network and split included. */
  readonly settings: readonly { readonly label: string; readonly first: string; readonly second: string }[];
}

/**
 * `window.graft`: the page's own commands for a console, a notebook or a test.
 * It is there as soon as the page has loaded; each call waits for what it needs and rejects with a plain message.
 */
export interface GraftApi {
  /** Resolves when storage is open and a backbone is loaded. */
  ready(): Promise<void>;
  /**
   * Adds images. A file's folder is its class; zips are opened.
   * @param className every file goes to this class, made when missing; without it folders decide.
   */
  importFiles(files: Blob | Iterable<Blob>, options?: { readonly className?: string }): Promise<ImportSummary>;
  /** Makes the classes exactly these, in this order: existing names are kept, missing ones made, others removed with their images (undo works). */
  setClasses(names: readonly string[]): Promise<ProjectSnapshot>;
  /** Moves images, named by content hash, to a class. Costs no new features. */
  relabel(hashes: readonly string[], className: string): Promise<ProjectSnapshot>;
  /** Bursts and near-copies, as content hashes: each group is in one part of the split. Near-copies are looked for when a run starts. */
  groups(): Promise<readonly (readonly string[])[]>;
  /** Keeps images together, named by content hash, with all that was joined to one of them before. @returns as `groups`. */
  joinImages(hashes: readonly string[]): Promise<readonly (readonly string[])[]>;
  /** Takes images out of their groups: the split deals each by itself. @returns as `groups`. */
  splitImages(hashes: readonly string[]): Promise<readonly (readonly string[])[]>;
  /** Makes one class of several, the one with the most images; the others go (undo works). */
  joinClasses(names: readonly string[]): Promise<ProjectSnapshot>;
  useBackbone(id: string): Promise<BackboneReport>;
  /**
   * Brings a network: a model.json with its binaries, a .safetensors, an .h5 or a zip. It is kept in this browser and used.
   * @param options what is not given is recognised from the files; the classifier on top is left out.
   */
  addBackbone(files: Blob | Iterable<Blob>, options?: Partial<NetworkChoices>): Promise<BackboneReport>;
  /**
   * Measures networks on this device and the project's photos, and what a quick head makes of their features.
   * @param ids those that need no download when absent.
   */
  compareBackbones(ids?: readonly string[], options?: Omit<CompareOptions, 'ids'>): Promise<ComparisonSummary>;
  /**
   * Trains with the project's settings changed by these, and evaluates.
   * @param options `continueFrom`: id of a run whose head, and tuned stages, are trained further.
   */
  train(settings?: Partial<TrainingSettings>, options?: { readonly continueFrom?: string }): Promise<TrainSummary>;
  /** Every run of the project with settings, scores and curves, oldest first. */
  runs(): Promise<readonly RunRecord[]>;
  /** Puts a run's model to use; of a cross-validation, which has none, shows its scores. */
  useRun(runId: string): Promise<ProjectSnapshot>;
  /** McNemar's test on the test images that both runs judged. */
  compareRuns(firstId: string, secondId: string): Promise<RunComparisonSummary>;
  /**
   * Tries settings, those of fine-tuning too: judged on the validation part, each result kept at once, the best tested once at the end, as a
   * run that replaces no model in use. Without a plan it goes on with the search kept in the project.
   */
  search(plan?: GraftSearchPlan): Promise<SearchSummary>;
  /**
   * Judges settings on all images: dealt into `folds` folds, each predicted by a model that learnt from the others. The
   * predictions are kept as a run; the project keeps its own settings.
   */
  crossValidate(settings?: Partial<TrainingSettings>): Promise<CrossValidationSummary>;
  /** Raises the learning rate step by step and suggests one. */
  findLearningRate(): Promise<LearningRateTest>;
  /** Accuracy against the number of training images, and what 100 more would likely bring. */
  learningCurve(): Promise<LearningCurve>;
  evaluate(part?: Part): Promise<Evaluation>;
  /** What the images' features say by themselves: each image judged by all others, nothing trained. */
  beforeTraining(): Promise<UntrainedSummary>;
  /** Keeps class averages current as images come; `classify` answers by them while there is no run; once there is one it answers, and this changes nothing. Kept in the project. */
  answerWhileAdding(isOn: boolean): Promise<void>;
  /** Class names with probabilities (0-1), highest first; without a run by averages of each class. */
  classify(image: Blob): Promise<readonly { readonly className: string; readonly probability: number }[]>;
  /**
   * Teaches a network, mostly a smaller one, by an earlier run: its answers are learnt from beside the labels.
   * @param options temperature is 2 and weight 0.5 when absent; `backboneId` the network in use.
   */
  distil(options: DistilOptions): Promise<TrainSummary>;
  exportModel(options?: Partial<ExportOptions>): Promise<Blob>;
  /**
   * Measures bytes, speed and test answers of the current model in every encoding on this device.
   * @param prunedRatio share of weights set to zero, 0 to 0.9; 0 when absent.
   */
  measureCompression(prunedRatio?: number): Promise<readonly MeasuredCompression[]>;
  project(): Promise<ProjectSnapshot>;
  /** Every image of the project with its class and content hash. */
  images(): Promise<readonly { readonly hash: string; readonly name: string; readonly className: string }[]>;
  /** Live tensors of the engine, to look for leaks. */
  memory(): Promise<{ readonly tensorCount: number; readonly byteCount: number }>;
}

declare global {
  /** `window.graft`, also as scripts and tests see it from inside the page. */
  var graft: GraftApi;
}
