import { describe, expect, test } from 'vitest';
import {
  candidatesOf,
  countsInSearch,
  pendingOf,
  planProblems,
  ranked,
  type SearchPlan,
  type SearchResult,
} from '../../../src/domain/search.ts';
import { DEFAULT_SETTINGS, type TrainingSettings } from '../../../src/domain/settings.ts';

const RANDOM: SearchPlan = {
  method: 'random',
  over: { learningRate: { min: 1e-4, max: 1, scale: 'log' }, hiddenUnits: [0, 50, 100], dropout: { min: 0, max: 0.5 } },
  runs: 60,
  minutes: null,
  seed: 3,
};

const problems = (plan: SearchPlan, settings: TrainingSettings = DEFAULT_SETTINGS) =>
  planProblems(plan, { settings, stageCount: 3 });

function result(candidateIndex: number, accuracy: number | null, rung = 0): SearchResult {
  return {
    candidateIndex,
    rung,
    validationAccuracyRatio: accuracy,
    validationLoss: accuracy === null ? null : 1 - accuracy,
    epochCount: 1,
    elapsedMs: 1,
    stagesKept: null,
    failure: accuracy === null ? 'training-diverged' : null,
  };
}

test('a grid takes every combination once', () => {
  const plan: SearchPlan = {
    ...RANDOM,
    method: 'grid',
    runs: null,
    over: { hiddenUnits: [0, 50], l2: { min: 1e-5, max: 1e-3, scale: 'log' } },
  };
  const candidates = candidatesOf(plan, DEFAULT_SETTINGS);
  expect(candidates).toEqual([0, 50].flatMap((hiddenUnits) => [1e-5, 1e-4, 1e-3].map((l2) => ({ hiddenUnits, l2 }))));
  const limited = candidatesOf({ ...plan, runs: 4 }, DEFAULT_SETTINGS);
  expect(limited.length).toBe(4);
  expect(limited.every((change) => candidates.some((other) => JSON.stringify(other) === JSON.stringify(change)))).toBe(
    true,
  );
});

test('a huge grid is drawn from instead of being listed', () => {
  const range = { min: 0.1, max: 1, count: 5 } as const;
  const plan: SearchPlan = {
    ...RANDOM,
    method: 'grid',
    runs: 40,
    over: {
      learningRate: range,
      l2: range,
      warmupRatio: { min: 0.1, max: 0.5, count: 5 },
      dropout: { min: 0.1, max: 0.5, count: 5 },
      labelSmoothing: { min: 0.1, max: 0.5, count: 5 },
      epochs: { min: 10, max: 50, count: 5 },
      patience: { min: 1, max: 5, count: 5 },
    },
  };
  const settings = { ...DEFAULT_SETTINGS, head: 'network', hiddenUnits: 100 } as const;
  const candidates = candidatesOf(plan, settings);
  expect(candidates.length).toBe(40);
  expect(candidatesOf(plan, settings)).toEqual(candidates);
  for (const { epochs, patience } of candidates) {
    expect([10, 20, 30, 40, 50]).toContain(epochs);
    expect([1, 2, 3, 4, 5]).toContain(patience);
  }
});

test('a range is cut into a bounded number of values', () => {
  const over = { dropout: { min: 0, max: 0.5, count: 1e9 } };
  expect(problems({ ...RANDOM, method: 'grid', over })).toEqual(['Dropout can be cut into 2 to 1000 values.']);
});

test('draws are different, in range, the same for one seed and others for another', () => {
  const candidates = candidatesOf(RANDOM, DEFAULT_SETTINGS);
  expect(new Set(candidates.map((change) => JSON.stringify(change))).size).toBe(60);
  const rates = candidates.map(({ learningRate }) => Number(learningRate));
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
  expect(Math.max(...rates)).toBeLessThanOrEqual(1);
  // Evenly by order of magnitude: about half below the geometric middle.
  expect(rates.filter((rate) => rate < 0.01).length).toBeGreaterThan(18);
  expect(rates.filter((rate) => rate < 0.01).length).toBeLessThan(42);
  expect(candidatesOf(RANDOM, DEFAULT_SETTINGS)).toEqual(candidates);
  expect(candidatesOf({ ...RANDOM, seed: 4 }, DEFAULT_SETTINGS)).not.toEqual(candidates);
});

test('few combinations give few candidates', () => {
  expect(candidatesOf({ ...RANDOM, over: { cosineDecay: [true, false] } }, DEFAULT_SETTINGS).length).toBe(2);
});

