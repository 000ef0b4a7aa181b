import { expect, test } from 'vitest';
import { axisPlaces, linePath, plotLayout } from '../../../src/ui/chart/parallel-layout.ts';

test('axes stand where each has room and lie one below the other where not', () => {
  expect(plotLayout(5, 1200).isStacked).toBe(false);
  const narrow = plotLayout(5, 340);
  expect(narrow.isStacked).toBe(true);
  const ys = [0, 1, 2, 3, 4].map((index) => axisPlaces(index, narrow).from.y);
  expect(ys).toEqual(ys.toSorted((one, other) => one - other));
  expect(Math.max(...ys)).toBeLessThan(narrow.heightPx - 18);
});

test('every axis lies inside the drawing, low values below or left', () => {
  for (const layout of [plotLayout(6, 1200), plotLayout(6, 340)]) {
    for (let index = 0; index < 6; index++) {
      const { from, to } = axisPlaces(index, layout);
      for (const { x, y } of [from, to]) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(layout.widthPx);
        expect(y).toBeLessThanOrEqual(layout.heightPx);
      }
      expect(layout.isStacked ? to.x - from.x : from.y - to.y).toBeGreaterThan(0);
    }
  }
});

test('a line passes by an axis on which it has no place', () => {
  const layout = plotLayout(3, 1000);
  expect(linePath([0, null, 1], layout).match(/[ML]/g)).toEqual(['M', 'L']);
  expect(linePath([0, 0.5, 1], layout).match(/[ML]/g)).toEqual(['M', 'L', 'L']);
});
