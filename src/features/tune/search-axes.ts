import type { SearchRecord } from '../../domain/search-record.ts';
import type { Setting } from '../../domain/settings.ts';
import type { ParallelAxis, ParallelLine } from '../../ui/chart/ParallelPlot.tsx';
import { numberText, type SearchRow, valueText } from './search-rows.ts';

/** An axis and where on it a row stands, 0-1. */
interface PlacedAxis {
  readonly axis: ParallelAxis;
  readonly placeOf: (row: SearchRow) => number | null;
}

/** What parallel coordinates draw of a search: the varied settings, then the accuracy. */
export function searchPlot(
  record: SearchRecord,
  varied: readonly Setting[],
  rows: readonly SearchRow[],
): { readonly axes: ParallelAxis[]; readonly lines: ParallelLine[] } {
  const accuracy = accuracyAxis(rows);
  const placed = [...varied.map((setting) => settingAxis(setting, record, rows)), accuracy];
  const lines = rows.map((row) => ({
    key: String(row.candidateIndex),
    label: `${row.rank}`,
    places: placed.map(({ placeOf }) => placeOf(row)),
    strengthRatio: accuracy.placeOf(row) ?? 0,
    isBest: row.rank === 1,
  }));
  return { axes: placed.map(({ axis }) => axis), lines };
}

function settingAxis(setting: Setting, record: SearchRecord, rows: readonly SearchRow[]): PlacedAxis {
  const variation = record.plan.over[setting.key] ?? [];
  if ('min' in variation) {
    const numbers = rows.map(({ change }) => change[setting.key]).filter((value) => typeof value === 'number');
    return numberAxis(setting, [variation.min, variation.max, ...numbers], variation.scale === 'log');
  }
  const values = [...variation];
  const last = Math.max(1, values.length - 1);
  const ticks = values.map((value, index) => ({ place: index / last, text: valueText(setting, value) }));
  return {
    axis: { key: setting.key, label: setting.label, ticks },
    placeOf: ({ change }) => {
      const value = change[setting.key];
      return value === undefined ? null : values.indexOf(value) / last;
    },
  };
}

function numberAxis(setting: Setting, values: readonly number[], isLog: boolean): PlacedAxis {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const scaled = (value: number) => (isLog ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min));
  const middle = isLog ? Math.sqrt(min * max) : (min + max) / 2;
  return {
    axis: {
      key: setting.key,
      label: setting.label,
      ticks: [min, middle, max].map((value) => ({ place: scaled(value), text: numberText(value) })),
    },
    placeOf: ({ change }) => {
      const value = change[setting.key];
      return typeof value === 'number' ? scaled(value) : null;
    },
  };
}

/** From the worst to the best: small differences are what a search is about. */
function accuracyAxis(rows: readonly SearchRow[]): PlacedAxis {
  const ratios = rows.map(({ accuracyRatio }) => accuracyRatio);
  const [min, max] = [Math.min(...ratios), Math.max(...ratios)];
  const isFlat = !(max > min);
  const ends = isFlat ? [max] : [min, (min + max) / 2, max];
  const placeOf = (ratio: number) => (isFlat ? 1 : (ratio - min) / (max - min));
  return {
    axis: {
      key: 'accuracy',
      label: 'Validation accuracy',
      ticks: ends.map((ratio) => ({ place: placeOf(ratio), text: `${(ratio * 100).toFixed(1)}\u00a0%` })),
    },
    placeOf: ({ accuracyRatio }) => placeOf(accuracyRatio),
  };
}
