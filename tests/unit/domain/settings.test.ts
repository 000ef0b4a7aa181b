import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, resolveSettings, SETTINGS } from '../../../src/domain/settings.ts';
import { checkSettings } from '../../../src/domain/settings-check.ts';

describe('the table', () => {
  test('describes every setting once', () => {
    expect(SETTINGS.map((setting) => setting.key).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
  });

  test('has defaults that pass its own check', () => {
    expect(checkSettings(DEFAULT_SETTINGS)).toEqual({ settings: DEFAULT_SETTINGS, problems: [] });
    for (const setting of SETTINGS) expect(setting.default).toBe(DEFAULT_SETTINGS[setting.key]);
  });

  test('helps with one sentence each', () => {
    for (const { help, label } of SETTINGS) {
      expect(help).toMatch(/^[A-Z].*\.$/);
      expect(help).not.toMatch(/[.!?] [A-Z]/);
      expect(label.length).toBeGreaterThan(2);
    }
  });
});

describe('checking', () => {
  test('fills in what is missing without a word', () => {
    expect(checkSettings({ epochs: 10 })).toEqual({ settings: { ...DEFAULT_SETTINGS, epochs: 10 }, problems: [] });
  });

  test.each([
    [{ epochs: 0 }, 'Epochs must be from 1 to 1000.', { epochs: 1 }],
    [{ epochs: 2.6 }, 'Epochs must be a whole number from 1 to 1000.', { epochs: 3 }],
    [{ epochs: Number.NaN }, 'Epochs must be a number from 1 to 1000.', { epochs: 50 }],
    [{ epochs: 'auto' }, 'Epochs must be a number from 1 to 1000.', { epochs: 50 }],
    [{ learningRate: 99 }, 'Learning rate must be from 0.000001 to 10.', { learningRate: 10 }],
    [{ optimizer: 'lion' }, 'Optimiser must be one of: Adam, SGD with momentum 0.9, RMSprop.', { optimizer: 'adam' }],
    [{ cosineDecay: 'yes' }, 'Cosine decay must be on or off.', { cosineDecay: true }],
    [{ seed: null }, 'Seed must be a number from 0 to 4294967295.', { seed: 42 }],
  ])('%j says: %s', (values, message, used) => {
    const { settings, problems } = checkSettings(values);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, ...used });
  });

  test('gives usable settings whatever comes in', () => {
    const keys = SETTINGS.map((setting) => setting.key);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.anything()), (values) => {
        expect(checkSettings(checkSettings(values).settings).problems).toEqual([]);
      }),
    );
  });
});

describe('auto', () => {
  const resolve = (classCounts: readonly number[]) => resolveSettings(DEFAULT_SETTINGS, { classCounts });

  test('leaves the hidden layer out when a class is small', () => {
    expect(resolve([50, 60]).hiddenUnits).toBe(100);
    expect(resolve([49, 300]).hiddenUnits).toBe(0);
    expect(resolve([]).hiddenUnits).toBe(0);
  });

  test('smooths labels from five classes on', () => {
    expect(resolve([30, 30, 30, 30]).labelSmoothing).toBe(0);
    expect(resolve([30, 30, 30, 30, 30]).labelSmoothing).toBe(0.1);
  });

  test('balances classes beyond one and a half times the smallest', () => {
    expect(resolve([100, 150]).classWeights).toBe('none');
    expect(resolve([100, 151]).classWeights).toBe('balanced');
  });

  test('never overrides what the user chose', () => {
    const chosen = { ...DEFAULT_SETTINGS, hiddenUnits: 7, labelSmoothing: 0.3, classWeights: 'none' } as const;
    expect(resolveSettings(chosen, { classCounts: [1, 500, 1, 1, 1] })).toEqual(chosen);
  });
});
