import type { Conflict } from '../../domain/conflicts.ts';
import type { ClassId, ContentHash } from '../../domain/dataset.ts';

/** The classes of every photo that is in more than one. */
export type ConflictClasses = ReadonlyMap<ContentHash, readonly ClassId[]>;

/**
 * @returns a function that remembers its last answer: while the conflicts are the same so is the map, and no card is drawn
 * again for it.
 */
export function createConflictIndex(): (conflicts: readonly Conflict[]) => ConflictClasses {
  let last: ConflictClasses = new Map();
  return (conflicts) => {
    const isSame =
      conflicts.length === last.size &&
      conflicts.every(({ hash, classIds }) => last.get(hash)?.join() === classIds.join());
    if (!isSame) last = new Map(conflicts.map(({ hash, classIds }) => [hash, classIds]));
    return last;
  };
}
