import { useEffect, useRef, useState } from 'react';
import type { AugmentedSamples } from '../../commands/augment-samples.ts';
import type { AugmentStrengths } from '../../domain/augmentation.ts';
import { useCommands } from '../use-app.tsx';

interface Wish {
  readonly hashes: readonly string[];
  readonly strengths: AugmentStrengths;
  /** What else the samples depend on. */
  readonly seed: number;
  readonly backboneId: string | null;
  readonly resizeMode: string;
}

/**
 * Samples that follow what is wished for: one is made at a time, then the latest wish, so that a slider neither waits
 * nor queues. The last ones stay until there are others.
 */
export function useAugmentSamples(wish: Wish): AugmentedSamples | null {
  const { augmentSamples } = useCommands();
  const [samples, setSamples] = useState<AugmentedSamples | null>(null);
  const desk = useRef<{ isBusy: boolean; next: Wish | null }>({ isBusy: false, next: null });
  const { hashes, strengths, seed, backboneId, resizeMode } = wish;
  useEffect(() => {
    const { current } = desk;
    current.next = { hashes, strengths, seed, backboneId, resizeMode };
    if (current.isBusy) return;
    current.isBusy = true;
    const work = async () => {
      while (current.next !== null) {
        const now: Wish = current.next;
        current.next = null;
        const made = await augmentSamples(now.hashes, now.strengths);
        if (made !== null) setSamples(made);
      }
      current.isBusy = false;
    };
    void work();
  }, [augmentSamples, hashes, strengths, seed, backboneId, resizeMode]);
  return samples;
}
