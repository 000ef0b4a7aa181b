import { type BackboneReport, backboneRef } from '../domain/backbone.ts';
import type { ClassLabel, ContentHash } from '../domain/dataset.ts';
import { grouped, groupsOf } from '../domain/groups.ts';
import type { Project } from '../domain/project.ts';
import type { Run, RunKind } from '../domain/run.ts';
import { resolveSettings, type TrainingSettings } from '../domain/settings.ts';
import { assignParts } from '../domain/split.ts';
import type { StagesEvent, TrainEvent, TrainOutput } from '../engine/contract.ts';
import type { TrainingState } from '../state/app-state.ts';
import { activeBackbone, checkBackbone } from './active-backbone.ts';
import type { CommandContext } from './context.ts';
import { continuing, goingOn, type RunOrigin } from './continue-run.ts';
import { ensureFeatures, type FeatureProgress, type WantedFeatures } from './ensure-features.ts';
import { errorText, isAbort } from './error-text.ts';
import { keepRun } from './keep-run.ts';
import { notify } from './notices.ts';
import { prepareViews, withoutImages } from './prepare-views.ts';
import { progressRate } from './progress-rate.ts';
import type { RunPlan } from './run-plan.ts';
import { type Lesson, taught } from './taught.ts';
import { dataObstacle } from './training-obstacle.ts';

interface ChosenTraining {
  /** The backbone of what came before, such as a search; the active one when absent. */
  readonly backbone?: BackboneReport;
  readonly settings: TrainingSettings;
  readonly kind: RunKind;
  readonly lesson?: Lesson;
}

type Running = Extract<TrainingState, { readonly kind: 'running' }>;

/**
 * Trains a head on the open project and keeps the run with its scores on all parts.
 * Never rejects: a failure is shown beside the button with advice.
 *
 * @param chosen trains with these settings and calls the run so; the project's own settings stay as they are.
 * @param origin the run whose head, and tuned stages, are trained further; null starts from random weights.
 * @returns the run, or null when it was cancelled, failed or could not start.
 */
export async function startTraining(
  ctx: CommandContext,
  chosen: ChosenTraining | null = null,
  origin: RunOrigin | null = null,
): Promise<Run | null> {
  const { project: open, training } = ctx.store.getState();
  const asked = open === null || chosen === null ? open : { ...open, settings: chosen.settings };
  if (asked === null || ctx.session.training !== null || training.kind === 'preparing') return null;
  if (ctx.session.comparing !== null) {
    notify(ctx.store, 'warning', 'A comparison of networks is running.', 'Train when it has ended, or stop it first.');
    return null;
  }
  const obstacle = dataObstacle(asked);
  if (obstacle !== null) {
    const { title, advice } = obstacle;
    ctx.store.setState({ training: { kind: 'failed', message: title, advice } });
    return null;
  }
  ctx.session.backboneLoad?.abort();
  ctx.session.measuring?.abort();
  const act = { cancel: new AbortController(), stop: new AbortController() };
  ctx.session.training = act;
  try {
    const backbone = chosen?.backbone ?? (await activeBackbone(ctx));
    if (origin !== null) checkBackbone(origin.run, backbone);
    const project = withStagesThatAreThere(ctx, origin === null ? asked : goingOn(ctx, asked, origin), backbone);
    const featuresStartedMs = ctx.now();
    const failed = await prepare(ctx, project, backbone, act.cancel.signal);
    const planned = planRun(ctx, { project, backbone }, failed, chosen?.kind ?? 'head', origin);
    const viewsFailed = await prepareChanged(ctx, planned, act.cancel.signal);
    const plan = taught(ctx, withoutImages(planned, viewsFailed), chosen?.lesson);
    const featureSeconds = (ctx.now() - featuresStartedMs) / 1000;
    const { output, epochs } = await train(ctx, plan, act);
    ctx.store.setState({ training: { kind: 'evaluating' } });
    return await keepRun(ctx, plan, output, epochs, featureSeconds);
  } catch (error) {
    showFailure(ctx, error);
    return null;
  } finally {
    ctx.session.training = null;
    const { training: last } = ctx.store.getState();
    if (last.kind !== 'failed') ctx.store.setState({ training: { kind: 'idle' } });
  }
}

export function stopTraining(ctx: CommandContext): void {
  ctx.session.training?.stop.abort();
  ctx.store.setState(({ training }) =>
    training.kind === 'running' ? { training: { ...training, stopping: true } } : {},
  );
}

export function cancelTraining(ctx: CommandContext): void {
  ctx.session.training?.cancel.abort();
  ctx.store.setState({ live: null });
}

