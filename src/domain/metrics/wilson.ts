/** A share and the range it lies in with 95 % certainty; all 0-1. */
export interface RatioInterval {
  readonly ratio: number;
  readonly lowRatio: number;
  readonly highRatio: number;
}

/**
 * The same for images of which some are in groups that tend to be right or wrong together, such as frames of a burst: they
 * say as much as {@link independentCount} images would.
 */
export function groupedInterval(successCount: number, groupSizes: readonly number[]): RatioInterval | null {
  const count = groupSizes.reduce((sum, size) => sum + size, 0);
  const independent = independentCount(groupSizes);
  return wilsonInterval((successCount / Math.max(1, count)) * independent, independent);
}

/**
 * How many independent images groups of these sizes say as much as, if images of a group are right or wrong together: the
 * effective sample size n^2 / sum of squares (L. Kish, "Survey Sampling", 1965). The number of images when all stand alone.
 */
export function independentCount(groupSizes: readonly number[]): number {
  const count = groupSizes.reduce((sum, size) => sum + size, 0);
  return count === 0 ? 0 : (count * count) / groupSizes.reduce((sum, size) => sum + size * size, 0);
}

/** 97.5 % point of the standard normal distribution: 95 % lie between minus and plus this. */
const Z_95 = 1.959963984540054;

/**
 * Wilson score interval, 95 %, without continuity correction (E. B. Wilson, 1927). Unlike the textbook interval it
 * stays inside 0-1 and is honest for few images.
 * @returns null when `count` is 0: nothing was measured.
 */
export function wilsonInterval(successCount: number, count: number): RatioInterval | null {
  if (count === 0) return null;
  const ratio = successCount / count;
  const zz = Z_95 * Z_95;
  const centre = (ratio + zz / (2 * count)) / (1 + zz / count);
  const reach = (Z_95 / (1 + zz / count)) * Math.sqrt((ratio * (1 - ratio)) / count + zz / (4 * count * count));
  return { ratio, lowRatio: Math.max(0, centre - reach), highRatio: Math.min(1, centre + reach) };
}
