import { nextColorIndex, uniqueClassName } from '../domain/class-labels.ts';
import type { ClassId, Dataset, HeldOutEdits, ImageId, PartLock } from '../domain/dataset.ts';
import { imageChanges } from '../domain/dataset-changes.ts';
import { type AppliedEdits, applyEdit, applyEdits, type Edit } from '../domain/edits.ts';
import { deletedMistakes, type JudgedImages, relabelledToAnswer } from '../domain/held-out-edits.ts';
import { EMPTY_HISTORY, type History, recordStep, redoStep, undoStep } from '../domain/history.ts';
import { joinedClasses } from '../domain/join-classes.ts';
import type { CommandContext } from './context.ts';
import { notify } from './notices.ts';
import { saveDataset } from './save-project.ts';

/** Shows a new state of the data, remembers how to undo it, and writes the difference. */
function commit(ctx: CommandContext, dataset: Dataset, history: History): void {
  const { project } = ctx.store.getState();
  if (project === null) return;
  ctx.session.history = history;
  const next = { ...project, dataset, updatedAtMs: ctx.now() };
  ctx.store.setState((state) => ({
    project: next,
    undoDepth: history.undo.length,
    redoDepth: history.redo.length,
    selection: kept(state.selection, dataset),
  }));
  saveDataset(ctx, project, next);
}

function kept(selection: ReadonlySet<ImageId>, dataset: Dataset): ReadonlySet<ImageId> {
  const remaining = [...selection].filter((id) => dataset.images.has(id));
  return remaining.length === selection.size ? selection : new Set(remaining);
}

/** Applies edits as one undoable step. `name` is what the undo button says. */
export function editDataset(
  ctx: CommandContext,
  name: string,
  edits: readonly Edit[],
  joinKey: string | null = null,
): void {
  ctx.session.showStored?.();
  const { project } = ctx.store.getState();
  if (project === null || edits.length === 0) return;
  const { dataset, inverses } = applyEdits(project.dataset, edits);
  commit(ctx, dataset, recordStep(ctx.session.history, { name, joinKey, inverses }));
}

/** Notes what was found about images: written as an edit is, but no step to be undone. */
export function noteInDataset(ctx: CommandContext, editOf: (dataset: Dataset) => Edit): void {
  ctx.session.showStored?.();
  const { project } = ctx.store.getState();
  if (project === null) return;
  const { dataset } = applyEdit(project.dataset, editOf(project.dataset));
  if (imageChanges(project.dataset, dataset).put.length > 0) commit(ctx, dataset, ctx.session.history);
}

/** Shows edits that storage has followed already, as part of an undoable import. */
export function adoptStored(ctx: CommandContext, { dataset, inverses }: AppliedEdits, joinKey: string): void {
  const { project } = ctx.store.getState();
  if (project === null) return;
  ctx.session.history = recordStep(ctx.session.history, { name: 'Add images', joinKey, inverses });
  const { undo, redo } = ctx.session.history;
  ctx.store.setState({
    project: { ...project, dataset, updatedAtMs: ctx.now() },
    undoDepth: undo.length,
    redoDepth: redo.length,
  });
}

export function undo(ctx: CommandContext): void {
  ctx.session.showStored?.();
  const { project } = ctx.store.getState();
  const travelled = project === null ? null : undoStep(ctx.session.history, project.dataset);
  if (travelled === null) return;
  commit(ctx, travelled.dataset, travelled.history);
}

export function redo(ctx: CommandContext): void {
  ctx.session.showStored?.();
  const { project } = ctx.store.getState();
  const travelled = project === null ? null : redoStep(ctx.session.history, project.dataset);
  if (travelled === null) return;
  commit(ctx, travelled.dataset, travelled.history);
}

/** Forgets what could be undone, as when another project opens. */
export function forgetHistory(ctx: CommandContext): void {
  ctx.session.history = EMPTY_HISTORY;
  ctx.store.setState({ undoDepth: 0, redoDepth: 0, selection: new Set() });
}

