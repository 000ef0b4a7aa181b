import type { Dataset } from './dataset.ts';
import { applyEdit, type Edit } from './edits.ts';

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
    const joined = { ...last, inverses: [...step.inverses, ...last.inverses] };
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
  const inverses: Edit[] = [];
  let current = dataset;
  for (const edit of step.inverses) {
    const applied = applyEdit(current, edit);
    current = applied.dataset;
    inverses.push(applied.inverse);
  }
  return { dataset: current, reversed: { ...step, joinKey: null, inverses: inverses.reverse() } };
}
