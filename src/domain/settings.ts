import type { Augmentation, AugmentPreset } from './augmentation.ts';
import { AUGMENTATION_SETTINGS } from './augmentation-settings.ts';
import { FINE_TUNE_SETTINGS } from './fine-tune-settings.ts';
import {
  AUTO_HIDDEN_UNITS,
  HEAD_CHOICE,
  HEAD_SETTINGS,
  type HeadChoice,
  HIDDEN_LAYER_FROM_IMAGES,
} from './head-settings.ts';

export type OptimizerName = 'adam' | 'sgd' | 'rmsprop';
export type ClassWeighting = 'none' | 'balanced';

/** Settings as the user left them; `auto` follows the data. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: OptimizerName;
  readonly head: HeadChoice;
  readonly hiddenUnits: number | 'auto';
  /** 0 leaves it out; so does `hiddenUnits` 0. */
  readonly secondHiddenUnits: number;
  /** For cross-validation only, 2 to 10. */
  readonly folds: number;
  readonly dropout: number;
  readonly l2: number;
  readonly labelSmoothing: number | 'auto';
  readonly classWeights: ClassWeighting | 'auto';
  /** Share of all steps with rising rate, 0-1. */
  readonly warmupRatio: number;
  readonly cosineDecay: boolean;
  /** Epochs without a better validation loss before stopping; 0 turns early stopping off. */
  readonly patience: number;
  readonly seed: number;
  /** How training images are changed. */
  readonly augment: Augmentation;
  /** Changed views of every training image, 1-16; counts for nothing while `augment` is off. */
  readonly augmentViews: number;
  /** Strength of the beta distribution that pairs of rows are blended by; 0 blends none. */
  readonly mixup: number;
  /** Changed views that scores of held-out images average over, 0-16. */
  readonly testTimeViews: number;
  /** Stages of the network trained after the head; 0 leaves the network frozen. */
  readonly fineTuneStages: number;
  /** Learning rate of the second phase over that of the first, 0-1. */
  readonly fineTuneRate: number;
  readonly fineTuneEpochs: number;
  /** Rate of a stage over that of the one after it, 0-1. */
  readonly stageRateDecay: number;
}

/** Settings with every `auto` decided but that of the head, which training decides. */
export interface ResolvedSettings extends TrainingSettings {
  readonly hiddenUnits: number;
  readonly labelSmoothing: number;
  readonly classWeights: ClassWeighting;
}

export type SettingKey = keyof TrainingSettings;

interface SettingBase {
  readonly key: SettingKey;
  readonly label: string;
  /** One sentence for someone who has never trained a model. */
  readonly help: string;
  readonly group: 'basic' | 'advanced' | 'augmentation' | 'fine-tuning' | 'cross-validation';
  /** What `auto` does, as a sentence; null where `auto` is not offered. */
  readonly auto: string | null;
}

/** A number from `min` to `max`; `step` is what one press of an arrow changes. Whole when `whole` is true. */
export interface NumberSetting extends SettingBase {
  readonly kind: 'number';
  readonly default: number | 'auto';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly whole: boolean;
  /** Printed behind the number; empty when it counts nothing. */
  readonly unit: string;
}

