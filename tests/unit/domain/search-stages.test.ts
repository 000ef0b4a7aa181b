import { expect, test } from 'vitest';
import { candidatesOf, planProblems, type SearchPlan } from '../../../src/domain/search.ts';
import type { SearchGround } from '../../../src/domain/search-stages.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { stagesToTrain } from '../../../src/domain/stages-to-train.ts';

const GRID: SearchPlan = { method: 'grid', over: {}, runs: null, minutes: null, seed: 1 };
const FROZEN: SearchGround = { settings: DEFAULT_SETTINGS, stageCount: 3 };
const TUNED: SearchGround = { settings: { ...DEFAULT_SETTINGS, fineTuneStages: 2 }, stageCount: 3 };

const problems = (change: Partial<SearchPlan>, ground: SearchGround) => planProblems({ ...GRID, ...change }, ground);

test('settings of fine-tuning may be searched over where stages are trained', () => {
  expect(problems({ over: { fineTuneStages: [0, 1, 3] } }, FROZEN)).toEqual([]);
  expect(problems({ over: { fineTuneRate: { min: 0.01, max: 1, scale: 'log' } } }, TUNED)).toEqual([]);
  expect(problems({ over: { fineTuneEpochs: [5, 10], fineTuneStages: [1, 2] } }, FROZEN)).toEqual([]);
});

test('a rate of stages that nobody trains is pointed out', () => {
  expect(problems({ over: { fineTuneRate: [0.1] } }, FROZEN)).toEqual([
    expect.stringContaining('Fine-tuning rate does nothing while no stage is trained'),
  ]);
});

test('more stages than there are, none at all, or a head that stages cannot learn with, are refused', () => {
  expect(problems({ over: { fineTuneStages: { min: 0, max: 4 } } }, FROZEN)[0]).toContain('the network in use has 3');
  expect(problems({ over: { fineTuneStages: [5] } }, FROZEN)[0]).toContain('the network in use has 3');
  const bare = { ...FROZEN, stageCount: 0 };
  expect(problems({ over: { fineTuneStages: [1] } }, bare)[0]).toContain('no stages');
  const neighbours: SearchGround = { settings: { ...DEFAULT_SETTINGS, head: 'neighbours' }, stageCount: 3 };
  expect(problems({ over: { fineTuneStages: [1] } }, neighbours)[0]).toContain('choose another head');
  expect(problems({ over: { fineTuneStages: [1], head: ['network'] } }, neighbours)).toEqual([]);
});

test('successive halving and fine-tuning do not go together, whether it is varied or in the form', () => {
  const halving = { method: 'halving', over: { l2: [0, 0.1] } } as const;
  expect(problems(halving, FROZEN)).toEqual([]);
  expect(problems(halving, TUNED)[0]).toContain('fine-tuning has hardly begun');
  expect(problems({ method: 'halving', over: { fineTuneStages: [0, 1] } }, FROZEN)[0]).toContain('hardly begun');
  expect(problems(halving, { ...TUNED, stageCount: 0 })).toEqual([]);
});

test('without stages their rate makes no second candidate, and neighbours train none', () => {
  const over = { fineTuneStages: [0, 2], fineTuneRate: [0.01, 0.1] };
  expect(candidatesOf({ ...GRID, over }, DEFAULT_SETTINGS)).toEqual([
    { fineTuneStages: 0 },
    { fineTuneStages: 2, fineTuneRate: 0.01 },
    { fineTuneStages: 2, fineTuneRate: 0.1 },
  ]);
  expect(candidatesOf({ ...GRID, method: 'random', runs: 50, over }, DEFAULT_SETTINGS)).toHaveLength(3);
  expect(
    candidatesOf({ ...GRID, over: { head: ['neighbours', 'network'], fineTuneStages: [1, 2] } }, DEFAULT_SETTINGS),
  ).toEqual([{ head: 'neighbours' }, { head: 'network', fineTuneStages: 1 }, { head: 'network', fineTuneStages: 2 }]);
});

test('as many stages are trained as asked for and there are', () => {
  expect(stagesToTrain({ fineTuneStages: 2, head: 'network' }, 5)).toBe(2);
  expect(stagesToTrain({ fineTuneStages: 9, head: 'logistic' }, 5)).toBe(5);
  expect(stagesToTrain({ fineTuneStages: 2, head: 'neighbours' }, 5)).toBe(0);
});
