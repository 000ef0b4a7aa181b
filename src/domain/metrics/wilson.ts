/** A share and the range it lies in with 95 % certainty; all 0-1. */
export interface RatioInterval {
  readonly ratio: number;
  readonly lowRatio: number;
  readonly highRatio: number;
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
