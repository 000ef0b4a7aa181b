import type { AugmentStrengths } from '../domain/augmentation.ts';
import type { BackboneReport } from '../domain/backbone.ts';
import type { Comparison } from '../domain/comparison.ts';
import type { Compression, MeasuredCompression } from '../domain/compression.ts';
import type { ClassId, ImageId, PartLock } from '../domain/dataset.ts';
import type { FineTuningEstimate } from '../domain/fine-tune-cost.ts';
import type { NetworkChoices } from '../domain/found-network.ts';
import type { LearningCurve } from '../domain/learning-curve.ts';
import type { LearningRateTest } from '../domain/learning-rate-range.ts';
import type { ResizeMode } from '../domain/project.ts';
import type { Run } from '../domain/run.ts';
import type { RunComparison } from '../domain/run-comparison.ts';
import type { SearchPlan } from '../domain/search.ts';
import type { TrainingSettings } from '../domain/settings.ts';
import type { SplitSettings } from '../domain/split.ts';
import type { BackendName } from '../engine/contract.ts';
import type { DroppedFile } from '../files/dropped-file.ts';
import type { Gallery, ImportState, ResultsTab } from '../state/app-state.ts';
import type { AugmentedSamples } from './augment-samples.ts';
import type { DistilOptions } from './distil.ts';
import type { Outcome } from './job.ts';
import type { SearchOutcome } from './search-settings.ts';

/** Where files without a folder go. */
export interface ImportTarget {
  /** The class every file goes to; null: the folder name decides. */
  readonly classId: ClassId | null;
}

/** Probabilities of one tried image, highest first. */
export interface Classification {
  readonly classNames: readonly string[];
  readonly classColorIndices: readonly number[];
  /** By class index, 0-1. */
  readonly probabilities: readonly number[];
  readonly elapsedMs: number;
}

export interface ExportOptions {
  readonly kind: 'whole-model' | 'head-only';
  /** Of the whole model; as it is when absent. */
  readonly compression?: Compression;
}

export interface CompareOptions {
  /** Networks to compare; those that need no download when absent. */
  readonly ids?: readonly string[];
  /** False leaves out raw pixels and the untrained network. */
  readonly baselines?: boolean;
  /** Most images to compare on, 1,000 when absent, at most 10,000; beyond it a stratified sample is taken. */
  readonly imageLimit?: number;
}

/** What a user may change of a run. */
export type RunChange = Partial<Pick<Run, 'name' | 'note' | 'pinned'>>;

/**
 * Every use case of the page. Each is one file under `commands/`; `main.tsx` puts them together. What takes long resolves
 * with its outcome and never rejects; the page is told by the command itself why something was refused or failed.
 */
export interface Commands {
  // Data
  /** Waits for an import that runs. Null when there was nothing but a backbone among the files. */
  importFiles(files: AsyncIterable<DroppedFile>, target: ImportTarget): Promise<Outcome<ImportState> | null>;
  /** Ends the import that runs; those that wait begin. */
  cancelImport(): void;
  /** Puts the summary of an import aside. */
  dismissImport(importId: string): void;
  downloadRejectedList(importId: string): void;
  addSampleImages(): Promise<void>;
  addClass(name?: string): ClassId;
  renameClass(classId: ClassId, name: string): void;
  recolorClass(classId: ClassId, colorIndex: number): void;
  deleteClass(classId: ClassId): void;
  /** Makes one class of several, the one with the most images, as one step to undo. */
  joinClasses(classIds: readonly ClassId[]): void;
  moveImages(imageIds: readonly ImageId[], classId: ClassId): void;
  deleteImages(imageIds: readonly ImageId[]): void;
  lockImages(imageIds: readonly ImageId[], part: PartLock | null): void;
  /** Keeps images in one part of the split from now on. */
  joinImages(imageIds: readonly ImageId[]): void;
  /** Takes images out of their groups. */
  splitImages(imageIds: readonly ImageId[]): void;
  /** Lets names, times and features say again what the images belong with. */
  regroupImages(imageIds: readonly ImageId[]): void;
  select(imageIds: readonly ImageId[]): void;
  /** Selects all images of a class. */
  selectClass(classId: ClassId): void;
  undo(): void;
  redo(): void;
  /** Address of a thumbnail for an <img>, or null when it is not in memory yet; `onReady` is called once it is. */
  thumbnailUrl(hash: string, onReady: () => void): string | null;
  /** The original bytes of an image. */
  openOriginal(hash: string): Promise<Blob | null>;

