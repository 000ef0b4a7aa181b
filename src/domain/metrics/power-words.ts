import { leastShownRatio } from './mcnemar.ts';

/** From here on nearly every difference that matters can show. */
const WORTH_TELLING_RATIO = 0.02;

/** What so many images can show of a difference in accuracy, as a sentence; null where they can show small ones. */
export function powerText(imageCount: number): string | null {
  const ratio = leastShownRatio(imageCount);
  const images = imageCount === 1 ? '1 image' : `${imageCount.toLocaleString('en')} images`;
  if (ratio === null) return `${images} can show no difference.`;
  if (ratio < WORTH_TELLING_RATIO) return null;
  // Rounded up: a difference of that many points is needed at least.
  return `${images} can show no difference below ${(Math.ceil(ratio * 1000) / 10).toFixed(1)} points.`;
}

/** The sentence with what its images can show behind it. */
export function withPower(sentence: string, imageCount: number): string {
  return [sentence, powerText(imageCount)].filter((part) => part !== null).join(' ');
}
