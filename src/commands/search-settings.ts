import { testPlanOf, viewPlanOf } from '../domain/augmented-view.ts';
import { backboneRef } from '../domain/backbone.ts';
import { datasetFingerprint } from '../domain/fingerprint.ts';
import type { Run } from '../domain/run.ts';
import {
  candidatesOf,
  type PendingCandidate,
  pendingOf,
  planProblems,
  ranked,
  type SearchPlan,
  settingsToSearch,
} from '../domain/search.ts';
import { isSameSearchBasis, type SearchRecord } from '../domain/search-record.ts';
import { type ResolvedSettings, resolveSettings, type TrainingSettings } from '../domain/settings.ts';
import { checkSettings } from '../domain/settings-check.ts';
import { stagesToTrain } from '../domain/stages-to-train.ts';
import type { TrainedCandidate, TrialEpoch } from '../engine/contract-measuring.ts';
import type { CommandContext } from './context.ts';
import { type Outcome, Refusal } from './job.ts';
import { changeProject } from './save-project.ts';
import { preparedBatches } from './search-batches.ts';
import { trainRun } from './start-training.ts';
import { rowsWithoutTest, type Tuning, trainCounts, tune } from './tuning.ts';

/** What a search came to. */
export interface SearchOutcome {
  readonly record: SearchRecord;
  /** The best settings, trained and tested once; null when the search was stopped or nothing could be trained. */
  readonly run: Run | null;
}

/**
 * Tries settings on the training part, stages of the backbone where they ask for some, scores them on the validation part,
 * and tests the best ones once at the end. Each result is written into the project as soon as it is there; cancelled,
 * stopped or reloaded, the search goes on where it was left.
 *
 * @param plan null goes on with the search kept in the project.
 */
export function searchSettings(ctx: CommandContext, plan: SearchPlan | null): Promise<Outcome<SearchOutcome>> {
  const obstacle = () => {
    const { project, backbones } = ctx.store.getState();
    if (project === null || plan === null) return project?.search === null ? NO_SEARCH : null;
    const stageCount = backbones.current?.stages.length ?? null;
    const problems = planProblems(plan, { settings: settingsToSearch(project.settings), stageCount });
    return problems.length === 0 ? null : problems.join(' ');
  };
  // What is gone on with keeps to the settings it began with, also where the form has others by now.
  const settings = () => {
    const { project } = ctx.store.getState();
    if (project === null) return undefined;
    return plan === null ? project.search?.settings : settingsToSearch(project.settings);
  };
  return tune(ctx, 'search', { obstacle, settings }, (tuning) => searchAndTest(ctx, tuning, plan));
}

const NO_SEARCH = 'There is no search to go on with. Start one with a plan.';

async function searchAndTest(ctx: CommandContext, tuning: Tuning, plan: SearchPlan | null): Promise<SearchOutcome> {
  const { learning } = tuning;
  const isStopped = await trainAll(ctx, tuning, plan);
  learning.check();
  const record = recordOf(ctx);
  const best = ranked(record.results)[0];
  const change = best === undefined ? undefined : record.candidates[best.candidateIndex];
  if (isStopped || change === undefined) return { record, run: null };
  learning.showTuning(null);
  const run = await trainRun(ctx, learning, { settings: changed(record.settings, change), kind: 'search' });
  if (ctx.store.getState().project?.id !== run.projectId) return { record, run };
  keepRecord(ctx, run.projectId, { ...recordOf(ctx), runId: run.id });
  return { record: recordOf(ctx), run };
}

function recordOf(ctx: CommandContext): SearchRecord {
  const record = ctx.store.getState().project?.search ?? null;
  if (record === null) throw new Refusal(NO_SEARCH);
  return record;
}

/** The project's settings with a candidate's in their place. */
function changed(settings: TrainingSettings, change: SearchRecord['candidates'][number]): TrainingSettings {
  return checkSettings({ ...settings, ...change }).settings;
}

/** @returns true when the user stopped it before the end. */
async function trainAll(ctx: CommandContext, tuning: Tuning, plan: SearchPlan | null): Promise<boolean> {
  const { project } = tuning.plan;
  if (!tuning.plan.rows.parts.includes('validation')) {
    throw new Refusal(
      'A search needs validation images to choose by. Give the validation part a share under Data split.',
    );
  }
  const basis = basisOf(tuning.plan);
  const record = plan === null ? recordOf(ctx) : newRecord(plan, project.settings, basis, ctx.now());
  if (!isSameSearchBasis(record.basis, basis)) {
    throw new Refusal('Images, labels, split or network changed since this search. Start a new one.');
  }
  for (let latest = record; ; latest = recordOf(ctx)) {
    const pending = pendingOf(latest.plan, latest.candidates.length, latest.results);
    if (pending.length === 0) return false;
    const ended = await trainRung(ctx, tuning, latest, pending);
    if (ended !== 'done') return ended === 'stopped';
  }
}

