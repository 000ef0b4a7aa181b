import type { OptimizerName } from './settings.ts';

const LOWEST = 1e-7;
const HIGHEST = 10;
const STEPS = 100;
/** Weight of what came before in the smoothed loss. */
const SMOOTHING = 0.9;

/** What trying rising rates showed. */
export interface LearningRateTest {
  readonly rates: readonly number[];
  /** Loss of the batch at each rate; shorter than `rates` where the loss exploded before the last. */
  readonly losses: readonly number[];
  readonly smoothedLosses: readonly number[];
  /** What the steps were taken with. */
  readonly optimizer: OptimizerName;
  /** The rate with the least smoothed loss; null when the loss never fell. */
  readonly lowestLossRate: number | null;
  /** A tenth of that, or the highest rate that suits the optimiser; null when the loss never fell. */
  readonly suggestedRate: number | null;
  /** True when a tenth would have been more than suits the optimiser. */
  readonly isCapped: boolean;
  /** Where the smoothed loss falls fastest, for the chart; null when it never falls. */
  readonly steepestRate: number | null;
}

/** 100 rates from 0.0000001 to 10, evenly by order of magnitude. */
export function testedRates(): number[] {
  return Array.from({ length: STEPS }, (_, step) => LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1)));
}

/** Running mean that forgets by a tenth each step, freed of its bias towards the start (as in Kingma and Ba, 2014). */
function smoothed(losses: readonly number[]): number[] {
  let mean = 0;
  return losses.map((loss, index) => {
    mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
    return mean / (1 - SMOOTHING ** (index + 1));
  });
}

/** The loss has to fall by this share of its start for a suggestion to be one. */
const LEAST_FALL = 0.02;

/** The first losses are batches of more or less luck: where the loss falls fastest is looked for after them. */
const SKIPPED_STEPS = 10;

/**
 * Beyond these, one batch may still go well where many epochs do not. Where images are easy to tell apart nothing explodes
 * in a hundred steps, and a tenth of the lowest says nothing.
 */
const HIGHEST_SUITABLE: Readonly<Record<OptimizerName, number>> = { adam: 0.01, rmsprop: 0.01, sgd: 0.1 };

/**
 * Reads a learning-rate range test (L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017). Suggested
 * is a tenth of the rate with the least loss, the rule of thumb of the fast.ai course: at the minimum itself training is
 * about to explode.
 */
export function readLearningRateTest(
  rates: readonly number[],
  losses: readonly number[],
  optimizer: OptimizerName,
): LearningRateTest {
  const smoothedLosses = smoothed(losses);
  const least = Math.min(...smoothedLosses);
  const fell = losses.length > 0 && least < (smoothedLosses[0] ?? 0) * (1 - LEAST_FALL);
  const lowestAt = smoothedLosses.indexOf(least);
  const suitable = Number(((rates[lowestAt] ?? 0) / 10).toPrecision(2));
  const highest = HIGHEST_SUITABLE[optimizer];
  return {
    rates,
    losses,
    smoothedLosses,
    optimizer,
    lowestLossRate: fell ? (rates[lowestAt] ?? null) : null,
    suggestedRate: fell ? Math.min(suitable, highest) : null,
    isCapped: fell && suitable > highest,
    steepestRate: fell ? (rates[steepestStep(smoothedLosses, lowestAt)] ?? null) : null,
  };
}

/** @returns the step that brought the loss down most, up to `lowestAt`; -1 when that comes too early to say. */
function steepestStep(smoothedLosses: readonly number[], lowestAt: number): number {
  const fallOf = (step: number) => (smoothedLosses[step - 1] ?? 0) - (smoothedLosses[step] ?? 0);
  let steepest = -1;
  for (let step = SKIPPED_STEPS; step <= lowestAt; step++) {
    if (steepest < 0 || fallOf(step) > fallOf(steepest)) steepest = step;
  }
  return steepest;
}