/** @returns the new class's id; its name gets a number when another class has it. */
export function addClass(ctx: CommandContext, wanted: string | undefined): ClassId {
  const classes = ctx.store.getState().project?.dataset.classes ?? [];
  const name = uniqueClassName(classes, wanted ?? `Class ${classes.length + 1}`);
  const label = { id: ctx.newId(), name, colorIndex: nextColorIndex(classes) };
  editDataset(ctx, `Add class ${name}`, [{ kind: 'add-class', label }]);
  return label.id;
}

export function deleteClass(ctx: CommandContext, classId: ClassId): void {
  const dataset = ctx.store.getState().project?.dataset;
  const label = dataset?.classes.find(({ id }) => id === classId);
  if (dataset === undefined || label === undefined) return;
  editDataset(ctx, `Delete class ${label.name}`, [{ kind: 'delete-class', classId }]);
  notify(ctx.store, 'info', `Class “${label.name}” was deleted.`, 'Undo brings it back with its images.');
}

/** Copies of photos that the target class already holds stay where they are, so that no class has one twice. */
export function moveImages(ctx: CommandContext, imageIds: readonly ImageId[], classId: ClassId): void {
  const dataset = ctx.store.getState().project?.dataset;
  if (dataset === undefined) return;
  const there = new Set(
    [...dataset.images.values()].filter((item) => item.classId === classId).map((item) => item.hash),
  );
  const moving = imageIds.filter((id) => {
    const item = dataset.images.get(id);
    return item !== undefined && item.classId !== classId && !there.has(item.hash);
  });
  if (moving.length === 0) return;
  const judged = judgedNow(ctx);
  const relabelledCount = judged === null ? 0 : relabelledToAnswer(dataset, { imageIds: moving, classId }, judged);
  editDataset(ctx, moving.length === 1 ? 'Move image' : `Move ${moving.length} images`, [
    { kind: 'move-images', imageIds: moving, classId },
    ...counted({ relabelledCount, deletedCount: 0 }),
  ]);
}

export function deleteImages(ctx: CommandContext, imageIds: readonly ImageId[]): void {
  if (imageIds.length === 0) return;
  const name = imageIds.length === 1 ? 'Delete image' : `Delete ${imageIds.length} images`;
  const dataset = ctx.store.getState().project?.dataset;
  const judged = judgedNow(ctx);
  const deletedCount = dataset === undefined || judged === null ? 0 : deletedMistakes(dataset, imageIds, judged);
  editDataset(ctx, name, [{ kind: 'delete-images', imageIds }, ...counted({ relabelledCount: 0, deletedCount })]);
}

/** What the run in use said of its test images; null without one. */
function judgedNow({ store }: CommandContext): JudgedImages | null {
  const { artifacts, runs } = store.getState();
  const run = runs.find(({ id }) => id === artifacts?.runId);
  return artifacts === null || run === undefined ? null : { run, predictions: artifacts.predictions };
}

function counted(change: HeldOutEdits): Edit[] {
  return change.relabelledCount + change.deletedCount === 0 ? [] : [{ kind: 'count-held-out-edits', change }];
}

/**
 * Moves all images of these classes into the one with the most of them and deletes the others, as one step to undo.
 * A photo that is in several keeps its held-out part.
 */
export function joinClasses(ctx: CommandContext, classIds: readonly ClassId[]): void {
  const dataset = ctx.store.getState().project?.dataset;
  const joined = dataset === undefined ? null : joinedClasses(dataset, classIds);
  if (joined === null) return;
  const { target, others, edits } = joined;
  const names = others.map(({ name }) => `“${name}”`).join(', ');
  editDataset(ctx, `Join ${names} into ${target.name}`, edits);
  notify(ctx.store, 'info', `${names} joined into “${target.name}”.`, 'Undo takes them apart again.');
}

export function lockImages(ctx: CommandContext, imageIds: readonly ImageId[], part: PartLock | null): void {
  if (imageIds.length === 0) return;
  editDataset(ctx, part === null ? 'Unlock images' : `Lock images to ${part.replaceAll('-', ' ')}`, [
    { kind: 'lock-images', imageIds, part },
  ]);
}
