import { type Comparison, type ComparisonRow, joinComparisons } from '../domain/comparison.ts';
import type { CandidateFigures, CandidateInput, CandidateProgress } from '../engine/contract-measuring.ts';
import type { CompareOptions } from './commands.ts';
import { type ComparisonPlan, type PlannedCandidate, planComparison } from './comparison-plan.ts';
import { comparisonTimer } from './comparison-timer.ts';
import type { CommandContext } from './context.ts';
import { errorText, isAbort } from './error-text.ts';
import { type JobHandle, type Outcome, Refusal, runJob } from './job.ts';
import { notify, reportFailure } from './notices.ts';
import { changeProject } from './save-project.ts';

const STOPPED_EARLY = 'It was stopped before the first network was measured.';

/**
 * Measures backbones and baselines one after the other on the open project's photos. The backbone in use stays loaded and
 * usable; each finished row is kept in the project at once, also when the comparison is stopped or cancelled. A candidate
 * that fails is a row with its reason. The page is told why nothing comes of it.
 */
export async function compareBackbones(ctx: CommandContext, options: CompareOptions): Promise<Outcome<Comparison>> {
  const obstacle = () => {
    const plan = planComparison(ctx.store.getState(), options);
    return typeof plan === 'string' ? plan : null;
  };
  const outcome = await runJob(ctx, 'comparison', { progress: null, canStop: true, obstacle }, async (job) => {
    const plan = planComparison(ctx.store.getState(), options);
    if (typeof plan === 'string') throw new Refusal(plan);
    await measureAll(ctx, job, plan);
    job.check();
    const comparison = ctx.store.getState().project?.comparison ?? null;
    if (comparison === null) throw new Refusal(STOPPED_EARLY);
    return comparison;
  });
  if (outcome.kind === 'refused') notify(ctx.store, 'warning', 'Nothing was compared.', outcome.reason);
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  return outcome;
}

async function measureAll(ctx: CommandContext, job: JobHandle<'comparison'>, plan: ComparisonPlan): Promise<void> {
  const timer = comparisonTimer(plan.candidates, ctx.now);
  const signal = AbortSignal.any([job.signal, job.stopSignal]);
  const input = { ...(await engineInput(ctx, plan)) };
  for (const [index, planned] of plan.candidates.entries()) {
    if (signal.aborted) return;
    timer.begin(index);
    const onEvent = (progress: CandidateProgress) => show(job, plan, index, progress, timer.secondsLeft(progress));
    onEvent({ stage: 'loading', doneCount: 0, totalCount: 0 });
    const row = await measure(ctx, planned, { ...input, candidate: planned.candidate }, signal, onEvent);
    if (row !== null) keepRow(ctx, plan, row);
  }
  const cachedIds = await ctx.engine.call('cachedBackbones', null);
  ctx.store.setState((state) => ({ backbones: { ...state.backbones, cachedIds } }));
}

async function engineInput(
  ctx: CommandContext,
  { project, images }: ComparisonPlan,
): Promise<Omit<CandidateInput, 'candidate'>> {
  const { items, classIndices, classCount, folds, foldCount } = images;
  const blobs = await ctx.storage.originals.getMany([...new Set(items.map(({ hash }) => hash))]);
  return {
    // One whose bytes are gone cannot be read; the engine says so in its place.
    images: items.map(({ hash }) => ({ hash, blob: blobs.get(hash) ?? new Blob() })),
    classIndices,
    classCount,
    folds,
    foldCount,
    resizeMode: project.resizeMode,
  };
}

/** @returns null when it was stopped. */
async function measure(
  ctx: CommandContext,
  { id, name, kind }: PlannedCandidate,
  input: CandidateInput,
  signal: AbortSignal,
  onEvent: (progress: CandidateProgress) => void,
): Promise<ComparisonRow | null> {
  try {
    const figures = await ctx.engine.call('compareCandidate', input, { signal, onEvent });
    return { id, name, kind, result: measuredResult(figures, input.classIndices) };
  } catch (error) {
    if (isAbort(error)) return null;
    const { title } = errorText(error);
    return { id, name, kind, result: { kind: 'failed', reason: title } };
  }
}

function measuredResult({ predictedIndices, ...figures }: CandidateFigures, classIndices: readonly number[]) {
  const signOf = (predicted: number, row: number) => {
    if (predicted < 0) return '-';
    return predicted === classIndices[row] ? '1' : '0';
  };
  return { kind: 'measured' as const, ...figures, outcomes: predictedIndices.map(signOf).join('') };
}

function keepRow(ctx: CommandContext, { project, basis }: ComparisonPlan, row: ComparisonRow): void {
  const open = ctx.store.getState().project;
  if (open?.id !== project.id) return;
  const comparison = joinComparisons(open.comparison, { ...basis, endedAtMs: ctx.now(), rows: [row] });
  changeProject(ctx, { comparison });
}

function show(
  { report }: JobHandle<'comparison'>,
  { candidates }: ComparisonPlan,
  index: number,
  { stage, doneCount, totalCount }: CandidateProgress,
  secondsLeft: number | null,
): void {
  report({
    candidates: candidates.map(({ id, name }) => ({ id, name })),
    index,
    stage,
    doneCount,
    totalCount,
    secondsLeft,
  });
}
