import type { BackboneReport } from '../domain/backbone.ts';
import type { Project } from '../domain/project.ts';
import type { TrainingSettings } from '../domain/settings.ts';
import type { TuningState } from '../state/app-state.ts';
import type { TuningKind } from '../state/jobs.ts';
import type { CommandContext } from './context.ts';
import { withNearCopies } from './group-images.ts';
import type { Outcome } from './job.ts';
import { type Learning, learn } from './learning.ts';
import { notify } from './notices.ts';
import { withoutImages } from './prepare-views.ts';
import type { RunPlan } from './run-plan.ts';
import { planRun, prepare, prepareChanged, withStagesThatAreThere } from './start-training.ts';

/** What a job that tries settings works with. */
export interface Tuning {
  readonly plan: RunPlan;
  readonly learning: Learning;
  /** Shows how far it is, and how far the stages of the training under way are where it trains some. */
  readonly show: (doneCount: number, totalCount: number, stages?: TuningState['stages']) => void;
}

interface TuneOptions {
  /** In place of the project's own; asked when the job begins. */
  readonly settings?: () => TrainingSettings | undefined;
  /** Why it cannot begin, beside what holds for all learning; null when it can. */
  readonly obstacle?: () => string | null;
}

/** Runs a job that tries settings on the open project, with its features ready. The page is told why nothing comes of it. */
export async function tune<R>(
  ctx: CommandContext,
  kind: TuningKind,
  { settings, obstacle }: TuneOptions,
  work: (tuning: Tuning) => Promise<R>,
): Promise<Outcome<R>> {
  const nothing = { kind, doneCount: 0, totalCount: 0, secondsLeft: null, stages: null };
  // The test of learning rates has nothing to keep before its end.
  const options = {
    tuning: nothing,
    canStop: kind !== 'learning-rate',
    ...(obstacle === undefined ? {} : { obstacle }),
  };
  const outcome = await learn(ctx, kind, options, async (learning) => {
    const { backbone } = learning;
    const asked = { ...learning.project, settings: settings?.() ?? learning.project.settings };
    const project = asTried(ctx, kind, asked, backbone);
    // A search has tries of different stages: it prepares what each of them needs.
    const failed = await prepare(ctx, learning, kind === 'search' ? onFrozenNetwork(project) : project);
    learning.check();
    const settled = await withNearCopies(ctx, { project, backbone }, failed, learning);
    learning.showTraining(null);
    const learnsFrom = kind === 'cross-validation' ? 'all-images' : 'train-part';
    const plan = planRun(ctx, { project: settled, backbone }, failed, 'head', null, learnsFrom);
    return await work({ plan, learning, show: shower(ctx, kind, learning) });
  });
  tellOutcome(ctx, outcome);
  return outcome;
}

function tellOutcome(ctx: CommandContext, outcome: Outcome<unknown>): void {
  const title = 'It ended without a result.';
  if (outcome.kind === 'refused') notify(ctx.store, 'warning', title, outcome.reason);
  if (outcome.kind === 'failed') notify(ctx.store, 'warning', title, `${outcome.title} ${outcome.advice}`);
}

function shower({ now }: CommandContext, kind: TuningKind, { showTuning }: Learning): Tuning['show'] {
  let startedMs = now();
  return (doneCount, totalCount, stages = null) => {
    const done = doneCount + (stages?.doneRatio ?? 0);
    if (doneCount === 0 && stages === null) startedMs = now();
    const secondsLeft = done === 0 ? null : ((totalCount - done) * (now() - startedMs)) / done / 1000;
    showTuning({ kind, doneCount, totalCount, secondsLeft, stages });
  };
}

/** The project with the stages that are trained: as many as there are, or none for the two tests of learning. */
function asTried(ctx: CommandContext, kind: TuningKind, project: Project, backbone: BackboneReport): Project {
  if (kind === 'cross-validation') return withStagesThatAreThere(ctx, project, backbone);
  return kind === 'search' ? project : onFrozenNetwork(project);
}

/** Stages of the network that a run would train stay as they are. */
function onFrozenNetwork(project: Project): Project {
  return { ...project, settings: { ...project.settings, fineTuneStages: 0 } };
}

/** The plan with the changed views of its training images computed, as its settings ask for. */
export async function withTrainingViews(ctx: CommandContext, { plan, learning }: Tuning): Promise<RunPlan> {
  const asked = { ...plan, settings: { ...plan.settings, testTimeViews: 0 } };
  const failed = await prepareChanged(ctx, learning, asked);
  learning.check();
  learning.showTraining(null);
  return withoutImages(plan, failed);
}

/** Rows of the training and validation parts: the test part never crosses to where settings are chosen. */
export function rowsWithoutTest({ rows }: RunPlan): RunPlan['rows'] {
  const kept = rows.parts.flatMap((part, row) => (part === 'test' ? [] : [row]));
  return {
    hashes: kept.map((row) => rows.hashes[row] ?? ''),
    classIndices: kept.map((row) => rows.classIndices[row] ?? 0),
    parts: kept.map((row) => rows.parts[row] ?? 'train'),
    groupIds: kept.map((row) => rows.groupIds[row] ?? ''),
  };
}

/** Training images of every class. */
export function trainCounts({ rows, classes }: RunPlan): number[] {
  const counts = classes.map(() => 0);
  rows.classIndices.forEach((classIndex, row) => {
    if (rows.parts[row] === 'train') counts[classIndex] = (counts[classIndex] ?? 0) + 1;
  });
  return counts;
}
