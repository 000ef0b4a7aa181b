import type { BackboneReport } from '../domain/backbone.ts';
import type { Project } from '../domain/project.ts';
import type { TrainingSettings } from '../domain/settings.ts';
import type { TuningState } from '../state/app-state.ts';
import { activeBackbone } from './active-backbone.ts';
import type { CommandContext } from './context.ts';
import { errorCode, errorText, isAbort } from './error-text.ts';
import { notify } from './notices.ts';
import { withoutImages } from './prepare-views.ts';
import type { RunPlan } from './run-plan.ts';
import { planRun, prepare, prepareChanged, withStagesThatAreThere } from './start-training.ts';
import { dataObstacle, obstacleText } from './training-obstacle.ts';

/** What an act of tuning works with. */
export interface Tuning {
  readonly plan: RunPlan;
  /** Stop keeps what is done; cancel throws it away. */
  readonly act: { readonly cancel: AbortController; readonly stop: AbortController };
  /** Shows how far it is, and how far the stages of the training under way are where it trains some. */
  readonly show: (doneCount: number, totalCount: number, stages?: TuningState['stages']) => void;
}

/**
 * Runs an act of tuning on the open project with its features ready. Stopping and cancelling a training run stop and
 * cancel it.
 *
 * @param settings in place of the project's own.
 * @throws Error with a plain message when something else uses the device; what `work` throws.
 */
export async function tune<R>(
  ctx: CommandContext,
  kind: TuningState['kind'],
  work: (tuning: Tuning) => Promise<R>,
  settings?: TrainingSettings,
): Promise<R> {
  const { project: open } = ctx.store.getState();
  const reason = whyNotNow(ctx);
  if (open === null || reason !== null) throw new Error(reason ?? 'No project is open.');
  const obstacle = dataObstacle(open, kind === 'cross-validation' ? 'all-images' : 'train-part');
  if (obstacle !== null) throw new Error(obstacleText(obstacle));
  // A network that is only on its way does not get into it, as with a training run.
  ctx.session.backboneLoad?.abort();
  const act = { cancel: new AbortController(), stop: new AbortController() };
  ctx.session.training = act;
  const nothing = { kind, doneCount: 0, totalCount: 0, secondsLeft: null, stages: null };
  try {
    ctx.store.setState({ tuning: nothing });
    const backbone = await activeBackbone(ctx);
    const project = asTried(ctx, kind, settings === undefined ? open : { ...open, settings }, backbone);
    // A search has tries of different stages: it prepares what each of them needs.
    const prepared = kind === 'search' ? onFrozenNetwork(project) : project;
    const failed = await prepare(ctx, prepared, backbone, act.cancel.signal);
    ctx.store.setState({ training: { kind: 'idle' } });
    return await work({ plan: planRun(ctx, { project, backbone }, failed, 'head'), act, show: shower(ctx, kind) });
  } finally {
    ctx.session.training = null;
    ctx.store.setState({ tuning: null, training: { kind: 'idle' } });
  }
}

function shower({ now, store }: CommandContext, kind: TuningState['kind']): Tuning['show'] {
  let startedMs = now();
  return (doneCount, totalCount, stages = null) => {
    const done = doneCount + (stages?.doneRatio ?? 0);
    if (doneCount === 0 && stages === null) startedMs = now();
    const secondsLeft = done === 0 ? null : ((totalCount - done) * (now() - startedMs)) / done / 1000;
    store.setState({ tuning: { kind, doneCount, totalCount, secondsLeft, stages } });
  };
}

/** The project with the stages that are trained: as many as there are, or none for the two tests of learning. */
function asTried(ctx: CommandContext, kind: TuningState['kind'], project: Project, backbone: BackboneReport): Project {
  if (kind === 'cross-validation') return withStagesThatAreThere(ctx, project, backbone);
  return kind === 'search' ? project : onFrozenNetwork(project);
}

/** Stages of the network that a run would train stay as they are. */
function onFrozenNetwork(project: Project): Project {
  return { ...project, settings: { ...project.settings, fineTuneStages: 0 } };
}

/** The same for the page, which shows what comes of it by itself and is told why nothing does. */
export async function tuneOnPage(ctx: CommandContext, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isAbort(error)) notify(ctx.store, 'warning', 'It ended without a result.', wordsOf(error));
  }
}

/** What was thrown here is plain already; what comes from elsewhere has a code and a text of its own. */
function wordsOf(error: unknown): string {
  if (error instanceof Error && errorCode(error) === null) return error.message;
  const { title, advice } = errorText(error);
  return `${title} ${advice}`;
}

function whyNotNow({ session, store }: CommandContext): string | null {
  if (session.training !== null) return 'A run is using the device. Wait until it has ended, or stop it.';
  if (session.comparing !== null) return 'A comparison of networks is running. Wait until it has ended, or stop it.';
  if (session.backboneLoad !== null && store.getState().backbones.current === null)
    return 'A network is being loaded. Wait until it is ready.';
  return null;
}

/** The plan with the changed views of its training images computed, as its settings ask for. */
export async function withTrainingViews(ctx: CommandContext, { plan, act }: Tuning): Promise<RunPlan> {
  const learning = { ...plan, settings: { ...plan.settings, testTimeViews: 0 } };
  const failed = await prepareChanged(ctx, learning, act.cancel.signal);
  ctx.store.setState({ training: { kind: 'idle' } });
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
