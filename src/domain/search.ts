import { FINE_TUNE_SETTINGS } from './fine-tune-settings.ts';
import { HEAD_CHOICE } from './head-settings.ts';
import { randomStream, shuffledIndices } from './random.ts';
import { type SearchGround, stageProblems } from './search-stages.ts';
import { purposeOf } from './setting-purpose.ts';
import { type SettingKey, settingOf, type TrainingSettings } from './settings.ts';
import { checkSettings } from './settings-check.ts';

/** A value a search may try for a setting. */
export type SearchValue = number | string | boolean;

/** Numbers to try, from `min` to `max`. */
export interface SearchRange {
  readonly min: number;
  readonly max: number;
  /** `log` spreads orders of magnitude evenly, which suits rates and penalties; linear when absent. */
  readonly scale?: 'linear' | 'log';
  /** How many a grid takes of them; 3 when absent. */
  readonly count?: number;
}

export type SearchMethod = 'grid' | 'random' | 'halving';

/** What a search goes through. The same plan gives the same candidates. */
export interface SearchPlan {
  /**
   * `grid`: all combinations; `random`: draws; `halving`: draws that get a few epochs first, of which the best third goes
   * on with three times as many (successive halving, Jamieson and Talwalkar, 2016).
   */
  readonly method: SearchMethod;
  /** By setting: the values to choose from, or a range. */
  readonly over: Readonly<Partial<Record<SettingKey, readonly SearchValue[] | SearchRange>>>;
  /** Most candidates; null for all of a grid, or as many as DEFAULT_RUNS of the others. */
  readonly runs: number | null;
  /** Ends after so many minutes with what is there; null for no limit. */
  readonly minutes: number | null;
  readonly seed: number;
}

/** Settings of one candidate that differ from the project's. */
export type SettingsChange = Readonly<Partial<Record<SettingKey, SearchValue>>>;

/** What one training of one candidate gave on the validation part. */
export interface SearchResult {
  readonly candidateIndex: number;
  /** 0 but for successive halving, where the better ones rise. */
  readonly rung: number;
  /** Null when it failed. */
  readonly validationAccuracyRatio: number | null;
  readonly validationLoss: number | null;
  readonly epochCount: number;
  readonly elapsedMs: number;
  /** Whether the guard of fine-tuning kept the stages; null where none was trained. */
  readonly stagesKept: boolean | null;
  readonly failure: string | null;
}

/** A training that is still to be done. */
export interface PendingCandidate {
  readonly candidateIndex: number;
  readonly rung: number;
  /** Share of the settings' epochs it gets, above 0 to 1. */
  readonly epochRatio: number;
}

export const DEFAULT_RUNS = 30;
export const MAX_RUNS = 1000;
const DEFAULT_GRID_COUNT = 3;
/** Listing more combinations than this only to choose some would hold up the page. */
const LISTED_COMBINATIONS = 4 * MAX_RUNS;
/** Of each rung this share goes on, with as many times the epochs. */
const HALVING_RATIO = 3;
/** Below so many candidates there is nothing to halve any more. */
const LAST_RUNG = 3;

/** These say what is learnt from and judged by, which all candidates of a search share. */
const NOT_SEARCHED: ReadonlySet<SettingKey> = new Set<SettingKey>([
  'folds',
  'augment',
  'augmentViews',
  'testTimeViews',
  'mixup',
]);

/** Settings a search may go over. */
export function isSearchable(key: SettingKey): boolean {
  return !NOT_SEARCHED.has(key);
}

/** The settings that a search starts from: Automatic decides those of a network by itself, so there a network is searched for. */
export function settingsToSearch(settings: TrainingSettings): TrainingSettings {
  return settings.head === 'auto' ? { ...settings, head: 'network' } : settings;
}

/** True when a setting counts for one of a plan's candidates at least. @param settings those that a search starts from. */
export function countsInSearch(key: SettingKey, { over }: Pick<SearchPlan, 'over'>, given: TrainingSettings): boolean {
  const settings = settingsToSearch(given);
  const tried = over.head !== undefined && isList(over.head) && over.head.length > 0 ? over.head : [settings.head];
  const heads = HEAD_CHOICE.head.options.map(({ value }) => value).filter((head) => tried.includes(head));
  const hiddenUnits = over.hiddenUnits === undefined ? settings.hiddenUnits : 'auto';
  // Where their number is tried, there may be several stages.
  const fineTuneStages =
    over.fineTuneStages === undefined ? settings.fineTuneStages : FINE_TUNE_SETTINGS.fineTuneStages.max;
  return heads.some((head) => purposeOf(key, { ...settings, head, hiddenUnits, fineTuneStages }) !== null);
}