describe('settings that count for nothing', () => {
  test('do not make two candidates of one', () => {
    const over = { head: ['network', 'prototypes', 'logistic'], dropout: [0, 0.5], l2: [0.01, 0.1] };
    const candidates = candidatesOf({ ...RANDOM, method: 'grid', over }, DEFAULT_SETTINGS);
    expect(candidates).toEqual([
      ...[0, 0.5].flatMap((dropout) => [0.01, 0.1].map((l2) => ({ head: 'network', dropout, l2 }))),
      { head: 'prototypes' },
      { head: 'logistic', l2: 0.01 },
      { head: 'logistic', l2: 0.1 },
    ]);
    const drawn = candidatesOf({ ...RANDOM, over: { ...over, dropout: { min: 0, max: 0.5 } } }, DEFAULT_SETTINGS);
    expect(drawn).toHaveLength(60);
    expect(drawn.filter(({ head }) => head === 'prototypes')).toEqual([{ head: 'prototypes' }]);
    const units = { hiddenUnits: [0, 50], secondHiddenUnits: [10, 20] };
    expect(candidatesOf({ ...RANDOM, method: 'grid', over: units }, DEFAULT_SETTINGS)).toHaveLength(3);
  });

  test('are no plan by themselves, but another head among the tried makes them one', () => {
    const settings = { ...DEFAULT_SETTINGS, head: 'prototypes' } as const;
    expect(problems(RANDOM, settings)).toEqual(['Nothing of this counts with the head in the form, class averages.']);
    expect(problems({ ...RANDOM, over: { ...RANDOM.over, head: ['network', 'logistic'] } }, settings)).toEqual([]);
    expect(countsInSearch('l2', { over: { head: ['logistic'] } }, settings)).toBe(true);
    expect(countsInSearch('dropout', { over: { head: ['logistic'] } }, settings)).toBe(false);
  });
});

describe('halving', () => {
  const plan: SearchPlan = { ...RANDOM, method: 'halving', runs: 27 };

  /** Higher candidates are better. */
  function play(interruptAfter: number): { results: SearchResult[]; ratios: number[] } {
    const results: SearchResult[] = [];
    const ratios: number[] = [];
    for (;;) {
      const pending = pendingOf(plan, 27, results);
      if (pending.length === 0) return { results, ratios };
      for (const { candidateIndex, rung, epochRatio } of pending.slice(0, interruptAfter)) {
        results.push(result(candidateIndex, candidateIndex / 27, rung));
        ratios.push(epochRatio);
      }
    }
  }

  test('the best third goes on with three times the epochs', () => {
    const { results, ratios } = play(100);
    expect([0, 1, 2].map((rung) => results.filter((other) => other.rung === rung).length)).toEqual([27, 9, 3]);
    expect([...new Set(ratios)].map((ratio) => Math.round(1 / ratio))).toEqual([9, 3, 1]);
    expect(ranked(results)[0]).toMatchObject({ candidateIndex: 26, rung: 2 });
  });

  test('interrupted anywhere it goes on to the same end', () => {
    expect(ranked(play(4).results)).toEqual(ranked(play(100).results));
  });
});

test('accuracy ranks first, loss settles ties, failures are out', () => {
  const results = [
    result(0, 0.8),
    { ...result(1, 0.9), validationLoss: 0.4 },
    { ...result(2, 0.9), validationLoss: 0.3 },
    result(3, null),
  ];
  expect(ranked(results).map(({ candidateIndex }) => candidateIndex)).toEqual([2, 1, 0]);
});

test('what cannot be searched is told in words', () => {
  expect(problems(RANDOM)).toEqual([]);
  expect(problems({ ...RANDOM, over: {} })).toHaveLength(1);
  expect(problems({ ...RANDOM, over: { learningRate: { min: 0, max: 1, scale: 'log' } } })).toHaveLength(1);
  expect(problems({ ...RANDOM, over: { optimizer: { min: 0, max: 1 } } })).toHaveLength(1);
  expect(problems({ ...RANDOM, over: { folds: [3] } }).join()).toContain('all tries share it');
  expect(problems({ ...RANDOM, method: 'halving', over: { epochs: [5] } })[0]).toContain('Epochs');
  expect(problems({ ...RANDOM, runs: 0, minutes: -1 })).toHaveLength(2);
});
