/**
 * What the stages started from, which is what the run goes back to: the pretrained network under a head trained first,
 * the model of the run it goes on from, or that run's stages under a head that was trained further first.
 */
export type FineTuneStart = 'pretrained' | 'run' | 'stages-of-run';

/** Whether fine-tuning did better than what it started from on the same validation images. */
export interface FineTuneGuard {
  readonly start: FineTuneStart;
  /** False when the run went back to its start. */
  readonly kept: boolean;
  readonly imageCount: number;
  /** Mean over the validation images of the start's loss minus the fine-tuned one's; above 0 is better. */
  readonly lossGain: number;
  /** Standard error of that mean; 0 for a single image. */
  readonly standardError: number;
  readonly startAccuracyRatio: number;
  readonly tunedAccuracyRatio: number;
}

/** How a model did on every validation image, in one order. */
export interface JudgedImages {
  /** Cross-entropy of every image. */
  readonly losses: ArrayLike<number>;
  readonly accuracyRatio: number;
}

/** One-sided 95 % of the standard normal distribution. */
const CLEARLY = 1.645;

/**
 * Keeps the fine-tuned network only if its loss is lower by more than chance explains (paired differences, one-sided 95 %)
 * and its accuracy is no lower.
 */
export function guardFineTuning(start: FineTuneStart, before: JudgedImages, tuned: JudgedImages): FineTuneGuard {
  const imageCount = before.losses.length;
  const gains = Array.from(before.losses, (loss, index) => loss - (tuned.losses[index] ?? Number.NaN));
  const lossGain = gains.reduce((sum, gain) => sum + gain, 0) / imageCount;
  const squares = gains.reduce((sum, gain) => sum + (gain - lossGain) ** 2, 0);
  const standardError = imageCount < 2 ? 0 : Math.sqrt(squares / (imageCount - 1) / imageCount);
  const isClear = imageCount > 1 && lossGain > 0 && lossGain > CLEARLY * standardError;
  return {
    start,
    kept: isClear && tuned.accuracyRatio >= before.accuracyRatio,
    imageCount,
    lossGain,
    standardError,
    startAccuracyRatio: before.accuracyRatio,
    tunedAccuracyRatio: tuned.accuracyRatio,
  };
}

/** True when the start has the lower loss by more than chance explains. */
export function isClearlyWorse({ imageCount, lossGain, standardError }: FineTuneGuard): boolean {
  return imageCount > 1 && lossGain < 0 && -lossGain > CLEARLY * standardError;
}

/** True when nothing that a run trained was kept: its model is that of the run it goes on from. */
export function isBackAtOrigin(guard: FineTuneGuard | null): boolean {
  return guard !== null && !guard.kept && guard.start === 'run';
}