interface ChoiceSetting extends SettingBase {
  readonly kind: 'choice';
  readonly default: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

interface SwitchSetting extends SettingBase {
  readonly kind: 'switch';
  readonly default: boolean;
}

/** A preset or a small object of strengths, see `augmentation.ts`. */
interface AugmentationSetting extends SettingBase {
  readonly kind: 'augmentation';
  readonly default: AugmentPreset;
  readonly options: readonly { readonly value: AugmentPreset; readonly label: string }[];
}

export type Setting = NumberSetting | ChoiceSetting | SwitchSetting | AugmentationSetting;

const SMOOTHING_FROM_CLASSES = 5;
const AUTO_SMOOTHING = 0.1;
/** Largest over smallest class from which `auto` balances. */
const BALANCED_FROM_RATIO = 1.5;

const TABLE = {
  ...HEAD_CHOICE,
  epochs: {
    key: 'epochs',
    kind: 'number',
    label: 'Epochs',
    help: 'How often training goes through all training images at most.',
    group: 'basic',
    default: 50,
    min: 1,
    max: 1000,
    step: 10,
    whole: true,
    unit: 'epochs',
    auto: null,
  },
  batchSize: {
    key: 'batchSize',
    kind: 'number',
    label: 'Batch size',
    help: 'How many images the model looks at before each small correction.',
    group: 'basic',
    default: 32,
    min: 1,
    max: 1024,
    step: 16,
    whole: true,
    unit: 'images',
    auto: null,
  },
  learningRate: {
    key: 'learningRate',
    kind: 'number',
    label: 'Learning rate',
    help: 'The size of each correction: too large and training never settles, too small and it takes very long.',
    group: 'basic',
    default: 0.003,
    min: 0.000001,
    max: 10,
    step: 0.0005,
    whole: false,
    unit: '',
    auto: null,
  },
  optimizer: {
    key: 'optimizer',
    kind: 'choice',
    label: 'Optimiser',
    help: 'The rule that turns errors into corrections; Adam suits nearly everything.',
    group: 'advanced',
    default: 'adam',
    options: [
      { value: 'adam', label: 'Adam' },
      { value: 'sgd', label: 'SGD with momentum 0.9' },
      { value: 'rmsprop', label: 'RMSprop' },
    ],
    auto: null,
  },
  ...HEAD_SETTINGS,
  dropout: {
    key: 'dropout',
    kind: 'number',
    label: 'Dropout',
    help: 'Share of the values hidden at random in each step, so that the model does not rely on a single one.',
    group: 'advanced',
    default: 0.2,
    min: 0,
    max: 0.9,
    step: 0.05,
    whole: false,
    unit: '',
    auto: null,
  },
  l2: {
    key: 'l2',
    kind: 'number',
    label: 'L2 regularisation',
    help: 'How strongly large weights are held back, which keeps the model simpler; for logistic regression the default suits features of any network.',
    group: 'advanced',
    default: 0.0001,
    min: 0,
    max: 1,
    step: 0.0001,
    whole: false,
    unit: '',
    auto: null,
  },
  labelSmoothing: {
    key: 'labelSmoothing',
    kind: 'number',
    label: 'Label smoothing',
    help: 'How much doubt is put into the labels, so that one wrong label does less harm.',
    group: 'advanced',
    default: 'auto',
    min: 0,
    max: 0.5,
    step: 0.05,
    whole: false,
    unit: '',
    auto: `${AUTO_SMOOTHING} from ${SMOOTHING_FROM_CLASSES} classes on, 0 below.`,
  },
  classWeights: {
    key: 'classWeights',
    kind: 'choice',
    label: 'Class weights',
    help: 'Balanced gives every class the same say, however many images it has.',
    group: 'advanced',
    default: 'auto',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'balanced', label: 'Balanced' },
      { value: 'none', label: 'None' },
    ],
    auto: `Balanced when the largest class has more than ${BALANCED_FROM_RATIO} times the images of the smallest.`,
  },
  warmupRatio: {
    key: 'warmupRatio',
    kind: 'number',
    label: 'Warm-up',
    help: 'Share of all steps in which the learning rate rises to its full value.',
    group: 'advanced',
    default: 0.1,
    min: 0,
    max: 0.5,
    step: 0.05,
    whole: false,
    unit: '',
    auto: null,
  },
  cosineDecay: {
    key: 'cosineDecay',
    kind: 'switch',
    label: 'Cosine decay',
    help: 'Lets the learning rate fall smoothly to zero towards the last epoch.',
    group: 'advanced',
    default: true,
    auto: null,
  },
  patience: {
    key: 'patience',
    kind: 'number',
    label: 'Patience',
    help: 'Training stops after this many epochs without a lower validation loss, once warm-up is over and a head has had 10 epochs and 200 steps; 0 always runs all epochs.',
    group: 'advanced',
    default: 5,
    min: 0,
    max: 1000,
    step: 1,
    whole: true,
    unit: 'epochs',
    auto: null,
  },
  seed: {
    key: 'seed',
    kind: 'number',
    label: 'Seed',
    help: 'The same seed on the same device gives the same model again.',
    group: 'advanced',
    default: 42,
    min: 0,
    max: 4_294_967_295,
    step: 1,
    whole: true,
    unit: '',
    auto: null,
  },
  ...AUGMENTATION_SETTINGS,
  ...FINE_TUNE_SETTINGS,
} as const satisfies { readonly [K in SettingKey]: Setting & { readonly key: K } };