  // Device and backbone
  chooseBackend(backend: BackendName | null): Promise<void>;
  useBackbone(id: string): Promise<Outcome<BackboneReport>>;
  cancelBackboneDownload(): void;
  /** Looks at the files of a network and shows what was found. */
  bringNetwork(files: AsyncIterable<DroppedFile>): Promise<void>;
  /** Keeps and loads it; `opensHead` makes a run of the classifier on top of it. */
  useBroughtNetwork(choices: NetworkChoices, opensHead: boolean): Promise<void>;
  closeBroughtNetwork(): void;
  /** Deletes a network the user brought from this browser. */
  removeBackbone(id: string): Promise<void>;
  compareBackbones(options: CompareOptions): Promise<Outcome<Comparison>>;
  /** Finished rows are kept. */
  stopComparison(): void;

  // Training
  changeSettings(change: Partial<TrainingSettings>): void;
  resetSettings(): void;
  changeSplit(split: SplitSettings): void;
  changeResizeMode(mode: ResizeMode): void;
  /** Changed views of these images as a run with these strengths would see them; null where they cannot be made now. */
  augmentSamples(hashes: readonly string[], strengths: AugmentStrengths): Promise<AugmentedSamples | null>;
  /** What training so many of the network's last stages would cost with the settings of now; null where it cannot be told now. */
  estimateFineTuning(stageCount: number): Promise<FineTuningEstimate | null>;
  startTraining(): Promise<Outcome<Run>>;
  /** Tries settings and keeps each result; null goes on with the search kept in the project. */
  searchSettings(plan: SearchPlan | null): Promise<Outcome<SearchOutcome>>;
  /** Keeps a run of kind 'cross-validation'; the change of settings is for this time only. */
  crossValidate(change?: Partial<TrainingSettings>): Promise<Outcome<Run>>;
  testLearningRates(): Promise<Outcome<LearningRateTest>>;
  learnCurve(): Promise<Outcome<LearningCurve>>;
  /** Teaches a network by an earlier run. */
  distil(options: DistilOptions): Promise<Outcome<Run>>;
  stopTraining(): void;
  cancelTraining(): void;

  // Results
  showTab(tab: ResultsTab): void;
  showGallery(gallery: Gallery | null): void;
  useRun(runId: string): Promise<Outcome<Run>>;
  changeRun(runId: string, change: RunChange): Promise<void>;
  deleteRun(runId: string): Promise<void>;
  /** Ticks runs for curves and comparison: at most six. */
  chooseRuns(runIds: readonly string[]): void;
  /** McNemar's test on the test images both judged. Rejects when a run is not there any more. */
  compareRuns(firstId: string, secondId: string): Promise<RunComparison>;
  /** A new run from the head of this one, with the settings in the form. */
  continueRun(runId: string): Promise<Outcome<Run>>;
  /** A new run with the settings of this one on the images as they are now; both are then chosen for comparison. */
  retrainRun(runId: string): Promise<Outcome<Run>>;
  downloadRuns(format: 'csv' | 'json'): void;

  // Try it
  /** Keeps class averages current as images come, so that `classify` answers before any training. Kept in the project. */
  answerWhileAdding(isOn: boolean): void;
  /** By the current run, or without one by class averages of the images. */
  classify(image: Blob | ImageBitmap): Promise<Classification>;

  // Keep and take
  newProject(name?: string): Promise<void>;
  openProject(id: string): Promise<Outcome<null>>;
  duplicateProject(id: string): Promise<void>;
  renameProject(id: string, name: string): Promise<void>;
  deleteProject(id: string): Promise<void>;
  saveProjectFile(): Promise<void>;
  openProjectFile(file: Blob): Promise<void>;
  exportModel(options: ExportOptions): Promise<Outcome<Blob>>;
  /** Bytes of a download, by packing it without keeping it. Rejects as a download fails, and when `signal` aborts. */
  downloadSize(options: ExportOptions, signal: AbortSignal): Promise<number>;
  /** Measures the current model in every encoding; finished figures are kept. @param prunedRatio share of weights set to zero. */
  measureCompression(prunedRatio: number): Promise<Outcome<readonly MeasuredCompression[]>>;
  stopMeasuring(): void;
  downloadText(fileName: string, mediaType: string, text: string): void;
  downloadBlob(fileName: string, blob: Blob): void;

  dismissNotice(id: number): void;
}
