import { type RatioInterval, wilsonInterval } from './metrics/wilson.ts';
import type { Run } from './run.ts';

/** How many independent test images a run's score counts as: groups of them count as one each, see `independentCount`. */
export function testWeight({ testCount, testIndependentCount }: Run['scores']): number {
  return testIndependentCount ?? testCount;
}

/** Accuracy on the test images with its range; null when none were kept aside. */
export function testInterval(scores: Run['scores']): RatioInterval | null {
  const { testAccuracyRatio, testCount, testIndependentCount } = scores;
  if (testAccuracyRatio === null) return null;
  return testIndependentCount === undefined
    ? wilsonInterval(Math.round(testAccuracyRatio * testCount), testCount)
    : wilsonInterval(testAccuracyRatio * testIndependentCount, testIndependentCount);
}
