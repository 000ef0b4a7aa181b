import { foldsOf, MAX_FOLDS, MIN_FOLDS } from '../../domain/folds.ts';
import type { TrainingRows } from '../contract.ts';
import type { PartRows } from '../training/rows-by-part.ts';

/** Rows dealt into folds, entry by entry. */
export interface FoldedRows {
  readonly rowIndices: Int32Array;
  readonly classIndices: Int32Array;
  readonly folds: Int32Array;
  readonly foldCount: number;
  /** Entries that losses are measured on: images, not augmented views of them, whose class is left with others in the other folds. */
  readonly isScored: readonly boolean[];
}

/** With so many images or fewer there are more folds, so that each model learns from nearly all. */
const FEW_IMAGES = 100;
const USUAL_FOLDS = 5;

/**
 * Deals training rows, and others where given, into folds: a group of images and all augmented views of them are always in one fold.
 *
 * @param viewCount see `rowsToTrainOn`: `train` holds the images first, then their views.
 * @returns null where there are fewer than two groups.
 */
export function foldRows(
  rows: TrainingRows,
  train: PartRows,
  viewCount: number,
  others: PartRows | null,
  seed: number,
): FoldedRows | null {
  const imageCount = train.rowIndices.length / (viewCount + 1);
  const imageRows = Array.from(train.rowIndices, (_, position) => train.rowIndices[position % imageCount] ?? 0);
  const all = [...imageRows, ...(others?.rowIndices ?? [])];
  const classIndices = Int32Array.from([...train.classIndices, ...(others?.classIndices ?? [])]);
  const items = all.map((row, entry) => ({
    groupId: rows.groupIds?.[row] || rows.hashes[row] || `row ${row}`,
    classId: String(classIndices[entry]),
  }));
  const groupCount = new Set(items.map(({ groupId }) => groupId)).size;
  if (groupCount < MIN_FOLDS) return null;
  const foldCount = Math.min(groupCount, groupCount <= FEW_IMAGES ? MAX_FOLDS : USUAL_FOLDS);
  const folds = Int32Array.from(foldsOf(items, foldCount, seed));
  const inFold = new Set(folds.map((fold, entry) => fold * MOST_CLASSES + (classIndices[entry] ?? 0)));
  const foldsWith = new Map<number, number>();
  for (const key of inFold) foldsWith.set(key % MOST_CLASSES, (foldsWith.get(key % MOST_CLASSES) ?? 0) + 1);
  const isImage = (entry: number) => entry < imageCount || entry >= train.rowIndices.length;
  return {
    rowIndices: Int32Array.from([...train.rowIndices, ...(others?.rowIndices ?? [])]),
    classIndices,
    folds,
    foldCount,
    isScored: all.map((_, entry) => isImage(entry) && (foldsWith.get(classIndices[entry] ?? 0) ?? 0) > 1),
  };
}

/** Classes of a project at most; see the schema of a project. */
const MOST_CLASSES = 16_384;
