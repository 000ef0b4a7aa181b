import type { CurvePoint } from '../../domain/learning-curve.ts';

/** By number of images, rising: mean, lowest and highest accuracy of its repeats, 0-1. */
interface CurveBand {
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Puts the repeats of every number of images together. */
export function curveBand(points: readonly CurvePoint[]): CurveBand {
  const bySize = new Map<number, number[]>();
  for (const { imageCount, accuracyRatio } of points) {
    bySize.set(imageCount, [...(bySize.get(imageCount) ?? []), accuracyRatio]);
  }
  const sizes = [...bySize.entries()].sort(([one], [other]) => one - other);
  return {
    x: sizes.map(([size]) => size),
    mean: sizes.map(([, ratios]) => ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length),
    low: sizes.map(([, ratios]) => Math.min(...ratios)),
    high: sizes.map(([, ratios]) => Math.max(...ratios)),
  };
}
