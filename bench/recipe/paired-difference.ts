/** A mean over photos and seeds, and its standard error. */
export interface Difference {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * By how much one head is more often right than another on the same photos. The standard error counts both that other photos
 * could have been tested on and that other ones could have been learnt from.
 *
 * @param ours, theirs by seed: '1' for every photo that got its own class, else '0', in the same order.
 */
export function pairedDifference(ours: readonly string[], theirs: readonly string[]): Difference {
  const bySeed = ours.map((right, seed) => signs(right, theirs[seed] ?? ''));
  const photoCount = bySeed[0]?.length ?? 0;
  const byPhoto = Array.from({ length: photoCount }, (_, photo) => meanOf(bySeed.map((row) => row[photo] ?? 0)));
  const seedMeans = bySeed.map(meanOf);
  const standardError = Math.sqrt(varianceOfMean(byPhoto) + varianceOfMean(seedMeans));
  return { mean: meanOf(seedMeans), standardError };
}

const signs = (ours: string, theirs: string) =>
  Array.from(ours, (right, photo) => Number(right) - Number(theirs[photo]));

export const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOfMean(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}

/** Share of '1' in it. */
export const accuracyOf = (right: string): number => meanOf(Array.from(right, Number));