/** @returns what is wrong with a plan, in plain sentences. */
export function planProblems(plan: SearchPlan, ground: SearchGround): string[] {
  const settings = settingsToSearch(ground.settings);
  const dimensions = dimensionsOf(plan);
  const ofStages = stageProblems(plan, ground);
  const isIdle =
    dimensions.length > 0 && ofStages.length === 0 && !dimensions.some(([key]) => countsInSearch(key, plan, settings));
  const { runs, minutes, method } = plan;
  return [
    ...(dimensions.length === 0 ? ['Name at least one setting to search over.'] : []),
    ...(isIdle ? [`Nothing of this counts with the head in the form, ${headName(settings)}.`] : []),
    ...dimensions.flatMap(([key, values]) => dimensionProblems(key, values)),
    ...ofStages,
    ...(method === 'halving' && 'epochs' in plan.over
      ? ['Successive halving decides the number of epochs itself: leave Epochs out.']
      : []),
    ...(runs !== null && !(Number.isInteger(runs) && runs >= 1 && runs <= MAX_RUNS)
      ? [`The number of runs must be a whole number from 1 to ${MAX_RUNS}.`]
      : []),
    ...(minutes !== null && !(minutes > 0) ? ['The minutes must be more than 0.'] : []),
  ];
}

function headName({ head }: TrainingSettings): string {
  return (HEAD_CHOICE.head.options.find(({ value }) => value === head)?.label ?? head).toLowerCase();
}

function dimensionProblems(key: SettingKey, values: readonly SearchValue[] | SearchRange): string[] {
  if (!isSearchable(key)) return [`${settingOf(key).label} cannot be searched over: all tries share it.`];
  const setting = settingOf(key);
  if (isList(values)) return values.length === 0 ? [`${setting.label} has no value to try.`] : [];
  if (setting.kind !== 'number') return [`${setting.label} needs a list of values, not a range.`];
  const { min, max, scale, count = DEFAULT_GRID_COUNT } = values;
  if (!(count >= 2 && count <= MAX_RUNS)) return [`${setting.label} can be cut into 2 to ${MAX_RUNS} values.`];
  if (!(min < max) || min < setting.min || max > setting.max) {
    return [`${setting.label} must range within ${setting.min} and ${setting.max}, from low to high.`];
  }
  return scale === 'log' && min <= 0 ? [`${setting.label} must start above 0 on a logarithmic scale.`] : [];
}

/**
 * The candidates of a plan, each different in something that counts, in the order they are tried.
 *
 * @param settings those that they change: what makes nothing of a setting is tried once, and without it.
 */
export function candidatesOf(plan: SearchPlan, given: TrainingSettings): SettingsChange[] {
  const settings = settingsToSearch(given);
  return plan.method === 'grid' ? gridOf(plan, settings) : drawsOf(plan, settings);
}

/** What of a change counts. */
function counting(change: SettingsChange, settings: TrainingSettings): SettingsChange {
  const changed = checkSettings({ ...settings, ...change }).settings;
  // Keys of a partial record are those of the table; `Object.entries` forgets it.
  const entries = Object.entries(change) as [SettingKey, SearchValue][];
  return Object.fromEntries(entries.filter(([key]) => purposeOf(key, changed) !== null));
}

/** All combinations; where there are more than `runs`, a seeded choice of them. Of a huge grid only that many are made. */
function gridOf(plan: SearchPlan, settings: TrainingSettings): SettingsChange[] {
  const dimensions = dimensionsOf(plan).map(
    ([key, values]) => [key, isList(values) ? values : gridValues(key, values)] as const,
  );
  const size = dimensions.reduce((product, [, values]) => product * values.length, 1);
  if (size > LISTED_COMBINATIONS) return drawn(dimensions, plan, plan.runs ?? MAX_RUNS, settings);
  let combinations: SettingsChange[] = [{}];
  for (const [key, tried] of dimensions) {
    combinations = combinations.flatMap((change) => tried.map((value) => ({ ...change, [key]: value })));
  }
  const different = new Map(
    combinations.map((change) => counting(change, settings)).map((change) => [JSON.stringify(change), change]),
  );
  combinations = [...different.values()];
  const limit = plan.runs ?? MAX_RUNS;
  if (combinations.length <= limit) return combinations;
  const order = shuffledIndices(combinations.length, randomStream(plan.seed, 'search-grid'));
  const chosen = new Set(order.subarray(0, limit));
  return combinations.filter((_, index) => chosen.has(index));
}

