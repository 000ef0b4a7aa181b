import { testPlanOf } from '../domain/augmented-view.ts';
import { backboneRef } from '../domain/backbone.ts';
import { type BeforeTraining, beforeTraining } from '../domain/before-training.ts';
import { classPartsOf } from '../domain/class-coverage.ts';
import type { Part } from '../domain/dataset.ts';
import { datasetFingerprint } from '../domain/fingerprint.ts';
import { countGroups, groupIndices } from '../domain/group-words.ts';
import { headBytes } from '../domain/head.ts';
import { NO_HELD_OUT_EDITS } from '../domain/held-out-edits.ts';
import { scorePredictions } from '../domain/metrics/scores.ts';
import type { EpochRecord, Predictions, Run, RunArtifacts } from '../domain/run.ts';
import { nextRunName } from '../domain/run-words.ts';
import { automaticSettings, type ResolvedSettings, SETTINGS, type SettingKey } from '../domain/settings.ts';
import { straddlingGroups } from '../domain/split.ts';
import type { TrainOutput } from '../engine/contract.ts';
import type { CommandContext } from './context.ts';
import { errorCode, errorText, isAbort } from './error-text.ts';
import type { Learning } from './learning.ts';
import { notify } from './notices.ts';
import { heldOutHashes } from './prepare-views.ts';
import { priorRunOf } from './prior-run.ts';
import type { RunPlan } from './run-plan.ts';
import { changeProject, enqueueWrite } from './save-project.ts';

/**
 * Predicts every image that took part, writes the run with its scores, and makes it the current one. The best settings of
 * a search do not replace a model that is in use: their run is listed, and offered.
 * With a full disk the run is kept in memory, and the user told so.
 * @throws AbortError when the training was cancelled before the run was written.
 */
export async function keepRun(
  ctx: CommandContext,
  { check }: Pick<Learning, 'check'>,
  planned: RunPlan,
  output: TrainOutput,
  epochs: readonly EpochRecord[],
  featureSeconds: number,
): Promise<Run> {
  const startedMs = ctx.now();
  const plan = output.learntFromValidation ? withoutValidation(planned) : planned;
  const { project, classes, rows, items } = plan;
  const classCount = classes.length;
  const plain = await ctx.engine.call('predict', {
    backbone: backboneRef(plan.backbone),
    hashes: rows.hashes,
    head: output.head,
    tuned: output.tuned,
    resizeMode: project.resizeMode,
  });
  const headMs = (ctx.now() - startedMs) / Math.max(1, rows.hashes.length);
  const probabilities = await overViews(ctx, plan, output, plain);
  const predictions: Predictions = {
    imageIds: items.map(({ id }) => id),
    parts: rows.parts,
    classIndices: rows.classIndices,
    classCount,
    groupIndices: groupIndices(rows.groupIds),
    probabilities,
  };
  const seconds = {
    features: featureSeconds,
    training: output.elapsedMs / 1000,
    evaluation: (ctx.now() - startedMs) / 1000,
  };
  const cost = modelCost(plan, output, headMs);
  const described = describeRun(ctx, plan, output, epochs, predictions, seconds);
  const baseline = await judgeBaseline(ctx, plan, described, predictions);
  const prior = await priorRunOf(ctx, project.id, { classes, predictions });
  const run: Run = { ...described, ...cost, beforeTraining: baseline, prior };
  check();
  const artifacts: RunArtifacts = { runId: run.id, head: output.head, tuned: output.tuned, predictions };
  const isSaved = await writeRun(ctx, run, artifacts);
  // Train asks for a new model; a search asks for settings. One that found no room on the disk can be kept in no other way.
  if (plan.kind === 'search' && prior !== null && isSaved) listRun(ctx, run);
  else putInUse(ctx, run, artifacts);
  return run;
}

/** The images of the validation part were learnt from: they count as what they were, or their score would be one of known images. */
function withoutValidation(plan: RunPlan): RunPlan {
  const parts = plan.rows.parts.map((part): Part => (part === 'validation' ? 'train' : part));
  return { ...plan, rows: { ...plan.rows, parts } };
}

/**
 * What class averages say of the held-out images. It stands beside the run: where it cannot be had, the run is kept
 * without it, and the user is told why.
 */
async function judgeBaseline(
  ctx: CommandContext,
  { project, backbone, rows, classes }: RunPlan,
  { settings, fallback }: Pick<Run, 'settings' | 'fallback'>,
  predictions: Predictions,
): Promise<BeforeTraining | null> {
  const isHeldOut = rows.parts.some((part) => part !== 'train');
  if (settings.head === 'prototypes' || fallback === 'class-means' || !isHeldOut) return null;
  const { resizeMode } = project;
  const input = { backbone: backboneRef(backbone), rows, classCount: classes.length, resizeMode };
  try {
    return beforeTraining(predictions, await ctx.engine.call('predictFromAverages', input));
  } catch (error) {
    const { title, advice } = errorText(error);
    const why = `The run is kept, without its score before any training. ${title} ${advice}`;
    if (!isAbort(error))
      notify(ctx.store, 'warning', 'What the photos say before any training could not be judged.', why);
    return null;
  }
}

