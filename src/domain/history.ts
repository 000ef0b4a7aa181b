import type { ClassId, Dataset, ImageId } from './dataset.ts';
import { applyEdits, type Edit } from './edits.ts';

/** One thing the user did; may consist of many edits, as an import does. */
export interface HistoryStep {
  /** What was done, for the undo button: "Move 3 images". */
  readonly name: string;
  /** Steps with the same key, one after another, become one; null never joins. */
  readonly joinKey: string | null;
  /** Applied in this order they take the step back. */
  readonly inverses: readonly Edit[];
}

/** Plain data; the most recent step is last. */
export interface History {
  readonly undo: readonly HistoryStep[];
  readonly redo: readonly HistoryStep[];
}

export const EMPTY_HISTORY: History = { undo: [], redo: [] };

/** Steps kept; older ones are forgotten. */
export const HISTORY_LIMIT = 200;

export interface Travelled {
  readonly dataset: Dataset;
  readonly history: History;
  /** The step taken back or done again. */
  readonly name: string;
}

/** Remembers a step just done; what could be redone is forgotten. */
export function recordStep(history: History, step: HistoryStep): History {
  const last = history.undo.at(-1);
  if (last !== undefined && step.joinKey !== null && last.joinKey === step.joinKey) {
    const joined = { ...last, inverses: joinInverses(step.inverses, last.inverses) };
    return { undo: [...history.undo.slice(0, -1), joined], redo: [] };
  }
  return { undo: [...history.undo, step].slice(-HISTORY_LIMIT), redo: [] };
}

/** Takes the last step back, or null when there is none. */
export function undoStep(history: History, dataset: Dataset): Travelled | null {
  const step = history.undo.at(-1);
  if (step === undefined) return null;
  const { dataset: before, reversed } = travel(step, dataset);
  return {
    dataset: before,
    history: { undo: history.undo.slice(0, -1), redo: [...history.redo, reversed] },
    name: step.name,
  };
}

/** Does the last undone step again, or null when there is none. */
export function redoStep(history: History, dataset: Dataset): Travelled | null {
  const step = history.redo.at(-1);
  if (step === undefined) return null;
  const { dataset: after, reversed } = travel(step, dataset);
  return {
    dataset: after,
    history: { undo: [...history.undo, reversed], redo: history.redo.slice(0, -1) },
    name: step.name,
  };
}

function travel(step: HistoryStep, dataset: Dataset) {
  const { dataset: reached, inverses } = applyEdits(dataset, step.inverses);
  return { dataset: reached, reversed: { ...step, joinKey: null, inverses } };
}

/**
 * Deletions reach the same data in any order, so those of a long import become one of images and one a class: taking it
 * back then costs the same however many chunks it came in.
 */
function joinInverses(newer: readonly Edit[], older: readonly Edit[]): readonly Edit[] {
  const all = [...newer, ...older];
  const imageIds: ImageId[] = [];
  const classIds: ClassId[] = [];
  for (const edit of all) {
    if (edit.kind === 'delete-images') for (const id of edit.imageIds) imageIds.push(id);
    else if (edit.kind === 'delete-class') classIds.push(edit.classId);
    else return all;
  }
  const classes = classIds.map((classId): Edit => ({ kind: 'delete-class', classId }));
  return imageIds.length === 0 ? classes : [{ kind: 'delete-images', imageIds }, ...classes];
}
