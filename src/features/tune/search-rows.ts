import { countParts } from '../../domain/count-parts.ts';
import type { Dataset } from '../../domain/dataset.ts';
import { type RatioInterval, wilsonInterval } from '../../domain/metrics/wilson.ts';
import { percentOf } from '../../domain/percent.ts';
import { isSearchable, ranked, type SearchResult, type SearchValue, type SettingsChange } from '../../domain/search.ts';
import type { SearchRecord } from '../../domain/search-record.ts';
import { SETTINGS, type Setting, type SettingKey, type TrainingSettings } from '../../domain/settings.ts';
import { checkSettings } from '../../domain/settings-check.ts';
import type { SplitSettings } from '../../domain/split.ts';

/** One candidate of a search with the last that was measured of it. */
export interface SearchRow {
  readonly candidateIndex: number;
  /** 1 is the best. */
  readonly rank: number;
  readonly change: SettingsChange;
  readonly result: SearchResult;
  readonly accuracyRatio: number;
}

/** Candidates with a score, best first. Of successive halving each counts by its last round. */
export function searchRows({ candidates, results }: SearchRecord): SearchRow[] {
  const seen = new Set<number>();
  const rows: SearchRow[] = [];
  for (const result of ranked(results)) {
    const { candidateIndex, validationAccuracyRatio } = result;
    if (validationAccuracyRatio === null || seen.has(candidateIndex)) continue;
    seen.add(candidateIndex);
    const change = candidates[candidateIndex] ?? {};
    rows.push({ candidateIndex, rank: rows.length + 1, change, result, accuracyRatio: validationAccuracyRatio });
  }
  return rows;
}

/** Settings a search goes over, in the order of the form. */
export function variedSettings({ plan }: SearchRecord): Setting[] {
  return SETTINGS.filter(({ key }) => key in plan.over);
}

/** A tried value as the form names it. */
export function valueText(setting: Setting, value: SearchValue | undefined): string {
  if (value === undefined) return '-';
  if (setting.kind === 'switch') return value === true ? 'on' : 'off';
  if (typeof value === 'number') return numberText(value);
  if (setting.kind === 'number') return String(value);
  return setting.options.find((option) => option.value === value)?.label ?? String(value);
}

/** Never in the form 1e-6. */
export function numberText(value: number): string {
  return value.toLocaleString('en', { useGrouping: false, maximumSignificantDigits: 3, maximumFractionDigits: 10 });
}

/** Images of the validation part as they are dealt out now. */
export function validationCount(dataset: Dataset, split: SplitSettings): number {
  return countParts(dataset, split).validation;
}

/** A share of the validation images with its interval; null when their number is not known. */
export function accuracyInterval(ratio: number, imageCount: number | null): RatioInterval | null {
  return imageCount === null ? null : wilsonInterval(Math.round(ratio * imageCount), imageCount);
}

/** The project's settings with those that a candidate was tried with: what its score holds for. */
export function settingsOfRow(now: TrainingSettings, record: SearchRecord, { change }: SearchRow): TrainingSettings {
  const tried = Object.fromEntries(
    SETTINGS.filter(({ key }) => isSearchable(key)).map(({ key }) => [key, record.settings[key]]),
  );
  return checkSettings({ ...now, ...tried, ...change }).settings;
}

/** True when the form holds these settings. */
export function isInForm(now: TrainingSettings, wanted: TrainingSettings): boolean {
  return SETTINGS.every(({ key }: { readonly key: SettingKey }) => now[key] === wanted[key]);
}

/** What the scores of a search come to, in sentences. */
export function searchWords(rows: readonly SearchRow[], imageCount: number | null): string[] {
  const best = rows[0];
  if (best === undefined) return [];
  const interval = accuracyInterval(best.accuracyRatio, imageCount);
  const percent = percentOf(best.accuracyRatio, 1);
  if (interval === null || imageCount === null)
    return [`The best of ${rows.length} had ${percent} of the validation images right.`];
  const others = rows.slice(1);
  const within = others.filter(({ accuracyRatio }) => accuracyRatio >= interval.lowRatio).length;
  const range = `95\u00a0% sure between ${Math.round(interval.lowRatio * 100)} and ${Math.round(interval.highRatio * 100)}`;
  const first = `The best of ${rows.length} had ${percent} of ${imageCount} validation images right, ${range}.`;
  if (others.length === 0) return [first];
  if (within === 0) return [first, 'No other lies within that range.'];
  const all = within === 1 ? 'The other' : 'All the others';
  const who = within === others.length ? all : `${within} of the other ${others.length}`;
  const lie = within === 1 ? 'lies' : 'lie';
  return [first, `${who} ${lie} within that range, so which of those is best may be chance.`];
}
