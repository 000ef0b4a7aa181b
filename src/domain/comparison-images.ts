import type { ImageItem } from './dataset.ts';
import { foldsOf, stratifiedSample } from './folds.ts';
import { grouped, groupsOf } from './groups.ts';
import type { Project } from './project.ts';
import { assignParts } from './split.ts';

/** Each head learns from four fifths and is judged on the last. */
const FOLD_COUNT = 5;
/** The same images and folds every time, so that comparisons made one after the other fit together. */
const SEED = 42;

export const DEFAULT_IMAGE_LIMIT = 1000;
export const MAX_IMAGE_LIMIT = 10_000;

/** The images of a comparison; the arrays have one entry per image. */
export interface ComparedImages {
  readonly items: readonly ImageItem[];
  /** Among the classes that have images here, in the project's order. */
  readonly classIndices: readonly number[];
  readonly classCount: number;
  readonly folds: readonly number[];
  readonly foldCount: number;
  /** Group of every image; its own hash where it stands alone. */
  readonly groupIds: readonly string[];
  /** Images of the training and validation parts, from which these were chosen. */
  readonly availableCount: number;
}

/**
 * Chooses what to compare on: images of the training and validation parts, so that choosing a network leaves the test
 * part untouched; beyond `limit` a stratified sample of them.
 */
export function chooseComparedImages({ dataset, split }: Project, limit: number): ComparedImages {
  const all = [...dataset.images.values()];
  const groups = groupsOf(dataset);
  const parts = assignParts(grouped(all, groups), split);
  const available = all.filter((_, index) => parts[index] !== 'test');
  const items = stratifiedSample(available, limit, SEED).flatMap((index) => available[index] ?? []);
  const used = new Set(items.map(({ classId }) => classId));
  const classIds = dataset.classes.map(({ id }) => id).filter((id) => used.has(id));
  return {
    items,
    classIndices: items.map(({ classId }) => classIds.indexOf(classId)),
    classCount: classIds.length,
    folds: foldsOf(grouped(items, groups), FOLD_COUNT, SEED),
    foldCount: FOLD_COUNT,
    groupIds: items.map(({ hash }) => groups.idOf(hash)),
    availableCount: available.length,
  };
}

/** Fewer groups and single photos of a class cannot be both learnt from and judged on in every fold. */
const LEAST_OF_A_CLASS = 2;

/** Why these are too few to compare on, with what to do; null when they will do. */
export function whyTooFewToCompare({ items, classIndices, groupIds }: ComparedImages): string | null {
  const units = new Map<number, Set<string>>();
  groupIds.forEach((groupId, index) => {
    const classIndex = classIndices[index] ?? 0;
    units.set(classIndex, (units.get(classIndex) ?? new Set()).add(groupId));
  });
  const filledCount = [...units.values()].filter(({ size }) => size >= LEAST_OF_A_CLASS).length;
  if (filledCount >= 2 && items.length >= 2 * FOLD_COUNT) return null;
  return `Add images first: at least ${2 * FOLD_COUNT} in two classes or more, beside those kept aside for the test.`;
}