/** Every setting in the order of the form; it drives the form, the validation and the saved file. */
export const SETTINGS: readonly Setting[] = Object.values(TABLE);

/** The row of one setting. */
export function settingOf(key: SettingKey): Setting {
  return TABLE[key];
}

export const DEFAULT_SETTINGS: TrainingSettings = {
  epochs: TABLE.epochs.default,
  batchSize: TABLE.batchSize.default,
  learningRate: TABLE.learningRate.default,
  optimizer: TABLE.optimizer.default,
  head: TABLE.head.default,
  hiddenUnits: TABLE.hiddenUnits.default,
  secondHiddenUnits: TABLE.secondHiddenUnits.default,
  folds: TABLE.folds.default,
  dropout: TABLE.dropout.default,
  l2: TABLE.l2.default,
  labelSmoothing: TABLE.labelSmoothing.default,
  classWeights: TABLE.classWeights.default,
  warmupRatio: TABLE.warmupRatio.default,
  cosineDecay: TABLE.cosineDecay.default,
  patience: TABLE.patience.default,
  seed: TABLE.seed.default,
  augment: TABLE.augment.default,
  augmentViews: TABLE.augmentViews.default,
  mixup: TABLE.mixup.default,
  testTimeViews: TABLE.testTimeViews.default,
  fineTuneStages: TABLE.fineTuneStages.default,
  fineTuneRate: TABLE.fineTuneRate.default,
  fineTuneEpochs: TABLE.fineTuneEpochs.default,
  stageRateDecay: TABLE.stageRateDecay.default,
};

/** The settings left to `auto`. */
export function automaticSettings(settings: TrainingSettings): SettingKey[] {
  return SETTINGS.map(({ key }) => key).filter((key) => settings[key] === 'auto');
}

/** What the data says about a run: training images of every class, by class index. */
export interface TrainingFacts {
  readonly classCounts: readonly number[];
}

/**
 * What becomes of the choice of a head before anything is trained: stages learn with a network alone, so there `auto` is one.
 * Otherwise `auto` is decided by training.
 */
export function headFor({ head, fineTuneStages }: Pick<TrainingSettings, 'head' | 'fineTuneStages'>): HeadChoice {
  return head === 'auto' && fineTuneStages > 0 ? 'network' : head;
}

/** Decides every `auto` from the training images there are; see the `auto` sentence of each setting. */
export function resolveSettings(settings: TrainingSettings, { classCounts }: TrainingFacts): ResolvedSettings {
  const smallest = classCounts.length === 0 ? 0 : Math.min(...classCounts);
  const largest = Math.max(0, ...classCounts);
  const hiddenUnits = smallest < HIDDEN_LAYER_FROM_IMAGES ? 0 : AUTO_HIDDEN_UNITS;
  const labelSmoothing = classCounts.length < SMOOTHING_FROM_CLASSES ? 0 : AUTO_SMOOTHING;
  const classWeights = largest > smallest * BALANCED_FROM_RATIO ? 'balanced' : 'none';
  return {
    ...settings,
    head: headFor(settings),
    hiddenUnits: settings.hiddenUnits === 'auto' ? hiddenUnits : settings.hiddenUnits,
    labelSmoothing: settings.labelSmoothing === 'auto' ? labelSmoothing : settings.labelSmoothing,
    classWeights: settings.classWeights === 'auto' ? classWeights : settings.classWeights,
  };
}
