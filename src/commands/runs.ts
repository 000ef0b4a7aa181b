import type { CommandContext } from './context.ts';
import { reportFailure } from './notices.ts';
import { changeProject, enqueueWrite } from './save-project.ts';

/** Makes a run the current one: its scores, its model for trying out and for the download. */
export async function openRun(ctx: CommandContext, runId: string): Promise<void> {
  const { project, runs } = ctx.store.getState();
  const run = runs.find(({ id }) => id === runId);
  if (project === null || run === undefined) return;
  try {
    const artifacts = await ctx.storage.runs.artifacts(project.id, runId);
    ctx.store.setState(({ training }) => ({
      artifacts,
      gallery: null,
      // What is told of a run that failed goes with its curves.
      training: training.kind === 'failed' ? { kind: 'idle' as const } : training,
      live: {
        epochs: run.curves,
        epochCount: run.settings.epochs,
        confusion: [],
        confusionPart: 'validation',
        classNames: run.classes.map(({ name }) => name),
        classColorIndices: run.classes.map(({ colorIndex }) => colorIndex),
      },
    }));
    if (project.currentRunId !== runId) changeProject(ctx, { currentRunId: runId });
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

export async function renameRun(ctx: CommandContext, runId: string, name: string): Promise<void> {
  const run = ctx.store.getState().runs.find(({ id }) => id === runId);
  const trimmed = name.trim();
  if (run === undefined || trimmed === '') return;
  const renamed = { ...run, name: trimmed };
  ctx.store.setState((state) => ({ runs: state.runs.map((other) => (other.id === runId ? renamed : other)) }));
  try {
    await enqueueWrite(ctx, () => ctx.storage.runs.save(renamed));
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

/** Deletes a run for good; when it was the current one, the latest that is left takes its place. */
export async function deleteRun(ctx: CommandContext, runId: string): Promise<void> {
  const { project, runs } = ctx.store.getState();
  if (project === null) return;
  try {
    await enqueueWrite(ctx, () => ctx.storage.runs.delete(project.id, runId));
  } catch (error) {
    reportFailure(ctx.store, error);
    return;
  }
  const left = runs.filter(({ id }) => id !== runId);
  ctx.store.setState({ runs: left });
  if (project.currentRunId !== runId) return;
  const next = left.at(-1);
  ctx.store.setState({ artifacts: null, gallery: null, live: null });
  changeProject(ctx, { currentRunId: next?.id ?? null });
  if (next !== undefined) await openRun(ctx, next.id);
}
