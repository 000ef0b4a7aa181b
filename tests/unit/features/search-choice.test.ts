import { expect, test } from 'vitest';
import { candidatesOf, planProblems } from '../../../src/domain/search.ts';
import {
  choiceOf,
  choiceProblem,
  combinationCount,
  planOf,
  VARIABLE_SETTINGS,
} from '../../../src/features/tune/search-choice.ts';

const everything = new Set(VARIABLE_SETTINGS.map(({ key }) => key));

test('every setting that can be ticked has usual values that a search takes', () => {
  const choice = { ...choiceOf(null), varied: everything };
  const plan = planOf(choice, 1);
  expect(Object.keys(plan.over).sort()).toEqual([...everything].sort());
  expect(planProblems(plan)).toEqual([]);
  expect(candidatesOf(plan)).toHaveLength(30);
});

test('successive halving leaves out the epochs, also ticked ones', () => {
  const plan = planOf({ ...choiceOf(null), varied: everything, method: 'halving' }, 1);
  expect(plan.over).not.toHaveProperty('epochs');
  expect(choiceProblem(plan)).toBeNull();
});

test('a grid takes the chosen number of values, and says so when that is too much', () => {
  const grid = {
    ...choiceOf(null),
    method: 'grid' as const,
    gridCount: 2,
    varied: new Set(['dropout', 'l2'] as const),
  };
  const plan = planOf(grid, 1);
  expect(combinationCount(plan)).toBe(4);
  expect(candidatesOf(plan).map(({ dropout }) => dropout)).toEqual([0, 0, 0.5, 0.5]);
  expect(choiceProblem(planOf({ ...grid, varied: everything }, 1))).toMatch(/too many combinations/);
});

test('the form of a kept search is filled as it was', () => {
  const choice = { ...choiceOf(null), method: 'grid' as const, gridCount: 5, runs: 12, minutes: 3 };
  const plan = planOf(choice, 7);
  expect(planOf(choiceOf(plan), 7)).toEqual(plan);
});
