import { thinnedPositions } from '../../domain/series.ts';
import type { ChartData } from './chart-data.ts';

/** More points than this make a chart slow without looking different. */
const MAX_DRAWN_POINTS = 600;

/**
 * The chart with at most 600 positions on its x axis, the same for all lines.
 * Each line names the positions it cannot do without, its spikes included, and shares the 600 with the others.
 */
export function drawnPoints(data: ChartData): ChartData {
  if (data.x.length <= MAX_DRAWN_POINTS || data.lines.length === 0) return data;
  const share = Math.max(4, Math.floor(MAX_DRAWN_POINTS / data.lines.length));
  const wanted = data.lines.flatMap((line) =>
    thinnedPositions(
      line.values.map((value) => value ?? Number.NaN),
      share,
    ),
  );
  const positions = [...new Set(wanted)].sort((a, b) => a - b).slice(-MAX_DRAWN_POINTS);
  return {
    ...data,
    x: positions.map((position) => data.x[position] ?? 0),
    lines: data.lines.map((line) => ({ ...line, values: positions.map((position) => line.values[position] ?? null) })),
  };
}
