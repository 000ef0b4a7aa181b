import { expect, test } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import { idleSettings, purposeOf } from '../../../src/domain/setting-purpose.ts';
import { DEFAULT_SETTINGS, SETTINGS, type TrainingSettings } from '../../../src/domain/settings.ts';

const NO_STRENGTHS = strengthsOf('off');

/** Keys by what they are for. What a head learns by is proved in the engine's tests. */
function purposes(change: Partial<TrainingSettings>, purpose: ReturnType<typeof purposeOf>): string[] {
  const settings = { ...DEFAULT_SETTINGS, ...change };
  return SETTINGS.map(({ key }) => key).filter((key) => purposeOf(key, settings) === purpose);
}

test('with a network everything counts but views that are not made, stages that are not trained, and folds', () => {
  const idle = ['folds', 'augmentViews', 'fineTuneRate', 'fineTuneEpochs', 'stageRateDecay'];
  const head = 'network';
  expect(purposes({ head }, null)).toEqual(idle);
  expect(purposes({ head, hiddenUnits: 0 }, null)).toEqual(['secondHiddenUnits', ...idle]);
});

test('views and their seed count with augmentation, whatever the head', () => {
  const head = 'prototypes';
  expect(purposes({ head }, 'views')).toEqual(['augment', 'testTimeViews']);
  const own = { head, augment: { ...NO_STRENGTHS, rotateDegrees: 10 } } as const;
  expect(purposes(own, 'views')).toEqual(['seed', 'augment', 'augmentViews', 'testTimeViews']);
  expect(purposes({ head, augment: NO_STRENGTHS }, 'views')).toEqual(['augment', 'testTimeViews']);
});

test('the rate of deeper stages counts from two stages on, and no stage counts with neighbours', () => {
  const one = purposes({ fineTuneStages: 1 }, 'stages');
  expect(one).toEqual(['fineTuneStages', 'fineTuneRate', 'fineTuneEpochs']);
  expect(purposes({ fineTuneStages: 2 }, 'stages')).toEqual([...one, 'stageRateDecay']);
  expect(purposes({ fineTuneStages: 2, head: 'neighbours' }, 'stages')).toEqual([]);
});

test('Automatic decides everything but class weights and seed, and is a network where stages are trained', () => {
  expect(purposes({ head: 'auto' }, 'head')).toEqual(['head', 'classWeights', 'seed']);
  const stages = { fineTuneStages: 1 };
  expect(purposes({ head: 'auto', ...stages }, 'head')).toEqual(purposes({ head: 'network', ...stages }, 'head'));
});

test('settings asked for without effect are named, and folds never are', () => {
  const asked = { epochs: 30, seed: 3, folds: 4, fineTuneRate: 0.2 };
  expect(idleSettings(asked, { ...DEFAULT_SETTINGS, head: 'auto' })).toEqual(['Epochs', 'Fine-tuning rate']);
  expect(idleSettings(asked, { ...DEFAULT_SETTINGS, head: 'network', fineTuneStages: 1 })).toEqual([]);
});
