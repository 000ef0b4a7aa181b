import type { ClassId, ContentHash } from './dataset.ts';
import { uniformFromText } from './random.ts';

/** What folds and samples need to know of one image. */
export interface FoldItem {
  readonly hash: ContentHash;
  readonly classId: ClassId;
}

export const MIN_FOLDS = 2;
export const MAX_FOLDS = 10;

/** All places one content is used in. */
interface Content {
  readonly hash: ContentHash;
  readonly position: number;
  readonly classIds: Set<ClassId>;
}

/**
 * Deals images into folds for cross-validation: stratified by class, and the same content is always in one fold, also
 * across classes. Contents are dealt one by one in an order that seed and content decide, class after class, so folds
 * differ by at most one content, and so do a class's shares where no content stands in two classes. The order of
 * arrival and the classes' identities change nothing.
 *
 * A class with fewer contents than folds leaves some folds without it.
 *
 * @param foldCount 2 to 10.
 * @returns the fold of every item, 0 to `foldCount` - 1, in the order of `items`.
 * @throws RangeError for another number of folds.
 */
export function foldsOf(items: readonly FoldItem[], foldCount: number, seed: number): number[] {
  if (!Number.isInteger(foldCount) || foldCount < MIN_FOLDS || foldCount > MAX_FOLDS) {
    throw new RangeError(`${foldCount} folds; from ${MIN_FOLDS} to ${MAX_FOLDS} are possible.`);
  }
  const foldOf = new Map<ContentHash, number>();
  for (const stratum of strataOf(contentsOf(items, seed))) {
    for (const { hash } of stratum) foldOf.set(hash, foldOf.size % foldCount);
  }
  return items.map(({ hash }) => foldOf.get(hash) ?? 0);
}

function contentsOf(items: readonly FoldItem[], seed: number): readonly Content[] {
  const contents = new Map<ContentHash, Content>();
  for (const { hash, classId } of items) {
    const known = contents.get(hash);
    if (known !== undefined) known.classIds.add(classId);
    else contents.set(hash, { hash, position: uniformFromText(seed, hash), classIds: new Set([classId]) });
  }
  return [...contents.values()];
}

/** Contents of the same classes together; each list, and the lists by their first, in the order of position. */
function strataOf(contents: readonly Content[]): Iterable<readonly Content[]> {
  const strata = new Map<string, Content[]>();
  for (const content of contents.toSorted(byPosition)) {
    const key = JSON.stringify([...content.classIds].sort());
    const stratum = strata.get(key);
    if (stratum === undefined) strata.set(key, [content]);
    else stratum.push(content);
  }
  return strata.values();
}

interface Placed {
  readonly hash: ContentHash;
  readonly position: number;
}

function byPosition(one: Placed, other: Placed): number {
  return one.position - other.position || (one.hash < other.hash ? -1 : 1);
}

/** Images of each class that a sample takes before it goes by shares, as far as there are so many. */
const FIRST_OF_EACH_CLASS = 10;

/**
 * Chooses at most `limit` images, each class by its share, but small ones not under 10 images where they have them and
 * there is room. Seed and content decide which; the order of arrival changes nothing.
 *
 * @returns positions in `items`, rising.
 */
export function stratifiedSample(items: readonly FoldItem[], limit: number, seed: number): number[] {
  if (items.length <= limit) return items.map((_, index) => index);
  const byClass = new Map<ClassId, (Placed & { readonly index: number })[]>();
  items.forEach(({ hash, classId }, index) => {
    const members = byClass.get(classId) ?? [];
    members.push({ hash, position: uniformFromText(seed, hash), index });
    byClass.set(classId, members);
  });
  const first = Math.min(FIRST_OF_EACH_CLASS, Math.floor(limit / byClass.size));
  const ranked = [...byClass.values()].flatMap((members) =>
    members
      .toSorted(byPosition)
      .map((member, rank) => ({ ...member, turn: rank < first ? -1 : (rank + 0.5) / members.length })),
  );
  ranked.sort((one, other) => one.turn - other.turn || byPosition(one, other));
  return ranked
    .slice(0, limit)
    .map(({ index }) => index)
    .sort((one, other) => one - other);
}
