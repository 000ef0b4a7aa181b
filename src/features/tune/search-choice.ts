import {
  countsInSearch,
  DEFAULT_RUNS,
  isSearchable,
  planProblems,
  type SearchMethod,
  type SearchPlan,
  type SearchRange,
  type SearchValue,
} from '../../domain/search.ts';
import { isStageSetting, type SearchGround } from '../../domain/search-stages.ts';
import { SETTINGS, type Setting, type SettingKey } from '../../domain/settings.ts';

/** Values to choose from, or a range. */
export type Variation = readonly SearchValue[] | SearchRange;

/** What stands in the form of a search. */
export interface SearchChoice {
  readonly method: SearchMethod;
  /** Settings that are ticked. */
  readonly varied: ReadonlySet<SettingKey>;
  /** Of every setting, ticked or not, so that ticking one again brings back what was typed. */
  readonly over: Readonly<Partial<Record<SettingKey, Variation>>>;
  /** Values a grid takes of every range. */
  readonly gridCount: number;
  readonly runs: number;
  /** null: no limit. */
  readonly minutes: number | null;
}

/** What a search may go over here. Other seeds are other luck, not better settings. */
export const VARIABLE_SETTINGS: readonly Setting[] = SETTINGS.filter(({ key }) => isSearchable(key) && key !== 'seed');

/** Where good settings usually lie; whole orders of magnitude are spread evenly. */
const USUAL_RANGES: Readonly<Partial<Record<SettingKey, SearchRange>>> = {
  epochs: { min: 20, max: 100 },
  batchSize: { min: 16, max: 128, scale: 'log' },
  learningRate: { min: 0.0001, max: 0.01, scale: 'log' },
  hiddenUnits: { min: 0, max: 200 },
  secondHiddenUnits: { min: 0, max: 100 },
  dropout: { min: 0, max: 0.5 },
  l2: { min: 0.00001, max: 0.01, scale: 'log' },
  labelSmoothing: { min: 0, max: 0.2 },
  warmupRatio: { min: 0, max: 0.2 },
  patience: { min: 3, max: 15 },
  fineTuneStages: { min: 0, max: 2 },
  fineTuneRate: { min: 0.01, max: 1, scale: 'log' },
  fineTuneEpochs: { min: 5, max: 20 },
  stageRateDecay: { min: 0.2, max: 1 },
};

const VARIED_AT_FIRST: readonly SettingKey[] = ['learningRate', 'hiddenUnits', 'dropout', 'l2'];
const GRID_COUNT = 3;

function usualVariation(setting: Setting): Variation {
  if (setting.kind === 'number') return USUAL_RANGES[setting.key] ?? { min: setting.min, max: setting.max };
  if (setting.kind === 'switch') return [true, false];
  // What "automatic" comes to is one of the others.
  return setting.options.map(({ value }) => value).filter((value) => value !== 'auto');
}

const USUAL: SearchChoice['over'] = Object.fromEntries(
  VARIABLE_SETTINGS.map((setting) => [setting.key, usualVariation(setting)]),
);

/** The form at first: as the last search had it, or with usual ranges. */
export function choiceOf(plan: SearchPlan | null): SearchChoice {
  if (plan === null) {
    const varied = new Set(VARIED_AT_FIRST);
    return { method: 'random', varied, over: USUAL, gridCount: GRID_COUNT, runs: DEFAULT_RUNS, minutes: null };
  }
  const { method, runs, minutes } = plan;
  const varied = VARIABLE_SETTINGS.map(({ key }) => key).filter((key) => key in plan.over);
  const counts = Object.values(plan.over).map((variation) => ('count' in variation ? variation.count : undefined));
  return {
    method,
    varied: new Set(varied),
    over: { ...USUAL, ...plan.over },
    gridCount: counts.find((count) => count !== undefined) ?? GRID_COUNT,
    runs: runs ?? DEFAULT_RUNS,
    minutes,
  };
}

/**
 * What can be ticked: settings that count with the head in the form, or with one of those that are to be tried; those of
 * fine-tuning only where the network has stages.
 */
export function offeredSettings({ varied, over }: SearchChoice, { settings, stageCount }: SearchGround) {
  const ticked = Object.fromEntries([...varied].map((key) => [key, over[key] ?? []]));
  return VARIABLE_SETTINGS.filter(
    ({ key }) =>
      countsInSearch(key, { over: ticked }, settings) &&
      (stageCount === null || stageCount > 0 || !isStageSetting(key)),
  );
}

/** The plan a form asks for; see `choiceProblem` for whether it can be carried out. */
export function planOf(choice: SearchChoice, ground: SearchGround): SearchPlan {
  const { method, varied, over, gridCount, runs, minutes } = choice;
  const entries = offeredSettings(choice, ground).flatMap(({ key }): [SettingKey, Variation][] => {
    const variation = over[key];
    if (!varied.has(key) || variation === undefined || whyLeftOut(key, method) !== null) return [];
    return [[key, 'min' in variation && method === 'grid' ? { ...variation, count: gridCount } : variation]];
  });
  return { method, over: Object.fromEntries(entries), runs, minutes, seed: ground.settings.seed };
}

/** Why a way of searching cannot vary a setting, in a few words; null when it can. */
export function whyLeftOut(key: SettingKey, method: SearchMethod): string | null {
  if (method !== 'halving') return null;
  if (isStageSetting(key)) return 'not by rounds';
  return key === 'epochs' ? 'decided by the rounds' : null;
}

/** Beyond this, writing down all combinations takes longer than trying the few that the budget allows. */
const MOST_COMBINATIONS = 20_000;

/** Combinations of a grid before the budget, at most. */
export function combinationCount({ over }: SearchPlan): number {
  return Object.values(over).reduce(
    (product, variation) => product * ('min' in variation ? (variation.count ?? GRID_COUNT) : variation.length),
    1,
  );
}

/** Why a plan cannot be carried out, as sentences; null when it can. */
export function choiceProblem(plan: SearchPlan, ground: SearchGround): string | null {
  const problems = planProblems(plan, ground);
  if (problems.length > 0) return problems.join(' ');
  if (plan.method !== 'grid' || combinationCount(plan) <= MOST_COMBINATIONS) return null;
  return 'These are too many combinations for a grid. Vary fewer settings, or draw at random.';
}
