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
export function useFineTuningEstimate({ stageCount, ...wish }: Wish): FineTuningEstimate | null {
  return useFineTuningEstimates({ ...wish, stageCounts: [stageCount] })?.[0] ?? null;
}

type WishForMany = Omit<Wish, 'stageCount'> & { readonly stageCounts: readonly number[] };

/** The same for several numbers of stages, in their order. */
export function useFineTuningEstimates(wish: WishForMany): readonly FineTuningEstimate[] | null {
  const { backboneId, stageCounts, settings } = wish;
  const { estimateFineTuning } = useCommands();
  const counts = stageCounts.join(',');
  const key = [backboneId, counts, JSON.stringify(settings.augment), settings.testTimeViews > 0].join(' ');
  const [found, setFound] = useState<{
    readonly key: string;
    readonly estimates: readonly (FineTuningEstimate | null)[];
  } | null>(null);
  useEffect(() => {
    let isWanted = true;
    const asked = counts === '' ? [] : counts.split(',').map((count) => estimateFineTuning(Number(count)));
    void Promise.all(asked).then((estimates) => {
      if (isWanted) setFound({ key, estimates });
    });
    return () => {
      isWanted = false;
    };
  }, [estimateFineTuning, key, counts]);
  // The last ones stay while others are made, so that nothing jumps; those of another network are wrong.
  if (found?.key.startsWith(`${backboneId} `) !== true) return null;
  const estimates = found.estimates.filter((estimate) => estimate !== null);
  return estimates.length === stageCounts.length ? estimates : null;
}
