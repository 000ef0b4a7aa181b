import type { SearchPlan } from './search.ts';
import { type SettingKey, settingOf, type TrainingSettings } from './settings.ts';

/** What a search starts from, as far as fine-tuning goes. */
export interface SearchGround {
  /** Settings of the project; a candidate changes some of them. */
  readonly settings: TrainingSettings;
  /** Stages of the network in use that could be trained; null while no network is loaded. */
  readonly stageCount: number | null;
}

/** Settings that do nothing in a training without stages. */
const OF_STAGES: ReadonlySet<SettingKey> = new Set<SettingKey>(['fineTuneRate', 'fineTuneEpochs', 'stageRateDecay']);

/** True for a setting that says how stages of the network are trained, or how many. */
export function isStageSetting(key: SettingKey): boolean {
  return key === 'fineTuneStages' || OF_STAGES.has(key);
}

/** What is wrong with a plan where it has stages trained, in plain sentences. */
export function stageProblems({ method, over }: SearchPlan, { settings, stageCount }: SearchGround): string[] {
  // Keys of a partial record are those of the table; `Object.keys` forgets it.
  const varied = (Object.keys(over) as SettingKey[]).filter(isStageSetting);
  const isAsked = 'fineTuneStages' in over || settings.fineTuneStages > 0;
  if (varied.length > 0 && stageCount === 0) {
    return ['The network in use has no stages that could be trained: leave the settings of fine-tuning out.'];
  }
  const hasOnlyNeighbours = settings.head === 'neighbours' && !('head' in over);
  if (varied.length > 0 && hasOnlyNeighbours) {
    return ['Nearest neighbours have no weights that stages could learn with: choose another head to fine-tune.'];
  }
  const [idle] = varied;
  if (idle !== undefined && !isAsked) {
    return [`${settingOf(idle).label} does nothing while no stage is trained: vary Stages to fine-tune, too.`];
  }
  // In a few epochs stages have hardly moved: the first rounds would throw out good ones by the luck of their heads.
  const trainsStages = isAsked && stageCount !== 0 && !hasOnlyNeighbours;
  if (method === 'halving' && trainsStages) {
    return [
      'Successive halving judges by the first few epochs, in which fine-tuning has hardly begun. Search at random or by grid, or set Stages to fine-tune to 0.',
    ];
  }
  return tooManyStages(over.fineTuneStages, stageCount);
}

function tooManyStages(tried: SearchPlan['over']['fineTuneStages'], stageCount: number | null): string[] {
  if (tried === undefined || stageCount === null) return [];
  const most = 'min' in tried ? tried.max : Math.max(...tried.map(Number));
  return most > stageCount ? [`${settingOf('fineTuneStages').label}: the network in use has ${stageCount}.`] : [];
}
