import { type Comparison, type ComparisonRow, joinComparisons } from '../domain/comparison.ts';
import type { CandidateFigures, CandidateInput, CandidateProgress } from '../engine/contract-measuring.ts';
import type { CompareOptions } from './commands.ts';
import { type ComparisonPlan, type PlannedCandidate, planComparison } from './comparison-plan.ts';
import { comparisonTimer } from './comparison-timer.ts';
import type { CommandContext } from './context.ts';
import { errorText, isAbort } from './error-text.ts';
import { notify, reportFailure } from './notices.ts';
import { changeProject } from './save-project.ts';

const STOPPED_EARLY = 'It was stopped before the first network was measured.';

/** What became of a comparison: what it gave, or why it did not start or measured nothing. */
type CompareOutcome =
  | { readonly kind: 'done'; readonly comparison: Comparison }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Measures networks and baselines one after the other on the open project's photos. The network in use stays loaded and
 * usable; each finished row is kept in the project at once. A candidate that fails is a row with its reason.
 */
export async function compareBackbones(ctx: CommandContext, options: CompareOptions): Promise<CompareOutcome> {
  const reason = whyNotNow(ctx);
  const plan = reason ?? planComparison(ctx.store.getState(), options);
  if (typeof plan === 'string') return { kind: 'refused', reason: plan };
  // A network that is only on its way does not get into it, as with a training run.
  ctx.session.backboneLoad?.abort();
  const cancel = new AbortController();
  ctx.session.comparing = cancel;
  try {
    await measureAll(ctx, plan, cancel.signal);
  } finally {
    ctx.session.comparing = null;
    ctx.store.setState({ comparing: null });
  }
  const { project } = ctx.store.getState();
  const comparison = project?.id === plan.project.id ? project.comparison : null;
  return comparison === null ? { kind: 'refused', reason: STOPPED_EARLY } : { kind: 'done', comparison };
}

/** The same for the page, which shows what comes of it by itself and is told why nothing does. */
export async function compareOnPage(ctx: CommandContext, options: CompareOptions): Promise<void> {
  try {
    const outcome = await compareBackbones(ctx, options);
    if (outcome.kind === 'refused') notify(ctx.store, 'warning', 'Nothing was compared.', outcome.reason);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

/** Ends a comparison; the rows finished so far are kept. */
export function stopComparison(ctx: CommandContext): void {
  ctx.session.comparing?.abort();
}

function whyNotNow({ session, store }: CommandContext): string | null {
  if (session.comparing !== null) return 'One is running already.';
  if (session.training !== null) return 'A training run is using the device. Wait until it has ended, or stop it.';
  if (session.backboneLoad !== null && store.getState().backbones.current === null)
    return 'A network is being loaded. Wait until it is ready.';
  return null;
}

async function measureAll(ctx: CommandContext, plan: ComparisonPlan, signal: AbortSignal): Promise<void> {
  const timer = comparisonTimer(plan.candidates, ctx.now);
  const input = { ...(await engineInput(ctx, plan)) };
  for (const [index, planned] of plan.candidates.entries()) {
    if (signal.aborted) return;
    timer.begin(index);
    const onEvent = (progress: CandidateProgress) => show(ctx, plan, index, progress, timer.secondsLeft(progress));
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
  ctx: CommandContext,
  { candidates }: ComparisonPlan,
  index: number,
  { stage, doneCount, totalCount }: CandidateProgress,
  secondsLeft: number | null,
): void {
  if (ctx.session.comparing === null) return;
  ctx.store.setState({
    comparing: {
      candidates: candidates.map(({ id, name }) => ({ id, name })),
      index,
      stage,
      doneCount,
      totalCount,
      secondsLeft,
    },
  });
}