function gridValues(key: SettingKey, range: SearchRange): number[] {
  const count = Math.max(2, Math.floor(range.count ?? DEFAULT_GRID_COUNT));
  return [...new Set(Array.from({ length: count }, (_, index) => valueAt(key, range, index / (count - 1))))];
}

function drawsOf(plan: SearchPlan, settings: TrainingSettings): SettingsChange[] {
  return drawn(dimensionsOf(plan), plan, plan.runs ?? DEFAULT_RUNS, settings);
}

/** Different combinations of one value of each dimension. Few values have few combinations: then fewer come of it. */
function drawn(
  dimensions: readonly (readonly [SettingKey, readonly SearchValue[] | SearchRange])[],
  { seed }: SearchPlan,
  wanted: number,
  settings: TrainingSettings,
): SettingsChange[] {
  const random = randomStream(seed, 'search-draws');
  const changes = new Map<string, SettingsChange>();
  for (let attempt = 0; attempt < wanted * 20 && changes.size < wanted; attempt++) {
    const combination = Object.fromEntries(
      dimensions.map(([key, values]) => [
        key,
        isList(values) ? values[random.below(values.length)] : valueAt(key, values, random.uniform()),
      ]),
    );
    const change = counting(combination, settings);
    changes.set(JSON.stringify(change), change);
  }
  return [...changes.values()];
}

/** @param place 0 is `min`, 1 is `max`. */
function valueAt(key: SettingKey, { min, max, scale }: SearchRange, place: number): number {
  const value = scale === 'log' ? min * (max / min) ** place : min + (max - min) * place;
  const setting = settingOf(key);
  if (setting.kind === 'number' && setting.whole) return Math.round(value);
  return Number(Math.min(max, Math.max(min, value)).toPrecision(3));
}

/**
 * What is left to train after `results`; the same results in another order change nothing, so a search goes on where it
 * was left. Empty when it is done.
 */
export function pendingOf(
  plan: SearchPlan,
  candidateCount: number,
  results: readonly SearchResult[],
): PendingCandidate[] {
  const rungCount = plan.method === 'halving' ? rungCountOf(candidateCount) : 1;
  let entered = Array.from({ length: candidateCount }, (_, index) => index);
  for (let rung = 0; rung < rungCount; rung++) {
    const ofRung = results.filter((result) => result.rung === rung);
    const done = new Set(ofRung.map(({ candidateIndex }) => candidateIndex));
    const open = entered.filter((index) => !done.has(index));
    const epochRatio = HALVING_RATIO ** (rung + 1 - rungCount);
    if (open.length > 0) return open.map((candidateIndex) => ({ candidateIndex, rung, epochRatio }));
    const survivors = Math.ceil(entered.length / HALVING_RATIO);
    entered = ranked(ofRung)
      .slice(0, survivors)
      .map(({ candidateIndex }) => candidateIndex)
      .sort((one, other) => one - other);
  }
  return [];
}

function rungCountOf(candidateCount: number): number {
  let count = 1;
  for (let left = candidateCount; left > LAST_RUNG; left = Math.ceil(left / HALVING_RATIO)) count += 1;
  return count;
}

/** Best first: those of a higher rung, then by validation accuracy, then by loss, then by their order. Failures are left out. */
export function ranked(results: readonly SearchResult[]): SearchResult[] {
  return results
    .filter(({ validationAccuracyRatio }) => validationAccuracyRatio !== null)
    .toSorted(
      (one, other) =>
        other.rung - one.rung ||
        (other.validationAccuracyRatio ?? 0) - (one.validationAccuracyRatio ?? 0) ||
        (one.validationLoss ?? Number.POSITIVE_INFINITY) - (other.validationLoss ?? Number.POSITIVE_INFINITY) ||
        one.candidateIndex - other.candidateIndex,
    );
}

function isList(values: readonly SearchValue[] | SearchRange): values is readonly SearchValue[] {
  return Array.isArray(values);
}

function dimensionsOf({ over }: SearchPlan): [SettingKey, readonly SearchValue[] | SearchRange][] {
  // Keys of a partial record are those of the table; `Object.entries` forgets it.
  return Object.entries(over) as [SettingKey, readonly SearchValue[] | SearchRange][];
}
