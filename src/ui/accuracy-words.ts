import type { RatioInterval } from '../domain/metrics/wilson.ts';

/** "95 % sure between 78 and 93". The figures are percent. */
export function intervalWords({ lowRatio, highRatio }: RatioInterval): string {
  return `95\u00a0% sure between ${Math.round(lowRatio * 100)} and ${Math.round(highRatio * 100)}`;
}

/** Below this many images a score says little, and the page says so. */
export const FEW_IMAGES = 30;
