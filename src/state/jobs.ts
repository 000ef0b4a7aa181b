import type { ComparingState, Download, MeasuringState, TrainingProgress, TuningState } from './app-state.ts';

/** The four ways to try settings. */
export type TuningKind = 'search' | 'cross-validation' | 'learning-rate' | 'learning-curve';

/** Training, and what trains many models: they have the device to themselves and can be stopped with what they learnt. */
export type LearningKind = 'training' | TuningKind;

/** What takes long enough to be waited for. */
export type JobKind =
  | LearningKind
  /** Loading a backbone. */
  | 'backbone'
  /** Starting the engine on another backend. */
  | 'device'
  | 'import'
  | 'comparison'
  /** Measuring compressed forms of a model. */
  | 'measuring'
  /** Packing a model or a project for the download. */
  | 'export'
  /** Reading a project file. */
  | 'project-file'
  /** Opening a run of the project. */
  | 'run'
  /** Opening another project. */
  | 'project'
  /** Deleting a project. */
  | 'removal';

/** How far a job of each kind is; null where there is nothing to tell, or not yet. */
export interface JobProgress
  extends Readonly<Record<LearningKind, LearningProgress>>,
    Readonly<Record<'device' | 'import' | 'project-file' | 'run' | 'project' | 'removal', null>> {
  readonly backbone: { readonly id: string; readonly progress: Download } | null;
  readonly comparison: ComparingState | null;
  readonly measuring: MeasuringState | null;
  readonly export: { readonly stage: string } | null;
}

/** A job that tries settings also prepares features and may end with a training: both are told. */
interface LearningProgress {
  readonly training: TrainingProgress | null;
  readonly tuning: TuningState | null;
}

interface JobBase {
  readonly id: string;
  /** The project it belongs to; null for what outlives a change of project. */
  readonly projectId: string | null;
  /** 'waiting' until jobs that were there before have ended; 'cancelling' from the cancel to its end. */
  readonly phase: 'waiting' | 'running' | 'cancelling';
  /** True when stopping keeps what was done so far; every job can be cancelled. */
  readonly canStop: boolean;
  readonly isStopping: boolean;
  /** Jobs that cannot begin while this one runs. */
  readonly excludes: readonly JobKind[];
}

/** One job under way, as the page shows it. */
export type Job = {
  readonly [K in JobKind]: JobBase & { readonly kind: K; readonly progress: JobProgress[K] };
}[JobKind];
