import { type BackboneReport, backboneRef } from '../domain/backbone.ts';
import { CodedError } from '../domain/coded-error.ts';
import type { ClassId, ClassLabel, ContentHash, ImageItem } from '../domain/dataset.ts';
import { grouped, groupsOf } from '../domain/groups.ts';
import type { Project } from '../domain/project.ts';
import type { Run, RunKind } from '../domain/run.ts';
import { resolveSettings, type TrainingSettings } from '../domain/settings.ts';
import { checkSettings } from '../domain/settings-check.ts';
import { assignParts } from '../domain/split.ts';
import type { StagesEvent, TrainEvent, TrainOutput } from '../engine/contract.ts';
import { LEARNING_KINDS } from '../state/job-rules.ts';
import { checkBackbone } from './active-backbone.ts';
import type { CommandContext } from './context.ts';
import { continuing, goingOn, type RunOrigin } from './continue-run.ts';
import { ensureFeatures, type FeatureProgress, type WantedFeatures } from './ensure-features.ts';
import { withNearCopies } from './group-images.ts';
import { cancelJobs, type Outcome, stopJobs } from './job.ts';
import { keepRun } from './keep-run.ts';
import { type Learning, learn } from './learning.ts';
import { notify } from './notices.ts';
import { prepareViews, withoutImages } from './prepare-views.ts';
import { progressRate } from './progress-rate.ts';
import type { RunPlan } from './run-plan.ts';
import { changeProject } from './save-project.ts';
import { type Lesson, taught } from './taught.ts';
import type { LearnsFrom } from './training-obstacle.ts';

/** What a training does otherwise than the form says. */
export interface TrainingRequest {
  /** Changes of the project's settings, kept there once the training begins. */
  readonly change?: Partial<TrainingSettings>;
  /** Settings of this run alone; the project keeps its own. */
  readonly settings?: TrainingSettings;
  /** What the run is called; 'head' when absent. */
  readonly kind?: RunKind;
  readonly lesson?: Lesson;
  /** The run whose head, and tuned stages, are trained further; new weights when absent. */
  readonly origin?: RunOrigin;
}

/** Title of the notice about a cancelled training. */
const CANCELLED = 'Training was cancelled.';

/**
 * Trains a head on the open project and keeps the run with its scores on all parts. A failure is shown beside the
 * button with advice.
 */
export async function startTraining(ctx: CommandContext, request: TrainingRequest = {}): Promise<Outcome<Run>> {
  const outcome = await learn(ctx, 'training', { tuning: null, canStop: true }, (learning) => {
    if (request.change !== undefined) changeSettings(ctx, request.change);
    return trainRun(ctx, { ...learning, project: ctx.store.getState().project ?? learning.project }, request);
  });
  tellOutcome(ctx, outcome);
  return outcome;
}

function changeSettings(ctx: CommandContext, change: Partial<TrainingSettings>): void {
  const settings = { ...ctx.store.getState().project?.settings, ...change };
  changeProject(ctx, { settings: checkSettings(settings).settings });
}

/** Shows why there is no run. */
function tellOutcome(ctx: CommandContext, outcome: Outcome<Run>): void {
  switch (outcome.kind) {
    case 'done':
      return;
    case 'refused':
      notify(ctx.store, 'warning', 'Training did not start.', outcome.reason);
      return;
    case 'cancelled':
      ctx.store.setState(({ live }) => (live === null ? {} : { live: null }));
      notify(ctx.store, 'info', CANCELLED, 'This run was discarded; earlier runs and prepared images are kept.');
      return;
    case 'failed':
      ctx.store.setState({ trainingFailure: { kind: 'failed', message: outcome.title, advice: outcome.advice } });
      return;
    default:
      outcome satisfies never;
  }
}

/** The training of one run within a job, from its features to the run that is kept and shown. */
export async function trainRun(ctx: CommandContext, learning: Learning, request: TrainingRequest): Promise<Run> {
  ctx.store.setState({ trainingFailure: null });
  const { backbone } = learning;
  const { origin = null, kind = 'head', settings = learning.project.settings } = request;
  if (origin !== null) checkBackbone(origin.run, backbone);
  const asked = { ...learning.project, settings };
  const project = withStagesThatAreThere(ctx, origin === null ? asked : goingOn(ctx, asked, origin), backbone);
  const featuresStartedMs = ctx.now();
  const failed = await prepare(ctx, learning, project);
  learning.check();
  const settled = await withNearCopies(ctx, { project, backbone }, failed, learning);
  const planned = planRun(ctx, { project: settled, backbone }, failed, kind, origin);
  const viewsFailed = await prepareChanged(ctx, learning, planned);
  learning.check();
  const plan = taught(ctx, withoutImages(planned, viewsFailed), request.lesson);
  const featureSeconds = (ctx.now() - featuresStartedMs) / 1000;
  const { output, epochs } = await train(ctx, learning, plan);
  learning.check();
  learning.showTraining({ kind: 'evaluating' });
  return await keepRun(ctx, learning, plan, output, epochs, featureSeconds);
}

