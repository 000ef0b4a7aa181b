import { viewPlanOf } from './augmented-view.ts';
import type { HeadChoice } from './head-settings.ts';
import { headFor, SETTINGS, type SettingKey, type TrainingSettings } from './settings.ts';

/** What a run makes of a setting: it goes into the head, into changed views of images, or into trained stages. */
type Purpose = 'head' | 'views' | 'stages';

/** What decides which settings count; with `auto` decided it is exact, before that `auto` hidden units count as some. */
type Deciding = Pick<TrainingSettings, 'head' | 'hiddenUnits' | 'augment' | 'seed' | 'fineTuneStages'>;

/** What steps of an optimiser go by, whether they train a network as the head or stages. */
const STEP_SETTINGS: readonly SettingKey[] = [
  'batchSize',
  'learningRate',
  'optimizer',
  'dropout',
  'l2',
  'labelSmoothing',
  'classWeights',
  'warmupRatio',
  'cosineDecay',
  'patience',
  'seed',
];

const COUNTS_FOR_HEAD: Readonly<Record<HeadChoice, ReadonlySet<SettingKey>>> = {
  // The rest is decided with the head.
  auto: new Set(['head', 'classWeights', 'seed']),
  network: new Set(['head', 'epochs', 'hiddenUnits', 'secondHiddenUnits', 'mixup', ...STEP_SETTINGS]),
  logistic: new Set(['head', 'l2', 'labelSmoothing', 'classWeights']),
  prototypes: new Set(['head']),
  // The seed chooses which images are kept where there are too many.
  neighbours: new Set(['head', 'classWeights', 'seed']),
};

const COUNTS_FOR_STAGES: ReadonlySet<SettingKey> = new Set(['fineTuneRate', 'fineTuneEpochs', ...STEP_SETTINGS]);

/**
 * What a run with these settings makes of one of them: the first thing it counts for, in the order of the form. Null: its
 * value changes nothing. Folds count in cross-validation alone, which is not a matter of other settings.
 */
export function purposeOf(key: SettingKey, settings: Deciding): Purpose | null {
  if (countsForHead(key, settings)) return 'head';
  if (countsForViews(key, settings)) return 'views';
  return countsForStages(key, settings) ? 'stages' : null;
}

/** Labels of the settings asked for that change nothing with these. Folds count in cross-validation alone. */
export function idleSettings(asked: Partial<TrainingSettings>, settings: TrainingSettings): string[] {
  return SETTINGS.filter(({ key }) => asked[key] !== undefined && key !== 'folds')
    .filter(({ key }) => purposeOf(key, settings) === null)
    .map(({ label }) => label);
}

function countsForHead(key: SettingKey, deciding: Deciding): boolean {
  const { hiddenUnits } = deciding;
  // The second hidden layer stands behind the first.
  return COUNTS_FOR_HEAD[headFor(deciding)].has(key) && !(key === 'secondHiddenUnits' && hiddenUnits === 0);
}

function countsForViews(key: SettingKey, settings: Deciding): boolean {
  // Scores may average over the mirror image where there is nothing else.
  if (key === 'augment' || key === 'testTimeViews') return true;
  return (key === 'augmentViews' || key === 'seed') && viewPlanOf(settings, 1) !== null;
}

function countsForStages(key: SettingKey, { head, fineTuneStages }: Deciding): boolean {
  // Neighbours have no weights that stages could learn with.
  if (head === 'neighbours') return false;
  if (key === 'fineTuneStages') return true;
  if (key === 'stageRateDecay') return fineTuneStages > 1;
  return fineTuneStages > 0 && COUNTS_FOR_STAGES.has(key);
}
