import { augmentationProblem, usableAugmentation } from './augmentation-check.ts';
import { HEAD_CHOICE, type HeadChoice } from './head-settings.ts';
import {
  type ClassWeighting,
  DEFAULT_SETTINGS,
  type NumberSetting,
  type OptimizerName,
  SETTINGS,
  type Setting,
  type SettingKey,
  settingOf,
  type TrainingSettings,
} from './settings.ts';

/** One value that could not be used, as a sentence to show beside the field. */
interface SettingProblem {
  readonly key: SettingKey;
  readonly message: string;
}

/** Values from a form, a script or a file; anything may be in them. */
type Unchecked = { readonly [K in SettingKey]?: unknown };

interface CheckedSettings {
  /** Always usable: a number out of range becomes the nearest allowed one, anything else wrong the default. */
  readonly settings: TrainingSettings;
  readonly problems: readonly SettingProblem[];
}

/** Checks settings against the table. Missing ones get their default without a problem; unknown keys are ignored. */
export function checkSettings(values: Unchecked): CheckedSettings {
  const problems = SETTINGS.flatMap((setting) => {
    const value = values[setting.key];
    const message = value === undefined ? null : problemOf(setting, value);
    return message === null ? [] : [{ key: setting.key, message }];
  });
  return { settings: usable(values), problems };
}

/** Why a value cannot be used for a setting, in plain words; null when it can. */
export function problemOf(setting: Setting, value: unknown): string | null {
  switch (setting.kind) {
    case 'switch':
      return typeof value === 'boolean' ? null : `${setting.label} must be on or off.`;
    case 'choice':
      if (setting.options.some((option) => option.value === value)) return null;
      return `${setting.label} must be one of: ${setting.options.map((option) => option.label).join(', ')}.`;
    case 'number':
      return numberProblem(setting, value);
    case 'augmentation':
      return augmentationProblem(setting.label, value);
    default:
      return setting satisfies never;
  }
}

function numberProblem(setting: NumberSetting, value: unknown): string | null {
  if (value === 'auto' && setting.auto !== null) return null;
  // Put into words only where there is something to say: that takes longer than all checks, and a search makes thousands.
  const range = () => `from ${plain(setting.min)} to ${plain(setting.max)}`;
  if (typeof value !== 'number' || Number.isNaN(value)) return `${setting.label} must be a number ${range()}.`;
  if (value < setting.min || value > setting.max) return `${setting.label} must be ${range()}.`;
  return setting.whole && !Number.isInteger(value) ? `${setting.label} must be a whole number ${range()}.` : null;
}

/** Never in the form 1e-6. */
function plain(value: number): string {
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 10 });
}

function usable(values: Unchecked): TrainingSettings {
  const fallback = DEFAULT_SETTINGS;
  const number = <Fallback extends number | 'auto'>(key: SettingKey, otherwise: Fallback) =>
    usableNumber(settingOf(key), values[key], otherwise);
  return {
    epochs: number('epochs', fallback.epochs),
    batchSize: number('batchSize', fallback.batchSize),
    learningRate: number('learningRate', fallback.learningRate),
    optimizer: isOptimizer(values.optimizer) ? values.optimizer : fallback.optimizer,
    head: isHeadKind(values.head) ? values.head : fallback.head,
    hiddenUnits: number('hiddenUnits', fallback.hiddenUnits),
    secondHiddenUnits: number('secondHiddenUnits', fallback.secondHiddenUnits),
    folds: number('folds', fallback.folds),
    dropout: number('dropout', fallback.dropout),
    l2: number('l2', fallback.l2),
    labelSmoothing: number('labelSmoothing', fallback.labelSmoothing),
    classWeights: isWeighting(values.classWeights) ? values.classWeights : fallback.classWeights,
    warmupRatio: number('warmupRatio', fallback.warmupRatio),
    cosineDecay: typeof values.cosineDecay === 'boolean' ? values.cosineDecay : fallback.cosineDecay,
    patience: number('patience', fallback.patience),
    seed: number('seed', fallback.seed),
    augment: usableAugmentation(values.augment),
    augmentViews: number('augmentViews', fallback.augmentViews),
    mixup: number('mixup', fallback.mixup),
    testTimeViews: number('testTimeViews', fallback.testTimeViews),
    fineTuneStages: number('fineTuneStages', fallback.fineTuneStages),
    fineTuneRate: number('fineTuneRate', fallback.fineTuneRate),
    fineTuneEpochs: number('fineTuneEpochs', fallback.fineTuneEpochs),
    stageRateDecay: number('stageRateDecay', fallback.stageRateDecay),
  };
}

function usableNumber<Fallback extends number | 'auto'>(setting: Setting, value: unknown, otherwise: Fallback) {
  if (setting.kind !== 'number' || typeof value !== 'number' || Number.isNaN(value)) return otherwise;
  const inRange = Math.min(setting.max, Math.max(setting.min, value));
  return setting.whole ? Math.round(inRange) : inRange;
}

function isOptimizer(value: unknown): value is OptimizerName {
  return value === 'adam' || value === 'sgd' || value === 'rmsprop';
}

function isHeadKind(value: unknown): value is HeadChoice {
  return HEAD_CHOICE.head.options.some((option) => option.value === value);
}

function isWeighting(value: unknown): value is ClassWeighting | 'auto' {
  return value === 'none' || value === 'balanced' || value === 'auto';
}
