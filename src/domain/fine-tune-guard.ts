/** Whether fine-tuning did better than the frozen network on the same validation images. */
export interface FineTuneGuard {
  /** False when the run went back to the frozen network. */
  readonly kept: boolean;
  readonly imageCount: number;
  /** Mean over the validation images of the frozen network's loss minus the fine-tuned one's; above 0 is better. */
  readonly lossGain: number;
  /** Standard error of that mean; 0 for a single image. */
  readonly standardError: number;
  readonly frozenAccuracyRatio: number;
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
export function guardFineTuning(frozen: JudgedImages, tuned: JudgedImages): FineTuneGuard {
  const imageCount = frozen.losses.length;
  const gains = Array.from(frozen.losses, (loss, index) => loss - (tuned.losses[index] ?? Number.NaN));
  const lossGain = gains.reduce((sum, gain) => sum + gain, 0) / imageCount;
  const squares = gains.reduce((sum, gain) => sum + (gain - lossGain) ** 2, 0);
  const standardError = imageCount < 2 ? 0 : Math.sqrt(squares / (imageCount - 1) / imageCount);
  const isClear = imageCount > 1 && lossGain > 0 && lossGain > CLEARLY * standardError;
  return {
    kept: isClear && tuned.accuracyRatio >= frozen.accuracyRatio,
    imageCount,
    lossGain,
    standardError,
    frozenAccuracyRatio: frozen.accuracyRatio,
    tunedAccuracyRatio: tuned.accuracyRatio,
  };
}
