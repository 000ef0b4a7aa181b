import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movedIndex, nextSelection } from '../../../src/ui/grid-selection.ts';
import { gridMetrics, visibleRange } from '../../../src/ui/grid-window.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];

describe('a selection', () => {
  test('is the one item after a plain click', () => {
    expect(nextSelection(new Set(['a', 'x']), ids, 0, 2, 'replace')).toEqual(['c']);
  });

  test('gains and loses one item with Ctrl, and keeps what is selected in other grids', () => {
    expect(nextSelection(new Set(['x']), ids, 0, 2, 'toggle')).toEqual(['x', 'c']);
    expect(nextSelection(new Set(['x', 'c']), ids, 0, 2, 'toggle')).toEqual(['x']);
  });

  test('runs from the anchor to the item with Shift, in either direction', () => {
    expect(nextSelection(new Set(), ids, 1, 3, 'range')).toEqual(['b', 'c', 'd']);
    expect(nextSelection(new Set(), ids, 3, 1, 'range')).toEqual(['b', 'c', 'd']);
  });
});

describe('the keys of a grid', () => {
  test('stay in their column at the upper and lower edge', () => {
    expect(movedIndex('ArrowUp', 1, 10, 4, 2)).toBe(1);
    expect(movedIndex('ArrowDown', 7, 10, 4, 2)).toBe(7);
    expect(movedIndex('ArrowDown', 3, 10, 4, 2)).toBe(7);
  });

  test('never leave the grid, and other keys move nothing', () => {
    const key = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown');
    fc.assert(
      fc.property(
        key,
        fc.integer({ min: 1, max: 500 }),
        fc.nat(),
        fc.integer({ min: 1, max: 12 }),
        (name, count, at, columns) => {
          const moved = movedIndex(name, at % count, count, columns, 3);
          expect(moved).toBeGreaterThanOrEqual(0);
          expect(moved).toBeLessThan(count);
        },
      ),
    );
    expect(movedIndex('q', 0, 10, 4, 2)).toBeNull();
    expect(movedIndex('toString', 0, 10, 4, 2)).toBeNull();
    expect(movedIndex('Home', 0, 0, 4, 2)).toBeNull();
  });
});

describe('the cells in sight', () => {
  test('cover the visible part of the grid and not much more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 60, max: 1400 }),
        fc.integer({ min: 50, max: 900 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, widthPx, heightPx, scrolledRatio) => {
          const metrics = gridMetrics(count, widthPx, 56, 4);
          const scrollTopPx = Math.max(0, metrics.totalPx - heightPx) * scrolledRatio;
          const { start, end } = visibleRange(metrics, count, scrollTopPx, heightPx, 100);
          const firstSeen = Math.floor(scrollTopPx / metrics.rowPx) * metrics.columnCount;
          const rowsSeen = Math.ceil((heightPx + 200) / metrics.rowPx) + 2;
          expect(start).toBeLessThanOrEqual(firstSeen);
          expect(end).toBeGreaterThan(Math.min(firstSeen, count - 1));
          expect(end).toBeLessThanOrEqual(count);
          expect(end - start).toBeLessThanOrEqual(rowsSeen * metrics.columnCount);
        },
      ),
    );
  });

  test('fill the width with as many columns as fit', () => {
    const metrics = gridMetrics(10, 400, 56, 4);
    expect(metrics.columnCount).toBe(6);
    expect(metrics.cellPx * 6 + 5 * 4).toBeCloseTo(400);
  });
});
