import { imageChanges } from '../domain/dataset-changes.ts';
import type { Project } from '../domain/project.ts';
import type { CommandContext } from './context.ts';
import { reportFailure } from './notices.ts';

/** Runs writes one after another, in the order they were asked for; one that fails does not stop the next. */
export function enqueueWrite<T>(ctx: CommandContext, write: () => Promise<T>): Promise<T> {
  const done = ctx.session.writes.then(write);
  ctx.session.writes = done.then(
    () => undefined,
    () => undefined,
  );
  return done;
}

/** Queues a write nobody waits for; a failure is told. */
function writeLater(ctx: CommandContext, write: () => Promise<void>): void {
  enqueueWrite(ctx, write).catch((error: unknown) => reportFailure(ctx.store, error));
}

/** Writes what an edit changed: the images that differ and the project's own record, together. */
export function saveDataset(ctx: CommandContext, before: Project, after: Project): void {
  const changes = imageChanges(before.dataset, after.dataset);
  writeLater(ctx, () => ctx.storage.images.applyChange(after, changes));
}

/** Changes the open project's own fields (name, settings, choice of run ...) and saves them. */
export function changeProject(ctx: CommandContext, change: Partial<Project>): void {
  ctx.session.showStored?.();
  const { project } = ctx.store.getState();
  if (project === null) return;
  const next = { ...project, ...change, updatedAtMs: ctx.now() };
  ctx.store.setState((state) => ({
    project: next,
    projects: state.projects.map((other) => (other.id === next.id ? { ...other, name: next.name } : other)),
  }));
  writeLater(ctx, () => ctx.storage.projects.save(next));
}
