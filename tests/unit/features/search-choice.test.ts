import { expect, test } from 'vitest';
import { candidatesOf, planProblems } from '../../../src/domain/search.ts';
import { isStageSetting } from '../../../src/domain/search-stages.ts';
import { DEFAULT_SETTINGS, type SettingKey } from '../../../src/domain/settings.ts';
import {
  choiceOf,
  choiceProblem,
  combinationCount,
  offeredSettings,
  planOf,
  VARIABLE_SETTINGS,
} from '../../../src/features/tune/search-choice.ts';

const GROUND = { settings: DEFAULT_SETTINGS, stageCount: 3 };
const everything = new Set(VARIABLE_SETTINGS.map(({ key }) => key));

test('every setting that can be ticked has usual values that a search takes', () => {
  const choice = { ...choiceOf(null), varied: everything };
  const plan = planOf(choice, GROUND);
  expect(Object.keys(plan.over).sort()).toEqual([...everything].sort());
  expect(planProblems(plan, GROUND)).toEqual([]);
  expect(candidatesOf(plan, DEFAULT_SETTINGS)).toHaveLength(30);
});

test('successive halving leaves out the epochs and fine-tuning, also ticked ones', () => {
  const plan = planOf({ ...choiceOf(null), varied: everything, method: 'halving' }, GROUND);
  expect(plan.over).not.toHaveProperty('epochs');
  expect(plan.over).not.toHaveProperty('fineTuneStages');
  expect(choiceProblem(plan, GROUND)).toBeNull();
});

test('a grid takes the chosen number of values, and says so when that is too much', () => {
  const grid = {
    ...choiceOf(null),
    method: 'grid' as const,
    gridCount: 2,
    varied: new Set(['dropout', 'l2'] as const),
  };
  const plan = planOf(grid, GROUND);
  expect(combinationCount(plan)).toBe(4);
  expect(candidatesOf(plan, DEFAULT_SETTINGS).map(({ dropout }) => dropout)).toEqual([0, 0, 0.5, 0.5]);
  expect(choiceProblem(planOf({ ...grid, varied: everything }, GROUND), GROUND)).toMatch(/too many combinations/);
});

test('the form of a kept search is filled as it was', () => {
  const choice = { ...choiceOf(null), method: 'grid' as const, gridCount: 5, runs: 12, minutes: 3 };
  const plan = planOf(choice, GROUND);
  expect(planOf(choiceOf(plan), GROUND)).toEqual(plan);
});

test('only what counts with the head in the form can be ticked, unless other heads are tried', () => {
  const ground = { settings: { ...DEFAULT_SETTINGS, head: 'logistic' }, stageCount: 0 } as const;
  const keysOf = (choice: Parameters<typeof planOf>[0]) => offeredSettings(choice, ground).map(({ key }) => key);
  const choice = { ...choiceOf(null), varied: new Set(['dropout', 'l2'] as const) };
  expect(keysOf(choice)).toEqual(['head', 'l2', 'labelSmoothing', 'classWeights']);
  expect(Object.keys(planOf(choice, ground).over)).toEqual(['l2']);
  const withHeads = { ...choice, varied: new Set(['head', 'dropout'] as const) };
  expect(keysOf(withHeads)).toEqual(VARIABLE_SETTINGS.map(({ key }) => key).filter((key) => !isStageSetting(key)));
  const noHead = { ...withHeads, over: { ...choice.over, head: [] } };
  expect(keysOf(noHead)).toEqual(keysOf(choice));
});

test('fine-tuning is offered where the network has stages, its rate where some are trained', () => {
  const ticked = (keys: readonly SettingKey[]) => ({ ...choiceOf(null), varied: new Set(keys) });
  const keysOf = (keys: readonly SettingKey[], stageCount: number) =>
    offeredSettings(ticked(keys), { settings: DEFAULT_SETTINGS, stageCount })
      .map(({ key }) => key)
      .filter(isStageSetting);
  expect(keysOf([], 3)).toEqual(['fineTuneStages']);
  expect(keysOf(['fineTuneStages'], 3)).toEqual(['fineTuneStages', 'fineTuneRate', 'fineTuneEpochs', 'stageRateDecay']);
  expect(keysOf(['fineTuneStages'], 0)).toEqual([]);
});
