import { EMPTY_DATASET } from '../domain/dataset.ts';
import type { Project } from '../domain/project.ts';
import { DEFAULT_SETTINGS } from '../domain/settings.ts';
import { DEFAULT_SPLIT } from '../domain/split.ts';
import { JOB_KINDS, jobRule } from '../state/job-rules.ts';
import type { CommandContext } from './context.ts';
import { forgetHistory } from './edit-dataset.ts';
import { cancelJobs, type Outcome, runJob } from './job.ts';
import { notify, reportFailure } from './notices.ts';
import { loadProjectNetwork } from './project-network.ts';
import { openRun } from './runs.ts';
import { changeProject, enqueueWrite } from './save-project.ts';

const FIRST_NAME = 'My project';

/** Jobs that cannot go on once their project has gone. */
const OF_A_PROJECT = JOB_KINDS.filter((kind) => jobRule('project', kind) === 'replace' && kind !== 'project');

/** Reads the list of projects again. */
export async function refreshProjects(ctx: CommandContext): Promise<void> {
  ctx.store.setState({ projects: await ctx.storage.projects.list() });
}

/** Opens the project of last time, or the newest, or makes the first one. */
export async function openLastProject(ctx: CommandContext): Promise<void> {
  await runJob(ctx, 'project', { progress: null }, ({ signal }) => showLastProject(ctx, signal));
  await afterOpening(ctx);
}

async function showLastProject(ctx: CommandContext, signal: AbortSignal): Promise<void> {
  await refreshProjects(ctx);
  const { projects } = ctx.store.getState();
  const lastId = await ctx.storage.meta.get('last-project');
  const candidates = [...projects.filter(({ id }) => id === lastId), ...projects.filter(({ id }) => id !== lastId)];
  for (const { id } of candidates) {
    signal.throwIfAborted();
    try {
      await showProject(ctx, id, signal);
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      reportFailure(ctx.store, error);
    }
  }
  await showProject(ctx, await writeNewProject(ctx, FIRST_NAME), signal);
}

/**
 * Ends what belongs to the open project and shows another one. Of several that are asked for in turn the last one is
 * shown. A project that cannot be read leaves the open one as it is.
 */
export async function openProject(ctx: CommandContext, id: string): Promise<Outcome<null>> {
  const outcome = await runJob(ctx, 'project', { progress: null }, async ({ signal }) => {
    await showProject(ctx, id, signal);
    return null;
  });
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  if (outcome.kind === 'done') await afterOpening(ctx);
  return outcome;
}

/** The current run and the backbone come when the project is shown: one may look at it before. */
async function afterOpening(ctx: CommandContext): Promise<void> {
  const { project } = ctx.store.getState();
  if (project === null) return;
  await openCurrentRun(ctx, project);
  if (ctx.store.getState().project?.id === project.id) await loadProjectNetwork(ctx);
}

/** A project as it is on disk. One that is open is read until nothing was edited meanwhile. */
async function readProject(ctx: CommandContext, id: string) {
  for (;;) {
    const before = ctx.store.getState();
    await ctx.session.writes;
    const loaded = await ctx.storage.projects.load(id);
    const runs = await ctx.storage.runs.list(id);
    const { project, runs: shown } = ctx.store.getState();
    if (project?.id !== id || (project === before.project && shown === before.runs)) return { ...loaded, runs };
  }
}

async function showProject(ctx: CommandContext, id: string, signal: AbortSignal): Promise<void> {
  // Everything is read before anything changes: a later choice then finds the project open that was open.
  const { project, droppedImageCount, runs } = await readProject(ctx, id);
  signal.throwIfAborted();
  const claim = await ctx.storage.claim(id);
  if (signal.aborted) claim.release();
  signal.throwIfAborted();
  ctx.session.releaseClaim();
  ctx.session.releaseClaim = claim.release;
  show(ctx, project, runs);
  if (!claim.mine) warnOfOtherTab(ctx);
  if (droppedImageCount > 0) {
    notify(
      ctx.store,
      'warning',
      `${droppedImageCount} entries of this project could not be read.`,
      'Everything else is here.',
    );
  }
  await ctx.storage.meta.set('last-project', id);
}

/** Opens the run that was current, or the latest where that one could not be saved. */
async function openCurrentRun(ctx: CommandContext, { currentRunId }: Project): Promise<void> {
  if (currentRunId === null) return;
  const { runs } = ctx.store.getState();
  const current = runs.find(({ id }) => id === currentRunId) ?? runs.at(-1);
  if (current !== undefined) await openRun(ctx, current.id);
}

