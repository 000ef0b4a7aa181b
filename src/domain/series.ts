/** More points than this make a chart slow without looking different. */
const MAX_CURVE_POINTS = 600;

/**
 * Picks which points of a curve to draw. The curve is cut into equal runs and the lowest and highest point of each is
 * kept, so spikes survive; first and last point always stay.
 *
 * @param values heights; NaN where there is nothing to draw.
 * @returns positions in `values`, rising; all of them when there are no more than `maxPoints` (at least 4).
 */
export function thinnedPositions(values: readonly number[], maxPoints = MAX_CURVE_POINTS): number[] {
  const last = values.length - 1;
  if (values.length <= maxPoints) return values.map((_, position) => position);
  const runCount = Math.floor((maxPoints - 2) / 2);
  const kept = new Set([0, last]);
  for (let run = 0; run < runCount; run++) {
    const from = 1 + Math.floor((run * (last - 1)) / runCount);
    const to = 1 + Math.floor(((run + 1) * (last - 1)) / runCount);
    for (const position of extremes(values, from, to)) kept.add(position);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Positions of the lowest and the highest number in [from, to); `from` twice when there is none. */
function extremes(values: readonly number[], from: number, to: number): readonly [number, number] {
  let lowest = from;
  let highest = from;
  for (let position = from; position < to; position++) {
    const value = values[position] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    // Negated, so that a NaN at `from` gives way to the first number.
    if (!(value >= (values[lowest] ?? Number.NaN))) lowest = position;
    if (!(value <= (values[highest] ?? Number.NaN))) highest = position;
  }
  return [lowest, highest];
}
