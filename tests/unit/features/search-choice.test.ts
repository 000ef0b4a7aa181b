import { expect, test } from 'vitest';
import { candidatesOf, planProblems } from '../../../src/domain/search.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import {
  choiceOf,
  choiceProblem,
  combinationCount,
  offeredSettings,
  planOf,
  VARIABLE_SETTINGS,
} from '../../../src/features/tune/search-choice.ts';

const everything = new Set(VARIABLE_SETTINGS.map(({ key }) => key));

test('every setting that can be ticked has usual values that a search takes', () => {
  const choice = { ...choiceOf(null), varied: everything };
  const plan = planOf(choice, DEFAULT_SETTINGS);
  expect(Object.keys(plan.over).sort()).toEqual([...everything].sort());
  expect(planProblems(plan, DEFAULT_SETTINGS)).toEqual([]);
  expect(candidatesOf(plan, DEFAULT_SETTINGS)).toHaveLength(30);
});

test('successive halving leaves out the epochs, also ticked ones', () => {
  const plan = planOf({ ...choiceOf(null), varied: everything, method: 'halving' }, DEFAULT_SETTINGS);
  expect(plan.over).not.toHaveProperty('epochs');
  expect(choiceProblem(plan, DEFAULT_SETTINGS)).toBeNull();
});

test('a grid takes the chosen number of values, and says so when that is too much', () => {
  const grid = {
    ...choiceOf(null),
    method: 'grid' as const,
    gridCount: 2,
    varied: new Set(['dropout', 'l2'] as const),
  };
  const plan = planOf(grid, DEFAULT_SETTINGS);
  expect(combinationCount(plan)).toBe(4);
  expect(candidatesOf(plan, DEFAULT_SETTINGS).map(({ dropout }) => dropout)).toEqual([0, 0, 0.5, 0.5]);
  expect(choiceProblem(planOf({ ...grid, varied: everything }, DEFAULT_SETTINGS), DEFAULT_SETTINGS)).toMatch(
    /too many combinations/,
  );
});

test('the form of a kept search is filled as it was', () => {
  const choice = { ...choiceOf(null), method: 'grid' as const, gridCount: 5, runs: 12, minutes: 3 };
  const plan = planOf(choice, DEFAULT_SETTINGS);
  expect(planOf(choiceOf(plan), DEFAULT_SETTINGS)).toEqual(plan);
});

test('only what counts with the head in the form can be ticked, unless other heads are tried', () => {
  const settings = { ...DEFAULT_SETTINGS, head: 'logistic' } as const;
  const keysOf = (choice: Parameters<typeof planOf>[0]) => offeredSettings(choice, settings).map(({ key }) => key);
  const choice = { ...choiceOf(null), varied: new Set(['dropout', 'l2'] as const) };
  expect(keysOf(choice)).toEqual(['head', 'l2', 'labelSmoothing', 'classWeights']);
  expect(Object.keys(planOf(choice, settings).over)).toEqual(['l2']);
  const withHeads = { ...choice, varied: new Set(['head', 'dropout'] as const) };
  expect(keysOf(withHeads)).toEqual(VARIABLE_SETTINGS.map(({ key }) => key));
  const noHead = { ...withHeads, over: { ...choice.over, head: [] } };
  expect(keysOf(noHead)).toEqual(keysOf(choice));
});
