import { viewPlanOf } from '../domain/augmented-view.ts';
import { datasetFingerprint } from '../domain/fingerprint.ts';
import type { Run } from '../domain/run.ts';
import {
  candidatesOf,
  type PendingCandidate,
  pendingOf,
  planProblems,
  ranked,
  type SearchPlan,
} from '../domain/search.ts';
import { isSameSearchBasis, type SearchRecord } from '../domain/search-record.ts';
import { resolveSettings, type TrainingSettings } from '../domain/settings.ts';
import { checkSettings } from '../domain/settings-check.ts';
import type { TrainedCandidate } from '../engine/contract-measuring.ts';
import type { CommandContext } from './context.ts';
import { changeProject } from './save-project.ts';
import { startTraining } from './start-training.ts';
import { rowsWithoutTest, type Tuning, trainCounts, tune, withTrainingViews } from './tuning.ts';

/** What a search came to. */
export interface SearchOutcome {
  readonly record: SearchRecord;
  /** The best settings, trained and tested once; null when the search was stopped or nothing could be trained. */
  readonly run: Run | null;
}

/**
 * Tries settings on the training part, judges them on the validation part, and tests the best ones once at the end. Each
 * result is written into the project as soon as it is there; stopped or reloaded, the search goes on where it was left.
 *
 * @param plan null goes on with the search kept in the project.
 * @throws Error with a plain message when it cannot start; DOMException 'AbortError' when cancelled, results kept.
 */
export async function searchSettings(ctx: CommandContext, plan: SearchPlan | null): Promise<SearchOutcome> {
  const { project } = ctx.store.getState();
  const problems =
    plan === null || project === null ? [] : planProblems(plan, { ...project.settings, fineTuneStages: 0 });
  if (problems.length > 0) throw new Error(problems.join(' '));
  // What is gone on with keeps to the settings it began with, also where the form has others by now.
  const begunWith = plan === null ? project?.search?.settings : undefined;
  const isStopped = await tune(ctx, 'search', (tuning) => trainAll(ctx, tuning, plan), begunWith);
  const record = recordOf(ctx);
  const best = ranked(record.results)[0];
  const change = best === undefined ? undefined : record.candidates[best.candidateIndex];
  if (isStopped || change === undefined) return { record, run: null };
  const run = await startTraining(ctx, { settings: changed(record.settings, change), kind: 'search' });
  if (run !== null) keepRecord(ctx, run.projectId, { ...recordOf(ctx), runId: run.id });
  return { record: recordOf(ctx), run };
}

function recordOf(ctx: CommandContext): SearchRecord {
  const record = ctx.store.getState().project?.search ?? null;
  if (record === null) throw new Error('There is no search to go on with. Start one with a plan.');
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
    throw new Error(
      'A search needs validation images to choose by. Give the validation part a share under Data split.',
    );
  }
  const basis = basisOf(ctx, project);
  const record = plan === null ? recordOf(ctx) : newRecord(plan, project.settings, basis, ctx.now());
  if (!isSameSearchBasis(record.basis, basis)) {
    throw new Error('Images, labels, split or network changed since this search. Start a new one.');
  }
  if (pendingOf(record.plan, record.candidates.length, record.results).length === 0) return false;
  // Cancelled before its first try, a search leaves the one before it as it was.
  const ready = { ...tuning, plan: await withTrainingViews(ctx, tuning) };
  keepRecord(ctx, project.id, record);
  for (;;) {
    const { candidates, results, elapsedMs } = recordOf(ctx);
    const pending = pendingOf(record.plan, candidates.length, results);
    const limitMs = record.plan.minutes === null ? Number.POSITIVE_INFINITY : record.plan.minutes * 60_000 - elapsedMs;
    if (pending.length === 0 || limitMs <= 0) return false;
    const ended = await trainRung(ctx, ready, pending, limitMs);
    if (ended === 'stopped') return true;
    if (ended === 'out-of-time') return false;
  }
}

async function trainRung(
  ctx: CommandContext,
  { plan, act, show }: Tuning,
  pending: readonly PendingCandidate[],
  limitMs: number,
): Promise<'done' | 'stopped' | 'out-of-time'> {
  const { settings, candidates, elapsedMs } = recordOf(ctx);
  const classCounts = trainCounts(plan);
  const startedMs = ctx.now();
  const stop = new AbortController();
  act.stop.signal.addEventListener('abort', () => stop.abort(), { once: true });
  const onEvent = ({ index, ...figures }: TrainedCandidate) => {
    const { candidateIndex = 0, rung = 0 } = pending[index] ?? {};
    const spentMs = ctx.now() - startedMs;
    const before = recordOf(ctx);
    const results = [...before.results, { candidateIndex, rung, ...figures }];
    keepRecord(ctx, plan.project.id, { ...before, results, elapsedMs: elapsedMs + spentMs });
    show(index + 1, pending.length);
    if (spentMs >= limitMs) stop.abort();
  };
  show(0, pending.length);
  const input = {
    rows: rowsWithoutTest(plan),
    classCount: plan.classes.length,
    views: viewPlanOf(plan.settings, plan.settings.augmentViews),
    candidates: pending.map(({ candidateIndex, epochRatio }) => {
      const chosen = resolveSettings(changed(settings, candidates[candidateIndex] ?? {}), { classCounts });
      return { settings: { ...chosen, epochs: Math.max(1, Math.round(chosen.epochs * epochRatio)) }, trainRows: null };
    }),
    resizeMode: plan.project.resizeMode,
  };
  const { doneCount } = await ctx.engine.call('trainMany', input, {
    signal: act.cancel.signal,
    stopSignal: stop.signal,
    onEvent,
  });
  if (act.stop.signal.aborted) return 'stopped';
  return doneCount < pending.length ? 'out-of-time' : 'done';
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

function basisOf(ctx: CommandContext, project: Tuning['plan']['project']): SearchRecord['basis'] {
  return {
    datasetFingerprint: datasetFingerprint(project.dataset, project.split),
    backboneId: ctx.store.getState().backbones.current?.id ?? 'unknown',
    resizeMode: project.resizeMode,
  };
}

/** A result of another project than the open one has nowhere to go: the search ends. */
function keepRecord(ctx: CommandContext, projectId: string, search: SearchRecord): void {
  if (ctx.store.getState().project?.id === projectId) changeProject(ctx, { search });
  else ctx.session.training?.cancel.abort();
}
