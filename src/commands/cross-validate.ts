import { backboneRef } from '../domain/backbone.ts';
import { type FoldModel, partsOfFold, scoreFolds } from '../domain/cross-validation.ts';
import { foldsOf } from '../domain/folds.ts';
import { groupIndices } from '../domain/group-words.ts';
import { grouped, groupsOf } from '../domain/groups.ts';
import type { Predictions, Run, RunArtifacts } from '../domain/run.ts';
import type { TrainingSettings } from '../domain/settings.ts';
import { checkSettings } from '../domain/settings-check.ts';
import type { JudgedFold, TrialEpoch } from '../engine/contract-measuring.ts';
import type { CommandContext } from './context.ts';
import { type Outcome, Refusal } from './job.ts';
import { describeRun, writeRun } from './keep-run.ts';
import { withoutImages } from './prepare-views.ts';
import type { RunPlan } from './run-plan.ts';
import { openRun } from './runs.ts';
import { prepareChanged } from './start-training.ts';
import { type Tuning, tune } from './tuning.ts';

/** With fewer judged folds there is no spread to speak of. */
const FEWEST_JUDGED = 2;

const NO_GUARD =
  'Fine-tuning needs validation images in every fold to tell whether it helps. Add images, or give the validation part a larger share under Data split.';

const tooFewGroups = (foldCount: number) =>
  `${foldCount} folds need at least ${foldCount} groups or single images: a burst stays in one fold. Add images of other moments, or choose fewer folds.`;

/**
 * Deals all images into folds, trains a head for each fold on the others, and stages of the network where the settings ask
 * for them, and keeps the predictions of images by models that
 * had not seen them as a run of kind 'cross-validation'. The run in use stays in use where there is one. Stopped, the
 * folds done so far are kept.
 *
 * @param change of the project's settings for this time; the project keeps its own.
 */
export async function crossValidate(
  ctx: CommandContext,
  change: Partial<TrainingSettings> = {},
): Promise<Outcome<Run>> {
  const asked = () => checkSettings({ ...ctx.store.getState().project?.settings, ...change });
  const obstacle = () => {
    const { problems } = asked();
    return problems.length === 0 ? null : problems.map(({ message }) => message).join(' ');
  };
  const settings = () => asked().settings;
  const outcome = await tune(ctx, 'cross-validation', { obstacle, settings }, (tuning) =>
    judgeFolds(ctx, tuning, ctx.now()),
  );
  const { project } = ctx.store.getState();
  if (outcome.kind !== 'done') return outcome;
  const { id, projectId } = outcome.value;
  if (project?.id === projectId && project.currentRunId === null) await openRun(ctx, id);
  return outcome;
}

async function judgeFolds(ctx: CommandContext, tuning: Tuning, startedMs: number): Promise<Run> {
  const { learning } = tuning;
  const plan = await withViews(ctx, tuning);
  const { project, classes, rows, items, settings } = plan;
  const { folds: foldCount } = settings;
  if (new Set(rows.hashes).size < foldCount) {
    throw new Refusal(
      `${foldCount} folds need at least ${foldCount} different images. Add images, or choose fewer folds.`,
    );
  }
  const units = grouped(items, groupsOf(project.dataset));
  if (new Set(units.map(({ groupId }) => groupId)).size < foldCount) throw new Error(tooFewGroups(foldCount));
  const foldOf = foldsOf(units, foldCount, project.split.seed);
  const partsByFold = Array.from({ length: foldCount }, (_, fold) => partsOfFold(units, foldOf, fold, project.split));
  if (settings.fineTuneStages > 0 && partsByFold.some((parts) => !parts.includes('validation')))
    throw new Refusal(NO_GUARD);
  const { hashes, classIndices, groupIds } = rows;
  const classCount = classes.length;
  const backbone = backboneRef(plan.backbone);
  const featureSeconds = (ctx.now() - startedMs) / 1000;
  const models: FoldModel[] = [];
  const { probabilities, doneCount } = await ctx.engine.call(
    'crossValidate',
    { backbone, hashes, classIndices, classCount, partsByFold, groupIds, settings, resizeMode: project.resizeMode },
    {
      signal: learning.signal,
      stopSignal: learning.stopSignal,
      onEvent: followFolds(tuning, foldCount, models),
    },
  );
  learning.check();
  if (doneCount < FEWEST_JUDGED) {
    throw new Refusal(
      'It was stopped before two folds were judged, so there is nothing to compare. Earlier runs are kept.',
    );
  }
  const predictions: Predictions = {
    imageIds: items.map(({ id }) => id),
    // Each was predicted by a model that had not seen it.
    parts: items.map(() => 'test'),
    classIndices,
    classCount,
    groupIndices: groupIndices(rows.groupIds),
    probabilities,
  };
  const seconds = {
    features: featureSeconds,
    training: (ctx.now() - startedMs) / 1000 - featureSeconds,
    evaluation: 0,
  };
  return await keep(ctx, plan, predictions, { foldOf, doneCount, models }, seconds);
}