/** A candidate with the settings it is trained with. */
interface ReadyCandidate extends PendingCandidate {
  readonly settings: ResolvedSettings;
}

type Ended = 'done' | 'stopped' | 'out-of-time';

async function trainRung(
  ctx: CommandContext,
  tuning: Tuning,
  record: SearchRecord,
  pending: readonly PendingCandidate[],
): Promise<Ended> {
  const { plan, learning, show } = tuning;
  const { settings, candidates } = record;
  const classCounts = trainCounts(plan);
  const stageCount = plan.backbone.stages.length;
  const ready = pending.map((one): ReadyCandidate => {
    const chosen = resolveSettings(changed(settings, candidates[one.candidateIndex] ?? {}), { classCounts });
    const epochs = Math.max(1, Math.round(chosen.epochs * one.epochRatio));
    return { ...one, settings: { ...chosen, epochs, fineTuneStages: stagesToTrain(chosen, stageCount) } };
  });
  let doneCount = 0;
  for await (const batch of preparedBatches(ctx, learning, plan, ready)) {
    // Cancelled before its first try, a search leaves the one before it as it was.
    if (ctx.store.getState().project?.search?.startedAtMs !== record.startedAtMs)
      keepRecord(ctx, plan.project.id, record);
    const from = doneCount;
    const shown: Tuning['show'] = (done, _, stages) => show(from + done, ready.length, stages);
    const ended = await trainBatch(ctx, { ...tuning, plan: batch.plan, show: shown }, batch.candidates);
    if (ended !== 'done') return ended;
    doneCount += batch.candidates.length;
  }
  return 'done';
}

async function trainBatch(
  ctx: CommandContext,
  { plan, learning, show }: Tuning,
  candidates: readonly ReadyCandidate[],
): Promise<Ended> {
  const { elapsedMs, plan: searched } = recordOf(ctx);
  const limitMs = searched.minutes === null ? Number.POSITIVE_INFINITY : searched.minutes * 60_000 - elapsedMs;
  if (learning.stopSignal.aborted) return 'stopped';
  if (limitMs <= 0) return 'out-of-time';
  const startedMs = ctx.now();
  const stop = new AbortController();
  learning.stopSignal.addEventListener('abort', () => stop.abort(), { once: true });
  const onEvent = (event: TrainedCandidate | TrialEpoch) => {
    const spentMs = ctx.now() - startedMs;
    const before = recordOf(ctx);
    if ('index' in event) {
      const { index, ...figures } = event;
      const { candidateIndex = 0, rung = 0 } = candidates[index] ?? {};
      const results = [...before.results, { candidateIndex, rung, ...figures }];
      keepRecord(ctx, plan.project.id, { ...before, results, elapsedMs: elapsedMs + spentMs });
      show(index + 1, candidates.length);
    } else {
      show(event.trialIndex, candidates.length, { phase: event.phase, doneRatio: event.stagesDoneRatio });
    }
    // One result is kept in any case: with none the time was for nothing.
    if (spentMs >= limitMs && recordOf(ctx).results.length > 0) stop.abort();
  };
  show(0, candidates.length);
  const input = {
    backbone: backboneRef(plan.backbone),
    rows: rowsWithoutTest(plan),
    classCount: plan.classes.length,
    views: viewPlanOf(plan.settings, plan.settings.augmentViews),
    testViews: testPlanOf(plan.settings),
    candidates: candidates.map(({ settings }) => ({ settings, trainRows: null })),
    resizeMode: plan.project.resizeMode,
  };
  const { doneCount } = await ctx.engine.call('trainMany', input, {
    signal: learning.signal,
    stopSignal: stop.signal,
    onEvent,
  });
  if (learning.stopSignal.aborted) return 'stopped';
  return doneCount < candidates.length ? 'out-of-time' : 'done';
}

function newRecord(
  plan: SearchPlan,
  settings: TrainingSettings,
  basis: SearchRecord['basis'],
  startedAtMs: number,
): SearchRecord {
  return {
    plan,
    settings,
    candidates: candidatesOf(plan, settings),
    results: [],
    basis,
    startedAtMs,
    elapsedMs: 0,
    runId: null,
  };
}

function basisOf({ project, backbone }: Tuning['plan']): SearchRecord['basis'] {
  return {
    datasetFingerprint: datasetFingerprint(project.dataset, project.split),
    backboneId: backbone.id,
    backboneSha256: backbone.sha256,
    resizeMode: project.resizeMode,
  };
}

/** A result of another project than the open one has nowhere to go. */
function keepRecord(ctx: CommandContext, projectId: string, search: SearchRecord): void {
  if (ctx.store.getState().project?.id === projectId) changeProject(ctx, { search });
}
