import type { TrainingSettings } from './settings.ts';

/**
 * How many of a network's last stages a run with these settings trains: as many as asked for, or as there are. None with
 * nearest neighbours, which have no weights that stages could learn with.
 */
export function stagesToTrain(
  { fineTuneStages, head }: Pick<TrainingSettings, 'fineTuneStages' | 'head'>,
  stageCount: number,
): number {
  return head === 'neighbours' ? 0 : Math.min(fineTuneStages, stageCount);
}
