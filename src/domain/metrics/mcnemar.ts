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
