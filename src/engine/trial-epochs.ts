import type { ResolvedSettings } from '../domain/settings.ts';
import type { TrainEvent, TrainOutput } from './contract.ts';
import type { TrialEpoch } from './contract-measuring.ts';

/** Tells of the epochs of one training among several, if it trains stages: heads are too quick to be told of. */
export function tellOfEpochs(
  trialIndex: number,
  { fineTuneStages, fineTuneEpochs }: ResolvedSettings,
  emit: (epoch: TrialEpoch) => void,
): { readonly emit: (event: Pick<TrainEvent, 'epoch'>) => void; readonly onStages: () => void } {
  if (fineTuneStages === 0) return { emit: () => undefined, onStages: () => undefined };
  let stageEpochCount = 0;
  return {
    emit: ({ epoch: { phase } }) => {
      if (phase === 'fine-tune') stageEpochCount += 1;
      emit({ trialIndex, phase, stagesDoneRatio: stageEpochCount / fineTuneEpochs });
    },
    onStages: () => emit({ trialIndex, phase: 'fine-tune', stagesDoneRatio: 0 }),
  };
}

/** True when a training was stopped before its end: half of one would not compare with the others. */
export function endedEarly({ end, guard }: TrainOutput, { fineTuneStages }: ResolvedSettings): boolean {
  // Stopped between head and stages, the head has ended well and the stages have not begun.
  return end === 'stopped-by-user' || (fineTuneStages > 0 && guard === null);
}
