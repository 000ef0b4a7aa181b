/** Speed and time left of a long act, from counts and a clock. */
export interface ProgressRate {
  readonly perSecond: number;
  /** null while too little is known. */
  readonly secondsLeft: number | null;
}

/** @param elapsedMs since the start of the act. @param totalCount null while still counting. */
export function progressRate(doneCount: number, totalCount: number | null, elapsedMs: number): ProgressRate {
  const perSecond = elapsedMs > 0 ? (doneCount * 1000) / elapsedMs : 0;
  if (totalCount === null || perSecond === 0 || elapsedMs < 500) return { perSecond, secondsLeft: null };
  return { perSecond, secondsLeft: Math.max(0, (totalCount - doneCount) / perSecond) };
}
