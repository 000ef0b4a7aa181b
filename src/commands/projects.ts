import { EMPTY_DATASET } from '../domain/dataset.ts';
import type { Project } from '../domain/project.ts';
import { DEFAULT_SETTINGS } from '../domain/settings.ts';
import { DEFAULT_SPLIT } from '../domain/split.ts';
import type { CommandContext } from './context.ts';
import { forgetHistory } from './edit-dataset.ts';
import { notify, reportFailure } from './notices.ts';
import { loadProjectNetwork } from './project-network.ts';
import { openRun } from './runs.ts';
import { changeProject, enqueueWrite } from './save-project.ts';

const FIRST_NAME = 'My project';

/** Reads the list of projects again. */
export async function refreshProjects(ctx: CommandContext): Promise<void> {
  ctx.store.setState({ projects: await ctx.storage.projects.list() });
}

/** Opens the project of last time, or the newest, or makes the first one. */
export async function openLastProject(ctx: CommandContext): Promise<void> {
  await refreshProjects(ctx);
  const { projects } = ctx.store.getState();
  const lastId = await ctx.storage.meta.get('last-project');
  const candidates = [...projects.filter(({ id }) => id === lastId), ...projects.filter(({ id }) => id !== lastId)];
  for (const { id } of candidates) {
    if (await openProject(ctx, id)) return;
  }
  await newProject(ctx, FIRST_NAME);
}

/** Leaves what is running to end, then shows another project. @returns false when it could not be read. */
export async function openProject(ctx: CommandContext, id: string): Promise<boolean> {
  try {
    const { project, problemCount } = await readProject(ctx, id);
    await settle(ctx);
    const claim = await ctx.storage.claim(id);
    ctx.session.releaseClaim();
    ctx.session.releaseClaim = claim.release;
    show(ctx, project, await ctx.storage.runs.list(id));
    await ctx.storage.meta.set('last-project', id);
    if (!claim.mine) warnOfOtherTab(ctx);
    if (problemCount > 0) {
      notify(
        ctx.store,
        'warning',
        `${problemCount} entries of this project could not be read.`,
        'Everything else is here.',
      );
    }
    await openCurrentRun(ctx, project);
    await loadProjectNetwork(ctx);
    return true;
  } catch (error) {
    reportFailure(ctx.store, error);
    return false;
  }
}

/** Opens the run that was current, or the latest where that one could not be saved. */
async function openCurrentRun(ctx: CommandContext, { currentRunId }: Project): Promise<void> {
  if (currentRunId === null) return;
  const { runs } = ctx.store.getState();
  const current = runs.find(({ id }) => id === currentRunId) ?? runs.at(-1);
  if (current !== undefined) await openRun(ctx, current.id);
}

async function readProject(ctx: CommandContext, id: string): Promise<{ project: Project; problemCount: number }> {
  await ctx.session.writes;
  const { project, droppedImageCount } = await ctx.storage.projects.load(id);
  return { project, problemCount: droppedImageCount };
}

/** Ends what belongs to the project about to be left. */
async function settle(ctx: CommandContext): Promise<void> {
  const { importing } = ctx.session;
  importing?.cancel.abort();
  await importing?.ended;
  ctx.session.training?.cancel.abort();
  ctx.session.comparing?.abort();
  ctx.session.measuring?.abort();
  await ctx.session.writes;
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
    training: { kind: 'idle' },
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

export async function newProject(ctx: CommandContext, name = 'New project'): Promise<void> {
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
  try {
    await enqueueWrite(ctx, () => ctx.storage.projects.save(project));
    await refreshProjects(ctx);
    await openProject(ctx, project.id);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
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
  try {
    const wasOpen = ctx.store.getState().project?.id === id;
    if (wasOpen) await settle(ctx);
    await enqueueWrite(ctx, () => ctx.storage.projects.delete(id));
    if (wasOpen) await openLastProject(ctx);
    else await refreshProjects(ctx);
    await dropUnused(ctx);
  } catch (error) {
    reportFailure(ctx.store, error);
  }
}

/** Drops originals, thumbnails and features that no project needs and no undo can bring back. */
export async function dropUnused(ctx: CommandContext): Promise<void> {
  const inUse = new Set([...(ctx.store.getState().project?.dataset.images.values() ?? [])].map(({ hash }) => hash));
  const hashes = await ctx.storage.collectGarbage(inUse);
  if (hashes.length > 0) await ctx.engine.call('forgetFeatures', { hashes });
}
