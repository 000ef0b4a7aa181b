/** A place in the drawing, px. */
interface Point {
  readonly x: number;
  readonly y: number;
}

type Anchor = 'start' | 'middle' | 'end';

/** Where the axes of parallel coordinates stand, px. */
export interface PlotLayout {
  readonly axisCount: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** True: axes lie one below the other, low values left. */
  readonly isStacked: boolean;
}

/** Below this, names and values of neighbouring axes would touch. */
const LEAST_AXIS_PX = 132;
const STANDING_PX = 300;
const ROW_PX = 62;
/** Room at the ends of lying axes, and left and right of standing ones. */
const SIDE_PX = 10;
const LAST_AXIS_PX = 64;
const TOP_PX = 34;
const BOTTOM_PX = 14;

/** Axes stand side by side where each has room, and lie one below the other where not. @param widthPx 0: not known yet. */
export function plotLayout(axisCount: number, widthPx: number): PlotLayout {
  const isStacked = widthPx > 0 && widthPx < axisCount * LEAST_AXIS_PX;
  return { axisCount, widthPx, heightPx: isStacked ? axisCount * ROW_PX + BOTTOM_PX : STANDING_PX, isStacked };
}

/** Ends of an axis, and where its name and its values are written. */
export function axisPlaces(index: number, { axisCount, widthPx, heightPx, isStacked }: PlotLayout) {
  if (isStacked) {
    const y = index * ROW_PX + 30;
    return {
      from: { x: SIDE_PX, y },
      to: { x: widthPx - SIDE_PX, y },
      label: { x: SIDE_PX, y: y - 10, anchor: 'start' as Anchor },
      tickOffset: { x: 0, y: 18, anchor: 'middle' as Anchor },
    };
  }
  const gaps = Math.max(1, axisCount - 1);
  const x = SIDE_PX + ((widthPx - SIDE_PX - LAST_AXIS_PX) * index) / gaps;
  const isLast = index === axisCount - 1;
  return {
    from: { x, y: heightPx - BOTTOM_PX },
    to: { x, y: TOP_PX },
    label: {
      x: isLast ? widthPx - 2 : index === 0 ? 2 : x,
      y: TOP_PX - 16,
      anchor: (isLast ? 'end' : index === 0 ? 'start' : 'middle') as Anchor,
    },
    tickOffset: { x: 8, y: 4, anchor: 'start' as Anchor },
  };
}

/** The path of a line through its places, 0-1 by axis; axes without a place are passed by. */
export function linePath(places: readonly (number | null)[], layout: PlotLayout): string {
  const points = places.flatMap((place, index): Point[] => {
    if (place === null) return [];
    const { from, to } = axisPlaces(index, layout);
    return [{ x: from.x + (to.x - from.x) * place, y: from.y + (to.y - from.y) * place }];
  });
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}
