import { toCsv } from '../domain/csv.ts';
import type { Run, RunArtifacts } from '../domain/run.ts';
import { compareJudged, type JudgedRun, type RunComparison } from '../domain/run-comparison.ts';
import { runRecord, runTable } from '../domain/run-table.ts';
import { downloadBlob } from '../files/download-blob.ts';
import { safeName } from '../files/safe-names.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { MOST_CHOSEN_RUNS } from '../state/app-state.ts';
import { isLearning } from '../state/job-selectors.ts';
import type { RunChange } from './commands.ts';
import type { CommandContext } from './context.ts';
import { type JobHandle, type Outcome, Refusal, runJob } from './job.ts';
import { reportFailure } from './notices.ts';
import { changeProject, enqueueWrite } from './save-project.ts';

/**
 * Makes a run the current one: its scores, its model for trying out and for the download. Of several that are asked for in
 * turn the last one is shown.
 */
export async function openRun(ctx: CommandContext, runId: string): Promise<Outcome<Run>> {
  const outcome = await runJob(ctx, 'run', { progress: null }, (job) => showStoredRun(ctx, runId, job));
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  return outcome;
}

async function showStoredRun(ctx: CommandContext, runId: string, { check }: JobHandle<'run'>): Promise<Run> {
  const run = ctx.store.getState().runs.find(({ id }) => id === runId);
  if (run === undefined) throw new Refusal('There is no such run in this project.');
  const artifacts = await runArtifacts(ctx, run);
  check();
  // It may have been deleted meanwhile.
  if (!ctx.store.getState().runs.some(({ id }) => id === runId)) throw new Refusal(`${run.name} was deleted.`);
  ctx.store.setState({
    artifacts,
    gallery: null,
    // What is told of a run that failed goes with its curves.
    trainingFailure: null,
    ...(isLearning(ctx.store.getState())
      ? {}
      : {
          live: {
            epochs: run.curves,
            epochCount: run.settings.epochs,
            confusion: [],
            confusionPart: 'validation',
            classNames: run.classes.map(({ name }) => name),
            classColorIndices: run.classes.map(({ colorIndex }) => colorIndex),
          },
        }),
  });
  if (ctx.store.getState().project?.currentRunId !== runId) changeProject(ctx, { currentRunId: runId });
  return run;
}

/** The heavy half of a run; of one that found no room on the disk, what memory holds. */
export async function runArtifacts(ctx: CommandContext, { projectId, id }: Run): Promise<RunArtifacts | null> {
  const { artifacts } = ctx.store.getState();
  return artifacts?.runId === id ? artifacts : await ctx.storage.runs.artifacts(projectId, id);
}

/** Renames, pins or notes. An empty name changes nothing. */
export async function changeRun(ctx: CommandContext, runId: string, change: RunChange): Promise<void> {
  const run = ctx.store.getState().runs.find(({ id }) => id === runId);
  const name = (change.name ?? run?.name ?? '').trim();
  if (run === undefined || name === '') return;
  const changed = { ...run, ...change, name };
  ctx.store.setState((state) => ({ runs: state.runs.map((other) => (other.id === runId ? changed : other)) }));
  try {
    await enqueueWrite(ctx, () => ctx.storage.runs.change(changed));
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

/** The runs whose curves are drawn and which are compared; at most six, the first ones asked for. */
export function chooseRuns(ctx: CommandContext, runIds: readonly string[]): void {
  ctx.store.setState({ chosenRunIds: runIds.slice(0, MOST_CHOSEN_RUNS) });
}

/**
 * Sets two runs against each other on the test images both judged.
 * @throws RemoteError 'run-missing' when one of them, or what it said of the images, is not there.
 */
export async function compareRuns(ctx: CommandContext, firstId: string, secondId: string): Promise<RunComparison> {
  const judged = await Promise.all([firstId, secondId].map((id) => judgedRun(ctx, id)));
  const [first, second] = judged;
  if (first === undefined || second === undefined) throw new Error('two runs are compared');
  return compareJudged(first, second);
}

async function judgedRun(ctx: CommandContext, runId: string): Promise<JudgedRun> {
  const run = ctx.store.getState().runs.find(({ id }) => id === runId);
  const artifacts = run === undefined ? null : await runArtifacts(ctx, run);
  if (run === undefined || artifacts === null) throw new RemoteError('run-missing', `there is no run ${runId}`);
  return { classes: run.classes, predictions: artifacts.predictions };
}

/** Downloads every run of the project: as a table, or as JSON with the curves. */
export function downloadRuns(ctx: CommandContext, format: 'csv' | 'json'): void {
  const { project, runs } = ctx.store.getState();
  const name = `${safeName(project?.name ?? 'project', 'project')}-runs.${format}`;
  const text = format === 'csv' ? toCsv(runTable(runs)) : JSON.stringify({ runs: runs.map(runRecord) }, null, 2);
  downloadBlob(name, new Blob([text], { type: format === 'csv' ? 'text/csv' : 'application/json' }));
}

/** Deletes a run for good; when it was the current one, the latest that is left takes its place. */
export async function deleteRun(ctx: CommandContext, runId: string): Promise<void> {
  const { project: asked } = ctx.store.getState();
  if (asked === null) return;
  try {
    await enqueueWrite(ctx, () => ctx.storage.runs.delete(asked.id, runId));
  } catch (error) {
    reportFailure(ctx.store, error);
    return;
  }
  // What the page shows may have changed meanwhile: another project, a run that ended, another current run.
  const { project } = ctx.store.getState();
  if (project?.id !== asked.id) return;
  ctx.store.setState(({ runs, chosenRunIds }) => ({
    runs: runs.filter(({ id }) => id !== runId),
    chosenRunIds: chosenRunIds.filter((id) => id !== runId),
  }));
  if (project.currentRunId !== runId) return;
  const next = ctx.store.getState().runs.at(-1);
  ctx.store.setState((state) => ({ artifacts: null, gallery: null, live: isLearning(state) ? state.live : null }));
  changeProject(ctx, { currentRunId: next?.id ?? null });
  if (next !== undefined) await openRun(ctx, next.id);
}