/** Has features computed for all images. @returns hashes of those that could not be read. */
export async function prepare(
  ctx: CommandContext,
  project: Project,
  backbone: BackboneReport,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  ctx.store.setState({ live: null });
  const hashes = [...project.dataset.images.values()].map(({ hash }) => hash);
  const { resizeMode, settings } = project;
  const wanted = { backbone: backboneRef(backbone), resizeMode, stageCount: settings.fineTuneStages };
  return await prepareImages(ctx, hashes, wanted, signal);
}

/** Has features computed for these images, and with stages the values at the cut. @returns those that could not be read. */
export async function prepareImages(
  ctx: CommandContext,
  hashes: readonly ContentHash[],
  wanted: WantedFeatures,
  signal: AbortSignal,
): Promise<ReadonlySet<ContentHash>> {
  const onProgress = showPreparing(ctx, 0);
  onProgress({ doneCount: 0, totalCount: 0 });
  const { failed, cacheFull } = await ensureFeatures(ctx, hashes, wanted, signal, onProgress);
  tellAboutPreparing(ctx, failed.size, cacheFull);
  return failed;
}

/** Has the changed views computed that a run needs. @returns hashes of images that could not be read for them. */
export async function prepareChanged(
  ctx: CommandContext,
  plan: RunPlan,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const shows = new Map<number, (progress: FeatureProgress) => void>();
  const { failed, cacheFull } = await prepareViews(ctx, plan, signal, (progress, viewCount) => {
    const show = shows.get(viewCount) ?? showPreparing(ctx, viewCount);
    shows.set(viewCount, show);
    show(progress);
  });
  tellAboutPreparing(ctx, failed.size, cacheFull);
  return failed;
}

/** Shows how far preparing is, from now on. */
function showPreparing(ctx: CommandContext, viewCount: number) {
  const startedAtMs = ctx.now();
  return ({ doneCount, totalCount }: FeatureProgress) => {
    const { perSecond, secondsLeft } = progressRate(doneCount, totalCount, ctx.now() - startedAtMs);
    ctx.store.setState({
      training: { kind: 'preparing', viewCount, doneCount, totalCount, imagesPerSecond: perSecond, secondsLeft },
    });
  };
}

function tellAboutPreparing(ctx: CommandContext, failedCount: number, cacheFull: boolean): void {
  if (cacheFull) {
    notify(
      ctx.store,
      'warning',
      'The disk space of this browser is used up, so prepared features are kept in memory only.',
      'Training goes on. Free space, or delete a project you no longer need: else they are computed again after a reload.',
    );
  }
  if (failedCount > 0) {
    notify(
      ctx.store,
      'warning',
      `${failedCount} images could not be read again and are left out of this run.`,
      'They stay in the project. Delete them, or add the files again.',
    );
  }
}

/** Fixes what a run is made of. @param failed hashes to leave out. */
export function planRun(
  ctx: CommandContext,
  { project, backbone }: Pick<RunPlan, 'project' | 'backbone'>,
  failed: ReadonlySet<string>,
  kind: RunKind,
  origin: RunOrigin | null = null,
): RunPlan {
  const { dataset } = project;
  const items = [...dataset.images.values()].filter(({ hash }) => !failed.has(hash));
  const used = new Set(items.map(({ classId }) => classId));
  const classes = dataset.classes.filter(({ id }) => used.has(id));
  const indexOf = new Map(classes.map(({ id }, index) => [id, index]));
  const groups = groupsOf(dataset);
  const parts = assignParts(grouped(items, groups), project.split);
  const classIndices = items.map(({ classId }) => indexOf.get(classId) ?? 0);
  const classCounts = classes.map(
    (_, index) => classIndices.filter((other, row) => other === index && parts[row] === 'train').length,
  );
  const hashes = items.map(({ hash }) => hash);
  const rows = { hashes, classIndices, parts, groupIds: hashes.map(groups.idOf) };
  const plan: RunPlan = {
    project,
    backbone,
    classes,
    items,
    rows,
    settings: resolveSettings(project.settings, { classCounts }),
    kind,
    startedAtMs: ctx.now(),
    teaching: null,
    note: '',
    continuedFromRunId: null,
    initialHead: null,
    tunedStart: null,
  };
  return origin === null ? plan : continuing(ctx, plan, origin);
}