export function stopTraining(ctx: CommandContext): void {
  stopJobs(ctx, LEARNING_KINDS);
}

export function cancelTraining(ctx: CommandContext): void {
  void cancelJobs(ctx, LEARNING_KINDS);
}

/** Has features computed for all images. @returns hashes of those that could not be read. */
export async function prepare(
  ctx: CommandContext,
  learning: Learning,
  { dataset, resizeMode, settings }: Project,
): Promise<ReadonlySet<string>> {
  ctx.store.setState({ live: null });
  const hashes = [...dataset.images.values()].map(({ hash }) => hash);
  return await prepareImages(ctx, learning, hashes, { resizeMode, stageCount: settings.fineTuneStages });
}

/** Has features computed for these images, and with stages the values at the cut. @returns those that could not be read. */
export async function prepareImages(
  ctx: CommandContext,
  learning: Learning,
  hashes: readonly ContentHash[],
  wanted: Omit<WantedFeatures, 'backbone' | 'views'>,
): Promise<ReadonlySet<ContentHash>> {
  const onProgress = showPreparing(ctx, learning, 0);
  onProgress({ doneCount: 0, totalCount: 0 });
  const ofBackbone = { ...wanted, backbone: backboneRef(learning.backbone) };
  const { failed, cacheFull } = await ensureFeatures(ctx, hashes, ofBackbone, learning.signal, onProgress);
  tellAboutPreparing(ctx, failed.size, cacheFull);
  return failed;
}

/** Has the changed views computed that a run needs. @returns hashes of images that could not be read for them. */
export async function prepareChanged(
  ctx: CommandContext,
  learning: Learning,
  plan: RunPlan,
): Promise<ReadonlySet<string>> {
  const shows = new Map<number, (progress: FeatureProgress) => void>();
  const { failed, cacheFull } = await prepareViews(ctx, plan, learning.signal, (progress, viewCount) => {
    const show = shows.get(viewCount) ?? showPreparing(ctx, learning, viewCount);
    shows.set(viewCount, show);
    show(progress);
  });
  tellAboutPreparing(ctx, failed.size, cacheFull);
  return failed;
}

