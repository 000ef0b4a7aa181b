/** Where the cells of a scrolled grid of equal squares are, px. */
interface GridMetrics {
  readonly columnCount: number;
  readonly cellPx: number;
  /** Cell and the gap under it. */
  readonly rowPx: number;
  readonly totalPx: number;
}

/** Fits as many columns as have at least `minCellPx` into the width; the cells then share it. */
export function gridMetrics(count: number, widthPx: number, minCellPx: number, gapPx: number): GridMetrics {
  const columnCount = Math.max(1, Math.floor((widthPx + gapPx) / (minCellPx + gapPx)));
  const cellPx = Math.max(1, (widthPx - gapPx * (columnCount - 1)) / columnCount);
  const rowCount = Math.ceil(count / columnCount);
  return { columnCount, cellPx, rowPx: cellPx + gapPx, totalPx: Math.max(0, rowCount * (cellPx + gapPx) - gapPx) };
}

/** Indices [start, end) of the cells in sight and `sparePx` above and below. */
export function visibleRange(
  metrics: GridMetrics,
  count: number,
  scrollTopPx: number,
  heightPx: number,
  sparePx: number,
): { readonly start: number; readonly end: number } {
  const lastRow = Math.max(0, Math.ceil(count / metrics.columnCount) - 1);
  const clampRow = (row: number) => Math.max(0, Math.min(lastRow, row));
  const firstRow = clampRow(Math.floor((scrollTopPx - sparePx) / metrics.rowPx));
  const endRow = clampRow(Math.floor((scrollTopPx + heightPx + sparePx) / metrics.rowPx)) + 1;
  return { start: firstRow * metrics.columnCount, end: Math.min(count, endRow * metrics.columnCount) };
}
