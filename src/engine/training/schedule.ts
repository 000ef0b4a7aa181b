import type { ResolvedSettings } from '../../domain/settings.ts';

/** Steps in which the learning rate rises. */
export function warmupSteps(stepCount: number, { warmupRatio }: Pick<ResolvedSettings, 'warmupRatio'>): number {
  return Math.round(stepCount * warmupRatio);
}

/**
 * The learning rate of one step: a straight rise over the warm-up, then either half a cosine down to zero
 * (Loshchilov and Hutter, 2016, without restarts) or the full rate.
 * @param stepIndex 0-based, below `stepCount`, counted over the whole run.
 */
export function learningRateAt(stepIndex: number, stepCount: number, settings: ResolvedSettings): number {
  const warmupStepCount = warmupSteps(stepCount, settings);
  if (stepIndex < warmupStepCount) return (settings.learningRate * (stepIndex + 1)) / warmupStepCount;
  if (!settings.cosineDecay) return settings.learningRate;
  const doneRatio = (stepIndex - warmupStepCount) / (stepCount - warmupStepCount);
  return settings.learningRate * 0.5 * (1 + Math.cos(Math.PI * doneRatio));
}
