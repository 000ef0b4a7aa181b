import type { BackboneReport } from '../domain/backbone.ts';
import type { Project } from '../domain/project.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { TrainingProgress, TuningState } from '../state/app-state.ts';
import type { LearningKind } from '../state/jobs.ts';
import type { CommandContext } from './context.ts';
import { type JobHandle, type Outcome, runJob } from './job.ts';
import { learningObstacle, obstacleText } from './training-obstacle.ts';

/** What a job that trains or tries settings works with, fixed at its start. */
export interface Learning extends Pick<JobHandle<LearningKind>, 'signal' | 'stopSignal' | 'check'> {
  readonly project: Project;
  /** Computes everything of the job, and is stored with its results. */
  readonly backbone: BackboneReport;
  /** Shows a step of a training; null between two. */
  showTraining(progress: TrainingProgress | null): void;
  /** Changes what is shown of the training that runs; does nothing while none does. */
  changeRunning(change: (running: RunningTraining) => RunningTraining): void;
  /** Shows how far trying settings is; null when only a training is left. */
  showTuning(tuning: TuningState | null): void;
}

type RunningTraining = Extract<TrainingProgress, { readonly kind: 'running' }>;

interface LearnOptions {
  /** What is shown of trying settings from the start; null for a training. */
  readonly tuning: TuningState | null;
  readonly canStop: boolean;
  /** Why it cannot begin, beside what holds for all learning; null when it can. */
  readonly obstacle?: () => string | null;
}

/**
 * Runs a job that learns from the open project on the backbone in use. What is fixed at its start is handed to it: a
 * backbone on its way when the job was asked for has been activated or given up by then.
 */
export function learn<T>(
  ctx: CommandContext,
  kind: LearningKind,
  { tuning, canStop, obstacle }: LearnOptions,
  work: (learning: Learning) => Promise<T>,
): Promise<Outcome<T>> {
  const options = {
    progress: { training: null, tuning },
    canStop,
    obstacle: () => {
      const general = learningObstacle(ctx.store.getState(), kind === 'cross-validation' ? 'all-images' : 'train-part');
      return general === null ? (obstacle?.() ?? null) : obstacleText(general);
    },
  };
  return runJob(ctx, kind, options, (job) => work(learningOf(ctx, job, tuning)));
}

function learningOf(ctx: CommandContext, job: JobHandle<LearningKind>, atFirst: TuningState | null): Learning {
  const { project, backbones } = ctx.store.getState();
  if (project === null || backbones.current === null)
    throw new RemoteError('backbone-missing', 'no backbone is active');
  let training: TrainingProgress | null = null;
  let tuning = atFirst;
  const show = () => job.report({ training, tuning });
  const showTraining = (progress: TrainingProgress | null) => {
    training = progress;
    show();
  };
  const changeRunning = (change: (running: RunningTraining) => RunningTraining) => {
    if (training?.kind === 'running') showTraining(change(training));
  };
  job.stopSignal.addEventListener('abort', () => changeRunning((running) => ({ ...running, stopping: true })));
  return {
    project,
    backbone: backbones.current,
    signal: job.signal,
    stopSignal: job.stopSignal,
    check: job.check,
    showTraining,
    changeRunning,
    showTuning: (state) => {
      tuning = state;
      show();
    },
  };
}