/** Where the settings ask for it, held-out images get the mean over the image and its changed views. */
async function overViews(
  ctx: CommandContext,
  { project, backbone, rows, settings, classes }: RunPlan,
  { head, tuned }: TrainOutput,
  plain: Float32Array,
): Promise<Float32Array> {
  const views = testPlanOf(settings);
  if (views === null) return plain;
  const { resizeMode } = project;
  const averaged = await ctx.engine.call('predict', {
    backbone: backboneRef(backbone),
    hashes: heldOutHashes(rows),
    head,
    tuned,
    resizeMode,
    views,
  });
  const probabilities = plain.slice();
  const heldOut = rows.parts.flatMap((part, row) => (part === 'train' ? [] : [row]));
  heldOut.forEach((row, index) => {
    const from = index * classes.length;
    probabilities.set(averaged.subarray(from, from + classes.length), row * classes.length);
  });
  return probabilities;
}

/** With a full disk the user is told so, and the run lasts until the page is reloaded. @returns whether it was saved. */
export async function writeRun(ctx: CommandContext, run: Run, artifacts: RunArtifacts): Promise<boolean> {
  try {
    await enqueueWrite(ctx, () => ctx.storage.runs.save(run, artifacts));
    return true;
  } catch (error) {
    if (errorCode(error) !== 'disk-full') throw error;
    notify(
      ctx.store,
      'error',
      'The disk space of this browser is used up, so this run is not saved.',
      'Its model can be used and downloaded until the page is reloaded. To keep a run, delete a project you no longer need, then train again.',
    );
    return false;
  }
}

/** Shows a run among the others; the model in use stays. */
function listRun(ctx: CommandContext, run: Run): void {
  if (ctx.store.getState().project?.id === run.projectId) ctx.store.setState(({ runs }) => ({ runs: [...runs, run] }));
}

function putInUse(ctx: CommandContext, run: Run, artifacts: RunArtifacts): void {
  const { project } = ctx.store.getState();
  if (project?.id !== run.projectId) return;
  ctx.store.setState((state) => ({ runs: [...state.runs, run], artifacts, gallery: null }));
  const { id, name, sha256 } = run.backbone;
  const network = { id, name, sha256 };
  changeProject(ctx, { currentRunId: run.id, network });
}

/** What the model takes of a disk and of a device. */
function modelCost({ backbone }: RunPlan, { head }: TrainOutput, headMs: number): Pick<Run, 'modelBytes' | 'imageMs'> {
  return {
    modelBytes: Float32Array.BYTES_PER_ELEMENT * backbone.parameterCount + headBytes(head),
    imageMs: backbone.millisecondsPerImage + headMs,
  };
}

/** Settings that training decided beyond those left to `auto`, as Automatic does the penalty. */
function changedKeys(planned: ResolvedSettings, decided: ResolvedSettings | null): SettingKey[] {
  if (decided === null) return [];
  return SETTINGS.map(({ key }) => key).filter((key) => decided[key] !== planned[key]);
}

/** Everything of a run but what its model costs. */
export function describeRun(
  ctx: CommandContext,
  {
    project,
    backbone,
    classes,
    rows,
    settings: planned,
    kind,
    startedAtMs,
    continuedFromRunId,
    note,
    leftOut,
  }: RunPlan,
  output: Pick<TrainOutput, 'end' | 'bestEpochIndex' | 'tuned' | 'guard' | 'classifier' | 'fallback' | 'settings'>,
  epochs: readonly EpochRecord[],
  predictions: Predictions,
  seconds: Run['seconds'],
): Omit<Run, 'modelBytes' | 'imageMs'> {
  const { engine, runs } = ctx.store.getState();
  const test = scorePredictions(predictions, 'test', classes.length);
  const validation = scorePredictions(predictions, 'validation', classes.length);
  const countOf = (part: string) => rows.parts.filter((other) => other === part).length;
  const { trainRatio, validationRatio, testRatio } = project.split;
  return {
    id: ctx.newId(),
    projectId: project.id,
    kind: output.guard === null && output.tuned === null ? kind : 'fine-tune',
    name: nextRunName(runs),
    pinned: false,
    note,
    continuedFromRunId,
    startedAtMs,
    end: output.end,
    settings: output.settings ?? planned,
    automaticSettings: [...new Set([...automaticSettings(project.settings), ...changedKeys(planned, output.settings)])],
    backbone: {
      id: backbone.id,
      sha256: backbone.sha256,
      name: backbone.name,
      featureLength: backbone.featureLength,
    },
    backend: engine.kind === 'ready' ? engine.device.backend : 'unknown',
    resizeMode: project.resizeMode,
    classes,
    partCounts: { train: countOf('train'), validation: countOf('validation'), test: countOf('test') },
    splitRatios: { train: trainRatio, validation: validationRatio, test: testRatio },
    splitSeed: project.split.seed,
    curves: epochs,
    bestEpochIndex: output.bestEpochIndex,
    scores: {
      testCount: test.imageCount,
      ...(test.independentCount < test.imageCount ? { testIndependentCount: test.independentCount } : {}),
      testAccuracyRatio: test.accuracy?.ratio ?? null,
      testMacroF1Ratio: test.imageCount === 0 ? null : test.macro.f1Ratio,
      validationAccuracyRatio: validation.accuracy?.ratio ?? null,
    },
    seconds,
    tunedStageCount: output.tuned?.stageCount ?? 0,
    guard: output.guard,
    beforeTraining: null,
    classifier: output.classifier,
    fallback: output.fallback,
    groups: countGroups(rows.groupIds, rows.hashes, straddlingGroups(rows)),
    crossValidation: null,
    measuredSizes: null,
    classParts: classPartsOf(predictions),
    leftOut,
    heldOutEdits: project.dataset.heldOutEdits ?? NO_HELD_OUT_EDITS,
    prior: null,
    datasetFingerprint: datasetFingerprint(project.dataset, project.split),
  };
}
