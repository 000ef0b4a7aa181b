import { expect, test } from 'vitest';
import { keptImagesText } from '../../../src/domain/neighbours.ts';
import { whyNotContinue, whyNotRetrain, whyNotTeach } from '../../../src/domain/run-obstacles.ts';
import { runRecord, runTable } from '../../../src/domain/run-table.ts';
import { headWords, nextRunName, stageWords } from '../../../src/domain/run-words.ts';
import { SETTINGS } from '../../../src/domain/settings.ts';
import { RUN } from '../schemas/sample-documents.ts';

const GUARD = {
  start: 'pretrained',
  kept: true,
  imageCount: 10,
  lossGain: 0.1,
  standardError: 0.01,
  startAccuracyRatio: 0.8,
  tunedAccuracyRatio: 0.9,
} as const;

test('the table has every setting, the scores and the costs of each run under its heading', () => {
  const [header = [], ...rows] = runTable([RUN]);
  const row = Object.fromEntries(header.map((heading, index) => [heading, rows[0]?.[index]]));
  expect(rows).toHaveLength(1);
  expect(row).toMatchObject({
    name: 'Run 1',
    note: 'The first one.',
    started: '1970-01-01T00:00:00.005Z',
    head: 'Softmax',
    test_accuracy: 1,
    validation_accuracy: null,
    best_epoch: 1,
    total_s: 3.1,
    model_bytes: 1_640_000,
    ms_per_image: 12.5,
    setting_patience: 5,
    // Its first epoch trained stages already, so there was no phase of the head.
    setting_epochs: null,
    setting_folds: null,
  });
  expect(header.filter((heading) => String(heading).startsWith('setting_'))).toHaveLength(SETTINGS.length);
  expect(new Set(header).size).toBe(header.length);
});

test('a setting that the head made nothing of has an empty cell, and is no difference', () => {
  const settings = { ...RUN.settings, head: 'logistic', l2: 0.01, learningRate: 0.3, fineTuneStages: 0 } as const;
  const [header = [], row = []] = runTable([{ ...RUN, settings, automaticSettings: [] }]);
  const cell = (heading: string) => row[header.indexOf(heading)];
  expect([cell('setting_l2'), cell('setting_learningRate'), cell('setting_seed')]).toEqual([0.01, null, null]);
  expect(cell('settings_that_differ')).toContain('L2 regularisation 0.01');
  expect(cell('settings_that_differ')).not.toContain('Learning rate');
});

test('the record of a run keeps its curves through JSON', () => {
  const { curves, settingsThatDiffer } = JSON.parse(JSON.stringify(runRecord(RUN)));
  expect(curves).toMatchObject([{ trainLoss: 0.5, recallRatios: [1, null] }]);
  expect(settingsThatDiffer).toEqual([]);
});

test('a new run takes the number after the highest, also when one was deleted', () => {
  expect(nextRunName([])).toBe('Run 1');
  expect(nextRunName([{ name: 'Run 1' }, { name: 'Run 3' }, { name: 'Run away 9' }])).toBe('Run 4');
});

test('head and stages are named as they were trained, and as frozen where the guard went back', () => {
  const settings = { ...RUN.settings, hiddenUnits: 100, secondHiddenUnits: 50, fineTuneStages: 2 };
  const alone = { settings, crossValidation: null };
  expect(headWords({ settings })).toBe('100 + 50 hidden units + softmax');
  expect(headWords({ settings: { ...settings, head: 'logistic' } })).toBe('Logistic regression');
  expect(stageWords({ ...alone, guard: null, tunedStageCount: 0 })).toBe('Frozen');
  expect(stageWords({ ...alone, guard: GUARD, tunedStageCount: 2 })).toBe('Last 2 trained');
  const guard = { ...GUARD, kept: false };
  expect(stageWords({ ...alone, guard, tunedStageCount: 0 })).toBe('Frozen: training the last 2 is not shown to help');
  expect(stageWords({ ...alone, guard: { ...guard, start: 'run' }, tunedStageCount: 1 })).toBe(
    'Last 1 trained: going on with the last 2 is not shown to help',
  );
});

test('a run of nearest neighbours says how many images are in it, and is neither gone on from nor a teacher', () => {
  const now = { backbone: { id: RUN.backbone.id, sha256: 'b'.repeat(64) }, inTheWay: null };
  const settings = { ...RUN.settings, head: 'neighbours', augment: 'off' } as const;
  const kept = (train: number, change: object = {}) =>
    keptImagesText({ kind: 'head', settings: { ...settings, ...change }, partCounts: { ...RUN.partCounts, train } });
  expect(headWords({ settings })).toBe('Nearest neighbours');
  expect(kept(2000)).toBe('Features of all 2,000 training images are in the model.');
  expect(kept(2001)).toContain('2,000 of the 2,001 training images are');
  expect(kept(800, { augment: 'photos', augmentViews: 4 })).toContain('2,000 of the 4,000 training images and changed');
  expect(kept(10, { head: 'prototypes' })).toBeNull();
  const run = { ...RUN, guard: null, settings };
  expect(whyNotContinue({ ...run, kind: 'head' }, now)).toContain('nothing to train further');
  expect(whyNotTeach({ ...run, kind: 'head' }, now)).toContain('cross-validation');
  expect(whyNotTeach({ ...run, kind: 'cross-validation' }, now)).toBeNull();
});

test('a run can be gone on from only on its network, at rest, and with one model', () => {
  const now = { backbone: { id: RUN.backbone.id, sha256: 'b'.repeat(64) }, inTheWay: null };
  for (const kind of ['head', 'fine-tune', 'search', 'opened'] as const) {
    expect(whyNotContinue({ ...RUN, kind }, now)).toBeNull();
  }
  expect(whyNotRetrain({ ...RUN, kind: 'fine-tune' }, now)).toBeNull();
  const other = { ...now.backbone, id: 'x' };
  const otherFiles = { ...now.backbone, sha256: 'c'.repeat(64) };
  for (const backbone of [other, otherFiles])
    expect(whyNotContinue({ ...RUN, guard: null }, { ...now, backbone })).toContain('MobileNet v2');
  const ofOldRun = { ...RUN, guard: null, backbone: { ...RUN.backbone, sha256: null } };
  expect(whyNotContinue(ofOldRun, { ...now, backbone: otherFiles })).toBeNull();
  expect(whyNotContinue({ ...RUN, guard: null }, { ...now, inTheWay: 'Wait.' })).toBe('Wait.');
  expect(whyNotContinue({ ...RUN, kind: 'cross-validation' }, now)).toContain('no single model');
  expect(whyNotRetrain({ ...RUN, kind: 'opened' }, now)).toContain('not trained here');
});

test('after a cross-validation the stages are counted by the folds that kept them', () => {
  const scores = { imageCount: 1, accuracyRatio: 1, macroPrecisionRatio: 1, macroRecallRatio: 1, macroF1Ratio: 1 };
  const fold = (stagesKept: boolean | null) => ({
    ...scores,
    precisionRatios: [],
    recallRatios: [],
    f1Ratios: [],
    stagesKept,
    chosenHead: null,
  });
  const run = { settings: { ...RUN.settings, fineTuneStages: 2 }, guard: null, tunedStageCount: 0 };
  const words = (kept: readonly (boolean | null)[]) =>
    stageWords({ ...run, crossValidation: { foldCount: kept.length, folds: kept.map(fold) } });
  expect(words([true, false, true])).toBe('Last 2 trained, kept in 2 of 3 folds');
  expect(words([null, null])).toBe('Frozen');
});
