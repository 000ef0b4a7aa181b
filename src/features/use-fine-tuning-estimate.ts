import { useEffect, useState } from 'react';
import type { FineTuningEstimate } from '../domain/fine-tune-cost.ts';
import type { TrainingSettings } from '../domain/settings.ts';
import { useCommands } from './use-app.tsx';

interface Wish {
  readonly backboneId: string;
  /** At least 1. */
  readonly stageCount: number;
  readonly settings: TrainingSettings;
}

/** What each image would cost in fine-tuning; null until it is known. */
export function useFineTuningEstimate({ backboneId, stageCount, settings }: Wish): FineTuningEstimate | null {
  const { estimateFineTuning } = useCommands();
  const key = [backboneId, stageCount, JSON.stringify(settings.augment), settings.testTimeViews > 0].join(' ');
  const [found, setFound] = useState<{ readonly key: string; readonly estimate: FineTuningEstimate | null } | null>(
    null,
  );
  useEffect(() => {
    let isWanted = true;
    void estimateFineTuning(stageCount).then((estimate) => {
      if (isWanted) setFound({ key, estimate });
    });
    return () => {
      isWanted = false;
    };
  }, [estimateFineTuning, key, stageCount]);
  // The last one stays while another is made, so that nothing jumps; that of another network is wrong.
  return found?.key.startsWith(`${backboneId} `) === true ? found.estimate : null;
}
