import type { CandidateProgress } from '../engine/contract-measuring.ts';

interface Timed {
  /** Estimate made before the start; null when there was none. */
  readonly seconds: number | null;
}

/** Tells how long a comparison may take still. */
export interface ComparisonTimer {
  /** A candidate begins, the one before has ended. */
  begin(index: number): void;
  /** null while too little is known. */
  secondsLeft(progress: CandidateProgress): number | null;
}

/** Candidates without an estimate count as the mean of those that have one. */
export function comparisonTimer(candidates: readonly Timed[], now: () => number): ComparisonTimer {
  const guesses = candidates.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  const mean = guesses.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, guesses.length);
  const expected = candidates.map(({ seconds }) => seconds ?? mean);
  let index = 0;
  let beganMs = now();
  let stage: CandidateProgress['stage'] = 'loading';
  let stageBeganMs = beganMs;
  return {
    begin: (next) => {
      index = next;
      beganMs = now();
      stage = 'loading';
      stageBeganMs = beganMs;
    },
    secondsLeft: (progress) => {
      if (progress.stage !== stage) {
        stage = progress.stage;
        stageBeganMs = now();
      }
      if (guesses.length === 0) return null;
      const later = expected.slice(index + 1).reduce((sum, seconds) => sum + seconds, 0);
      const { doneCount, totalCount } = progress;
      if (stage === 'features' && doneCount > 0) {
        const perImageSeconds = (now() - stageBeganMs) / 1000 / doneCount;
        return later + perImageSeconds * (totalCount - doneCount);
      }
      return later + Math.max(0, (expected[index] ?? 0) - (now() - beganMs) / 1000);
    },
  };
}