function show(
  ctx: CommandContext,
  project: Project,
  runs: Awaited<ReturnType<CommandContext['storage']['runs']['list']>>,
): void {
  forgetHistory(ctx);
  ctx.store.setState({
    project,
    runs,
    artifacts: null,
    live: null,
    gallery: null,
    import: null,
    earlierImports: [],
    trainingFailure: null,
    chosenRunIds: [],
    learningRateTest: null,
    learningCurve: null,
    instant: null,
    tab: runs.length > 0 ? 'results' : 'live',
  });
}

function warnOfOtherTab(ctx: CommandContext): void {
  notify(
    ctx.store,
    'warning',
    'This project is open in another tab too.',
    'Work in one of them only: what both change, the later one overwrites. Close one tab.',
  );
}

/** Makes a project and opens it. */
export async function newProject(ctx: CommandContext, name = 'New project'): Promise<void> {
  try {
    await openProject(ctx, await writeNewProject(ctx, name));
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

/** @returns its id. */
async function writeNewProject(ctx: CommandContext, name: string): Promise<string> {
  const nowMs = ctx.now();
  const project: Project = {
    id: ctx.newId(),
    name: freeProjectName(ctx, name),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    dataset: EMPTY_DATASET,
    settings: DEFAULT_SETTINGS,
    split: DEFAULT_SPLIT,
    resizeMode: 'crop',
    network: null,
    currentRunId: null,
    comparison: null,
    search: null,
    answersWhileAdding: false,
  };
  await enqueueWrite(ctx, () => ctx.storage.projects.save(project));
  await refreshProjects(ctx);
  return project.id;
}

/** A project name nobody has yet: a number is added when needed. */
export function freeProjectName(ctx: CommandContext, wanted: string): string {
  const taken = new Set(ctx.store.getState().projects.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted} ${number}`;
  return name;
}

export async function duplicateProject(ctx: CommandContext, id: string): Promise<void> {
  const original = ctx.store.getState().projects.find((project) => project.id === id);
  if (original === undefined) return;
  const copy = { id: ctx.newId(), name: freeProjectName(ctx, `${original.name} copy`), nowMs: ctx.now() };
  try {
    await enqueueWrite(ctx, () => ctx.storage.projects.duplicate(id, copy));
    await refreshProjects(ctx);
    await openProject(ctx, copy.id);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

export async function renameProject(ctx: CommandContext, id: string, wanted: string): Promise<void> {
  const name = wanted.trim();
  if (name === '') return;
  if (ctx.store.getState().project?.id === id) {
    changeProject(ctx, { name });
    return;
  }
  try {
    await enqueueWrite(ctx, () => ctx.storage.projects.rename(id, name, ctx.now()));
    await refreshProjects(ctx);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

/** Deletes a project for good; when it is the open one, another one opens. */
export async function deleteProject(ctx: CommandContext, id: string): Promise<void> {
  const outcome = await runJob(ctx, 'removal', { progress: null }, async ({ signal }) => {
    const wasOpen = ctx.store.getState().project?.id === id;
    if (wasOpen) await leaveProject(ctx);
    try {
      await enqueueWrite(ctx, () => ctx.storage.projects.delete(id));
    } finally {
      // One that could not be deleted opens again.
      if (wasOpen) await showLastProject(ctx, signal);
      else await refreshProjects(ctx);
    }
    await dropUnused(ctx);
    return wasOpen;
  });
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  if (outcome.kind === 'done' && outcome.value) await afterOpening(ctx);
}

/** Ends what belongs to the open project and shows none, so that no edit writes it again while it is deleted. */
async function leaveProject(ctx: CommandContext): Promise<void> {
  forgetHistory(ctx);
  ctx.store.setState({ project: null, runs: [], artifacts: null, live: null, gallery: null });
  await cancelJobs(ctx, OF_A_PROJECT, 'It was given up because its project was deleted.');
}

/** Drops originals, thumbnails and features that no project needs and no undo can bring back. */
export async function dropUnused(ctx: CommandContext): Promise<void> {
  const inUse = new Set([...(ctx.store.getState().project?.dataset.images.values() ?? [])].map(({ hash }) => hash));
  const hashes = await ctx.storage.collectGarbage(inUse);
  if (hashes.length > 0) await ctx.engine.call('forgetFeatures', { hashes });
}
