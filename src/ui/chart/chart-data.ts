/** How the values of a chart are written; ratios 0-1 are shown as percent. */
export type ChartUnit = 'ratio' | 'number';

/** One line of a chart. */
export interface ChartLine {
  readonly key: string;
  readonly label: string;
  /** Any CSS colour, custom properties included. */
  readonly color: string;
  /** A second sign beside the colour, for those who cannot tell colours apart. */
  readonly dash: 'solid' | 'dashed' | 'dotted';
  /** One value per entry of `ChartData.x`; null or NaN where there is none. */
  readonly values: readonly (number | null)[];
}

/** Lines over a common x axis. */
export interface ChartData {
  readonly xLabel: string;
  readonly x: readonly number[];
  readonly lines: readonly ChartLine[];
  /** A thin upright line where something began, named above it. */
  readonly mark?: { readonly x: number; readonly label: string };
  /** The x whose values the legend gives, marked by a line and named above it; the last x without it. */
  readonly kept?: { readonly x: number; readonly label: string };
}

/** Position in `x` of the values that stand for the chart in words: those kept, else the latest; -1 without any. */
export function shownIndex({ x, kept }: Pick<ChartData, 'x' | 'kept'>): number {
  const keptAt = kept === undefined ? -1 : x.indexOf(kept.x);
  return keptAt >= 0 ? keptAt : x.length - 1;
}

/** A value as the axis, the tooltip and the table write it. */
export function chartValueText(value: number | null, unit: ChartUnit): string {
  if (value === null || !Number.isFinite(value)) return '-';
  return unit === 'ratio' ? `${(value * 100).toFixed(1)}\u00a0%` : value.toPrecision(3);
}

/** Stroke pattern of a line, px. */
export function dashPattern(dash: ChartLine['dash']): string {
  if (dash === 'dashed') return '6 4';
  return dash === 'dotted' ? '2 4' : 'none';
}

/** The chart as a table: a header, then one row per x. Missing values are empty; every point is there, not only the drawn ones. */
export function chartRows(data: ChartData): (string | number)[][] {
  const header = [data.xLabel, ...data.lines.map((line) => line.label)];
  const rows = data.x.map((x, index) => [
    x,
    ...data.lines.map((line) => {
      const value = line.values[index] ?? null;
      return value === null || !Number.isFinite(value) ? '' : value;
    }),
  ]);
  return [header, ...rows];
}