/** Shows how far preparing is, from now on. */
function showPreparing(ctx: CommandContext, learning: Learning, viewCount: number) {
  const startedAtMs = ctx.now();
  return ({ doneCount, totalCount }: FeatureProgress) => {
    const { perSecond, secondsLeft } = progressRate(doneCount, totalCount, ctx.now() - startedAtMs);
    learning.showTraining({
      kind: 'preparing',
      viewCount,
      doneCount,
      totalCount,
      imagesPerSecond: perSecond,
      secondsLeft,
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

/**
 * Fixes what a run is made of. Classes without a training image are left out with their images: an output that was never
 * taught would only be wrong.
 *
 * @param failed hashes to leave out.
 * @param learnsFrom what has to be there of a class: for a cross-validation, which deals all images into folds, any image.
 * @throws CodedError 'too-few-images' when fewer than two classes are left.
 */
export function planRun(
  ctx: CommandContext,
  { project, backbone }: Pick<RunPlan, 'project' | 'backbone'>,
  failed: ReadonlySet<string>,
  kind: RunKind,
  origin: RunOrigin | null = null,
  learnsFrom: LearnsFrom = 'train-part',
): RunPlan {
  const { dataset } = project;
  const groups = groupsOf(dataset);
  const found = [...dataset.images.values()].filter(({ hash }) => !failed.has(hash));
  const foundParts = assignParts(grouped(found, groups), project.split);
  const isLearnt = (row: number) => learnsFrom === 'all-images' || foundParts[row] === 'train';
  const learnt = new Set(found.filter((_, row) => isLearnt(row)).map(({ classId }) => classId));
  if (learnt.size < 2) throw new CodedError('too-few-images', `training images of ${learnt.size} classes`);
  const classes = dataset.classes.filter(({ id }) => learnt.has(id));
  const indexOf = new Map(classes.map(({ id }, index) => [id, index]));
  const items = found.filter(({ classId }) => learnt.has(classId));
  const parts = foundParts.filter((_, row) => learnt.has(found[row]?.classId ?? ''));
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
    leftOut: leftOutOf(dataset.classes, found, learnt),
    teaching: null,
    note: '',
    continuedFromRunId: null,
    initialHead: null,
    tunedStart: null,
  };
  return origin === null ? plan : continuing(ctx, plan, origin);
}

function leftOutOf(
  classes: readonly ClassLabel[],
  items: readonly ImageItem[],
  learnt: ReadonlySet<ClassId>,
): RunPlan['leftOut'] {
  return classes
    .filter(({ id }) => !learnt.has(id))
    .map(({ id, name }) => ({ name, imageCount: items.filter(({ classId }) => classId === id).length }))
    .filter(({ imageCount }) => imageCount > 0);
}

async function train(
  ctx: CommandContext,
  learning: Learning,
  plan: RunPlan,
): Promise<{ output: TrainOutput; epochs: TrainEvent['epoch'][] }> {
  const { project, classes, rows, settings, kind, initialHead, tunedStart, teaching } = plan;
  const epochs: TrainEvent['epoch'][] = [];
  const { fineTuneStages: stageCount } = settings;
  const hasHeadPhase = tunedStart === null || tunedStart.isHeadFirst;
  const epochCount = (hasHeadPhase ? settings.epochs : 0) + (stageCount > 0 ? settings.fineTuneEpochs : 0);
  const phase = hasHeadPhase ? 'head' : 'fine-tune';
  const fineTuning = stageCount > 0 ? ({ phase, stageCount, hasHeadPhase } as const) : null;
  const stopping = learning.stopSignal.aborted;
  learning.showTraining({ kind: 'running', fineTuning, stopping, epochCount, imagesPerSecond: 0, secondsLeft: null });
  ctx.store.setState({
    live: emptyLive(classes, epochCount),
    // At the end of a search its results are what is looked at.
    ...(kind === 'search' ? {} : { tab: 'live' as const }),
  });
  const onEvent = (event: TrainEvent | StagesEvent) => {
    if ('stagesEpochCount' in event) {
      showStages(ctx, learning, event);
      return;
    }
    epochs.push(event.epoch);
    showEpoch(ctx, learning, event, [...epochs]);
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
    { signal: learning.signal, stopSignal: learning.stopSignal, onEvent },
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

function showEpoch(ctx: CommandContext, learning: Learning, event: TrainEvent, epochs: TrainEvent['epoch'][]): void {
  const { epochCount, confusion, confusionPart, imagesPerSecond, epoch } = event;
  const secondsLeft = ((epochCount - epoch.epochIndex - 1) * epochMs(epochs)) / 1000;
  ctx.store.setState(({ live }) => ({
    live: live === null ? null : { ...live, epochs, epochCount, confusion, confusionPart },
  }));
  learning.changeRunning((running) => {
    // What an epoch of the stages takes is known when one is over.
    const isKnown = running.fineTuning === null || epoch.phase === 'fine-tune';
    return { ...running, epochCount, imagesPerSecond, secondsLeft: isKnown ? secondsLeft : null };
  });
}

/** Mean time of an epoch of the phase under way, ms. */
function epochMs(epochs: readonly TrainEvent['epoch'][]): number {
  const last = epochs.at(-1);
  const before = epochs.findLast(({ phase }) => phase !== last?.phase);
  const count = epochs.length - (before === undefined ? 0 : before.epochIndex + 1);
  return ((last?.elapsedMs ?? 0) - (before?.elapsedMs ?? 0)) / Math.max(1, count);
}

/** The head is done, and the stages have begun. */
function showStages(ctx: CommandContext, learning: Learning, { stagesEpochCount: epochCount }: StagesEvent): void {
  ctx.store.setState(({ live }) => ({ live: live === null ? null : { ...live, epochCount } }));
  learning.changeRunning((running) => {
    if (running.fineTuning === null) return running;
    const fineTuning = { ...running.fineTuning, phase: 'fine-tune' } as const;
    return { ...running, fineTuning, epochCount, imagesPerSecond: 0, secondsLeft: null };
  });
}