async function train(
  ctx: CommandContext,
  plan: RunPlan,
  act: { readonly cancel: AbortController; readonly stop: AbortController },
): Promise<{ output: TrainOutput; epochs: TrainEvent['epoch'][] }> {
  const { project, classes, rows, settings, kind, initialHead, tunedStart, teaching } = plan;
  const epochs: TrainEvent['epoch'][] = [];
  const { fineTuneStages: stageCount } = settings;
  const hasHeadPhase = tunedStart === null || tunedStart.isHeadFirst;
  const epochCount = (hasHeadPhase ? settings.epochs : 0) + (stageCount > 0 ? settings.fineTuneEpochs : 0);
  const phase = hasHeadPhase ? 'head' : 'fine-tune';
  const fineTuning = stageCount > 0 ? ({ phase, stageCount, hasHeadPhase } as const) : null;
  ctx.store.setState({
    training: { kind: 'running', fineTuning, stopping: false, epochCount, imagesPerSecond: 0, secondsLeft: null },
    live: emptyLive(classes, epochCount),
    // At the end of a search its results are what is looked at.
    ...(kind === 'search' ? {} : { tab: 'live' as const }),
  });
  const onEvent = (event: TrainEvent | StagesEvent) => {
    if ('stagesEpochCount' in event) {
      showStages(ctx, event);
      return;
    }
    epochs.push(event.epoch);
    showEpoch(ctx, event, [...epochs]);
  };
  const output = await ctx.engine.call(
    'train',
    {
      backbone: backboneRef(plan.backbone),
      rows,
      classCount: classes.length,
      settings,
      resizeMode: project.resizeMode,
      initialHead,
      tunedStart,
      teaching,
    },
    { signal: act.cancel.signal, stopSignal: act.stop.signal, onEvent },
  );
  return { output, epochs };
}

/** The project with as many stages to fine-tune as asked for, or as network and head have. What that changes is told. */
export function withStagesThatAreThere({ store }: CommandContext, project: Project, backbone: BackboneReport): Project {
  const { fineTuneStages: asked, head } = project.settings;
  if (asked > 0 && head === 'neighbours') {
    const advice = 'Nearest neighbours have no weights that stages could learn with. For both, choose another head.';
    notify(store, 'info', 'This run leaves the network as it is.', advice);
    return { ...project, settings: { ...project.settings, fineTuneStages: 0 } };
  }
  if (asked <= backbone.stages.length) return project;
  const fineTuneStages = backbone.stages.length;
  if (fineTuneStages === 0) {
    notify(
      store,
      'info',
      `${backbone.name} has no stages that could be fine-tuned.`,
      'This run trains the head alone.',
    );
  }
  return { ...project, settings: { ...project.settings, fineTuneStages } };
}

function emptyLive(classes: readonly ClassLabel[], epochCount: number) {
  return {
    epochs: [],
    epochCount,
    confusion: [],
    confusionPart: 'validation' as const,
    classNames: classes.map(({ name }) => name),
    classColorIndices: classes.map(({ colorIndex }) => colorIndex),
  };
}

function showEpoch(ctx: CommandContext, event: TrainEvent, epochs: TrainEvent['epoch'][]): void {
  const { epochCount, confusion, confusionPart, imagesPerSecond, epoch } = event;
  // What an epoch of the stages takes is known when one is over.
  const isKnown = (training: Running) => training.fineTuning === null || epoch.phase === 'fine-tune';
  const secondsLeft = ((epochCount - epoch.epochIndex - 1) * epochMs(epochs)) / 1000;
  ctx.store.setState(({ live, training }) => ({
    live: live === null ? null : { ...live, epochs, epochCount, confusion, confusionPart },
    training:
      training.kind === 'running'
        ? { ...training, epochCount, imagesPerSecond, secondsLeft: isKnown(training) ? secondsLeft : null }
        : training,
  }));
}

/** Mean time of an epoch of the phase under way, ms. */
function epochMs(epochs: readonly TrainEvent['epoch'][]): number {
  const last = epochs.at(-1);
  const before = epochs.findLast(({ phase }) => phase !== last?.phase);
  const count = epochs.length - (before === undefined ? 0 : before.epochIndex + 1);
  return ((last?.elapsedMs ?? 0) - (before?.elapsedMs ?? 0)) / Math.max(1, count);
}

/** The head is done, and the stages have begun. */
function showStages(ctx: CommandContext, { stagesEpochCount: epochCount }: StagesEvent): void {
  ctx.store.setState(({ live, training }) => ({
    live: live === null ? null : { ...live, epochCount },
    training:
      training.kind === 'running' && training.fineTuning !== null
        ? {
            ...training,
            fineTuning: { ...training.fineTuning, phase: 'fine-tune' },
            epochCount,
            imagesPerSecond: 0,
            secondsLeft: null,
          }
        : training,
  }));
}

function showFailure(ctx: CommandContext, error: unknown): void {
  if (isAbort(error)) {
    notify(
      ctx.store,
      'info',
      'Training was cancelled.',
      'This run was thrown away; earlier runs and prepared images are kept.',
    );
    return;
  }
  const { title, advice } = errorText(error);
  ctx.store.setState({ training: { kind: 'failed', message: title, advice } });
}
