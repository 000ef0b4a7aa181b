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
  /** A tenth of the rate with the least smoothed loss; null when the loss never fell. */
  readonly suggestedRate: number | null;
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

/**
 * Reads a learning-rate range test (L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017). Suggested
 * is a tenth of the rate with the least loss, the rule of thumb of the fast.ai course: at the minimum itself training is
 * about to explode.
 */
export function readLearningRateTest(rates: readonly number[], losses: readonly number[]): LearningRateTest {
  const smoothedLosses = smoothed(losses);
  const least = Math.min(...smoothedLosses);
  const fell = losses.length > 0 && least < (smoothedLosses[0] ?? 0) * (1 - LEAST_FALL);
  const lowestAt = smoothedLosses.indexOf(least);
  const slopes = smoothedLosses.slice(1, lowestAt + 1).map((loss, index) => loss - (smoothedLosses[index] ?? 0));
  const steepestAt = slopes.indexOf(Math.min(...slopes)) + 1;
  return {
    rates,
    losses,
    smoothedLosses,
    suggestedRate: fell ? Number(((rates[lowestAt] ?? 0) / 10).toPrecision(2)) : null,
    steepestRate: fell ? (rates[steepestAt] ?? null) : null,
  };
}
