import type { ClassId, ContentHash } from './dataset.ts';
import { uniformFromText } from './random.ts';

/** What folds need to know of one image. */
export interface FoldItem {
  /** Its group by `groupsOf`; its own hash when it stands alone. */
  readonly groupId: string;
  readonly classId: ClassId;
}

/** What samples need to know of one image. */
export interface SampleItem {
  readonly hash: ContentHash;
  readonly classId: ClassId;
}

export const MIN_FOLDS = 2;
export const MAX_FOLDS = 10;

/** A group, or a photo that stands alone. */
interface Unit {
  readonly groupId: string;
  readonly position: number;
  readonly classIds: Set<ClassId>;
  size: number;
}

/**
 * Deals images into folds for cross-validation: stratified by class, and a group is always in one fold, also across
 * classes. Unit by unit, large ones first, in an order that seed and group decide, goes to the fold that has the fewest
 * images of its classes, and of all. So without groups folds differ by at most one image, and so do a class's shares.
 * The order of arrival and the classes' identities change nothing.
 *
 * A class of fewer groups and single photos than folds leaves some folds without it.
 *
 * @param foldCount 2 to 10.
 * @returns the fold of every item, 0 to `foldCount` - 1, in the order of `items`.
 * @throws RangeError for another number of folds.
 */
export function foldsOf(items: readonly FoldItem[], foldCount: number, seed: number): number[] {
  if (!Number.isInteger(foldCount) || foldCount < MIN_FOLDS || foldCount > MAX_FOLDS) {
    throw new RangeError(`${foldCount} folds; from ${MIN_FOLDS} to ${MAX_FOLDS} are possible.`);
  }
  const totals = Array.from({ length: foldCount }, () => 0);
  const foldOf = new Map<string, number>();
  for (const stratum of strataOf(unitsOf(items, seed))) {
    const own = totals.map(() => 0);
    for (const { groupId, size } of stratum) {
      const fold = emptiest(own, totals);
      foldOf.set(groupId, fold);
      own[fold] = (own[fold] ?? 0) + size;
      totals[fold] = (totals[fold] ?? 0) + size;
    }
  }
  return items.map(({ groupId }) => foldOf.get(groupId) ?? 0);
}

/** The fold with the fewest images of a stratum; of equal ones that with the fewest of all. */
function emptiest(own: readonly number[], totals: readonly number[]): number {
  let best = 0;
  own.forEach((count, fold) => {
    const [least = 0, leastTotal = 0] = [own[best], totals[best]];
    if (count < least || (count === least && (totals[fold] ?? 0) < leastTotal)) best = fold;
  });
  return best;
}

function unitsOf(items: readonly FoldItem[], seed: number): readonly Unit[] {
  const units = new Map<string, Unit>();
  for (const { groupId, classId } of items) {
    const unit = units.get(groupId) ?? {
      groupId,
      position: uniformFromText(seed, groupId),
      classIds: new Set<ClassId>(),
      size: 0,
    };
    units.set(groupId, unit);
    unit.classIds.add(classId);
    unit.size += 1;
  }
  return [...units.values()];
}

/** Units of the same classes together; each list, and the lists by their first, by size and position. */
function strataOf(units: readonly Unit[]): Iterable<readonly Unit[]> {
  const strata = new Map<string, Unit[]>();
  for (const unit of units.toSorted(byTurn)) {
    const key = JSON.stringify([...unit.classIds].sort());
    const stratum = strata.get(key);
    if (stratum === undefined) strata.set(key, [unit]);
    else stratum.push(unit);
  }
  return strata.values();
}

function byTurn(one: Unit, other: Unit): number {
  return other.size - one.size || one.position - other.position || (one.groupId < other.groupId ? -1 : 1);
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
export function stratifiedSample(items: readonly SampleItem[], limit: number, seed: number): number[] {
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
