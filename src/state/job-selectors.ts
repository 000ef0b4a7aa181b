import type { AppState, ComparingState, MeasuringState, TrainingState } from './app-state.ts';
import { LEARNING_KINDS } from './job-rules.ts';
import type { Job, JobKind, JobProgress } from './jobs.ts';

type WithJobs = Pick<AppState, 'jobs'>;
type JobOf<K extends JobKind> = Extract<Job, { readonly kind: K }>;

const IDLE: TrainingState = { kind: 'idle' };

/** The job of one of these kinds that runs, or else waits; undefined when there is none. */
export function jobOf<K extends JobKind>({ jobs }: WithJobs, ...kinds: readonly K[]): JobOf<K> | undefined {
  const isWanted = (job: Job): job is JobOf<K> => kinds.some((kind) => kind === job.kind);
  const wanted = jobs.filter(isWanted);
  return wanted.find(({ phase }) => phase !== 'waiting') ?? wanted[0];
}

/** How far training is, as a run of its own or within a job that tries settings; what failed last when nothing runs. */
export function trainingOf(state: Pick<AppState, 'jobs' | 'trainingFailure'>): TrainingState {
  return jobOf(state, ...LEARNING_KINDS)?.progress.training ?? state.trainingFailure ?? IDLE;
}

/** How far a comparison of backbones is; null when none runs. */
export function comparingOf(state: WithJobs): ComparingState | null {
  return jobOf(state, 'comparison')?.progress ?? null;
}

/** How far measuring is; null when nothing is measured. */
export function measuringOf(state: WithJobs): MeasuringState | null {
  return jobOf(state, 'measuring')?.progress ?? null;
}

/** What is packed for a download; null when nothing is. */
export function exportingOf(state: WithJobs): { readonly stage: string } | null {
  return jobOf(state, 'export')?.progress ?? null;
}

/** The backbone on its way; null when none is. */
export function loadingOf(state: WithJobs): JobProgress['backbone'] {
  return jobOf(state, 'backbone')?.progress ?? null;
}

/** True while a model is trained or settings are tried. */
export function isLearning(state: WithJobs): boolean {
  return jobOf(state, ...LEARNING_KINDS) !== undefined;
}
