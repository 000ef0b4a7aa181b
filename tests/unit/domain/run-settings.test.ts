import { expect, test } from 'vitest';
import type { Run } from '../../../src/domain/run.ts';
import { settingsContrast, settingsDifference, settingsToRepeat } from '../../../src/domain/run-settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { RUN } from '../schemas/sample-documents.ts';

const inPhase = (phase: 'head' | 'fine-tune') => RUN.curves.map((epoch) => ({ ...epoch, phase }));
const settings = { ...RUN.settings, hiddenUnits: 100, labelSmoothing: 0.1 };
const run: Run = { ...RUN, settings, curves: inPhase('head') };

test('a value set by hand counts as a difference although automatic would have chosen it too', () => {
  expect(settingsDifference(run)).toEqual([]);
  expect(settingsDifference({ ...run, automaticSettings: [] })).toContain('Hidden units 100');
  expect(settingsDifference({ ...run, automaticSettings: null, splitSeed: null })).toEqual([]);
  const splitRatios = { train: 0.6, validation: 0.2, test: 0.2 };
  expect(settingsDifference({ ...run, splitRatios })).toEqual(['Split 60 / 20 / 20 %']);
});

test('epochs of the head are no difference of a run that had none', () => {
  const changed = { ...run, settings: { ...run.settings, epochs: 3 } };
  expect(settingsDifference(changed)).toEqual(['Epochs 3']);
  expect(settingsDifference({ ...changed, curves: inPhase('fine-tune') })).toEqual([]);
});

test('two runs differ in what they were told, network and split included', () => {
  const backbone = { ...run.backbone, name: 'Other net' };
  const other = { ...run, backbone, settings: { ...run.settings, epochs: 3, cosineDecay: false }, splitSeed: null };
  expect(settingsContrast(run, other)).toEqual([
    { label: 'Network', first: 'MobileNet v2', second: 'Other net' },
    { label: 'Epochs', first: '50', second: '3' },
    { label: 'Cosine decay', first: 'on', second: 'off' },
    { label: 'Split seed', first: '42', second: 'not known' },
  ]);
  expect(settingsContrast(run, run)).toEqual([]);
});

test('what was left to automatic is left to it again, and what was set by hand stays', () => {
  expect(settingsToRepeat({ ...run, settings: { ...settings, epochs: 7 } })).toEqual({
    ...DEFAULT_SETTINGS,
    epochs: 7,
  });
  expect(settingsToRepeat({ ...run, automaticSettings: [] })).toMatchObject({ hiddenUnits: 100, labelSmoothing: 0.1 });
});

test('what one of two runs made nothing of is no difference between them, and the head that made it so is', () => {
  const averages: Run = {
    ...run,
    automaticSettings: [],
    settings: { ...run.settings, head: 'prototypes', epochs: 3, learningRate: 0.1 },
  };
  expect(settingsContrast(run, averages)).toEqual([{ label: 'Head', first: 'Network', second: 'Class averages' }]);
  expect(settingsDifference(averages)).toEqual(['Head Class averages']);
  const withStages: Run = { ...averages, settings: { ...averages.settings, fineTuneStages: 1 } };
  expect(settingsDifference(withStages)).toContain('Learning rate 0.1');
  expect(settingsDifference(withStages)).not.toContain('Epochs 3');
});