/** Shows every fold as it is scored, and notes in `models` what became of its model. */
function followFolds({ show }: Tuning, foldCount: number, models: FoldModel[]) {
  show(0, foldCount);
  return (event: JudgedFold | TrialEpoch) => {
    if ('trialIndex' in event) {
      const { trialIndex, phase, stagesDoneRatio: doneRatio } = event;
      show(trialIndex, foldCount, { phase, doneRatio });
      return;
    }
    const { stagesKept, chosenHead } = event;
    models[event.foldIndex] = { stagesKept, chosenHead };
    show(event.foldIndex + 1, foldCount);
  };
}

/** Every image is to learn from in some folds and to judge by in one, so each needs the views of both. */
async function withViews(ctx: CommandContext, { plan, learning }: Tuning): Promise<RunPlan> {
  const allIn = (part: 'train' | 'test') => ({ ...plan.rows, parts: plan.rows.parts.map(() => part) });
  const failed = new Set<string>();
  for (const part of ['train', 'test'] as const) {
    const unread = await prepareChanged(ctx, learning, { ...plan, rows: allIn(part) });
    for (const hash of unread) failed.add(hash);
  }
  learning.check();
  learning.showTraining(null);
  return withoutImages(plan, failed);
}

interface FoldOutcome {
  /** By image. */
  readonly foldOf: readonly number[];
  readonly doneCount: number;
  /** By fold. */
  readonly models: readonly FoldModel[];
}

async function keep(
  ctx: CommandContext,
  plan: RunPlan,
  all: Predictions,
  { foldOf, doneCount, models }: FoldOutcome,
  seconds: Run['seconds'],
): Promise<Run> {
  const isJudged = (_: unknown, row: number) => (foldOf[row] ?? 0) < doneCount;
  const { classCount } = all;
  const predictions: Predictions = {
    imageIds: all.imageIds.filter(isJudged),
    parts: all.parts.filter(isJudged),
    classIndices: all.classIndices.filter(isJudged),
    classCount,
    ...(all.groupIndices === undefined ? {} : { groupIndices: all.groupIndices.filter(isJudged) }),
    probabilities: all.probabilities.filter((_, index) => isJudged(_, Math.floor(index / classCount))),
  };
  const { folds: foldCount } = plan.settings;
  const crossValidation = scoreFolds(predictions, foldOf.filter(isJudged), foldCount, models);
  const end = doneCount < foldCount ? 'stopped-by-user' : 'all-epochs';
  const judged: RunPlan = { ...plan, kind: 'cross-validation', rows: { ...plan.rows, parts: predictions.parts } };
  const described = describeRun(
    ctx,
    judged,
    { end, bestEpochIndex: 0, tuned: null, guard: null, classifier: null, fallback: null, settings: null },
    [],
    predictions,
    seconds,
  );
  const name = `Cross-validation ${ctx.store.getState().runs.length + 1}`;
  const run: Run = { ...described, name, modelBytes: null, imageMs: null, crossValidation };
  const artifacts: RunArtifacts = { runId: run.id, head: null, tuned: null, predictions };
  await writeRun(ctx, run, artifacts);
  if (ctx.store.getState().project?.id === run.projectId) ctx.store.setState(({ runs }) => ({ runs: [...runs, run] }));
  return run;
}
