/** Two classifiers judged on the same images. */
export interface PairedOutcome {
  /** Images only the first got right. */
  readonly onlyFirstCount: number;
  /** Images only the second got right. */
  readonly onlySecondCount: number;
  /** Chance of a split at least as uneven if both were equally good, 0-1; 1 when they never differ. */
  readonly pValue: number;
}

/**
 * McNemar's test (Q. McNemar, 1947) in its exact form, two-sided: of the images on which the two differ, a half should
 * go either way if they were equally good, so the smaller number is a draw from a binomial distribution.
 */
export function mcNemar(onlyFirstCount: number, onlySecondCount: number): PairedOutcome {
  const count = onlyFirstCount + onlySecondCount;
  const smaller = Math.min(onlyFirstCount, onlySecondCount);
  // Logarithms: with thousands of images the single terms are too small for a double.
  let logTerm = -count * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let drawn = 0; drawn < smaller; drawn++) {
    logTerm += Math.log(count - drawn) - Math.log(drawn + 1);
    tail += Math.exp(logTerm);
  }
  return { onlyFirstCount, onlySecondCount, pValue: Math.min(1, 2 * tail) };
}

/** Differences that come by chance in fewer of all cases, were both equally good, count as shown. */
const SHOWN_BELOW = 0.05;

/** True when a difference is more than chance explains: the one limit of every verdict. */
export function isShown({ pValue }: Pick<PairedOutcome, 'pValue'>): boolean {
  return pValue < SHOWN_BELOW;
}

/** Two have to differ on as many images, all one way, before the exact test shows a difference: 2 * 0.5 ** 6 < 0.05. */
const LEAST_SHOWN_COUNT = 6;

/**
 * The smallest difference in accuracy that the test can show with so many images, 0-1: any image won by the other as well
 * only raises it. Null where no difference can be shown.
 */
export function leastShownRatio(imageCount: number): number | null {
  return imageCount < LEAST_SHOWN_COUNT ? null : LEAST_SHOWN_COUNT / imageCount;
}
