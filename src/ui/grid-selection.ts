/** How a click or a key changes a selection: alone, add or take away one, or everything from the anchor. */
export type SelectMode = 'replace' | 'toggle' | 'range';

/**
 * The selection after a click or key on one item of a grid.
 *
 * @param orderedIds all items of the grid, in order.
 * @param anchorIndex where a range starts: the item last picked without Shift.
 * @param index the item clicked or moved to.
 * @returns ids; with `toggle` also those selected in other grids, with the other modes only this grid's.
 */
export function nextSelection(
  selection: ReadonlySet<string>,
  orderedIds: readonly string[],
  anchorIndex: number,
  index: number,
  mode: SelectMode,
): string[] {
  const id = orderedIds[index];
  if (id === undefined) return [...selection];
  if (mode === 'replace') return [id];
  if (mode === 'toggle') return selection.has(id) ? [...selection].filter((other) => other !== id) : [...selection, id];
  return orderedIds.slice(Math.min(anchorIndex, index), Math.max(anchorIndex, index) + 1);
}

/** What the keys of a grid of `count` items in `columnCount` columns move to; null for a key that moves nothing. */
export function movedIndex(
  key: string,
  index: number,
  count: number,
  columnCount: number,
  rowsPerPage: number,
): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    // Up and down stay in their column: at the edge they do not move.
    ArrowUp: index - columnCount < 0 ? index : index - columnCount,
    ArrowDown: index + columnCount >= count ? index : index + columnCount,
    Home: 0,
    End: count - 1,
    PageUp: index - columnCount * rowsPerPage,
    PageDown: index + columnCount * rowsPerPage,
  };
  const moved = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (moved === undefined || count === 0) return null;
  return Math.max(0, Math.min(count - 1, moved));
}
