import type { FineTuneGuard } from './fine-tune-guard.ts';

const SMALL_NUMBERS = ['', '', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "the last stage", "the last two stages", "the last 12 stages". */
export function lastStagesText(count: number): string {
  return count === 1 ? 'the last stage' : `the last ${SMALL_NUMBERS[count] ?? count} stages`;
}

/** "1 of 2: the head", "2 of 2: the last two stages". */
export function phaseText(phase: 'head' | 'fine-tune', stageCount: number): string {
  return phase === 'head' ? '1 of 2: the head' : `2 of 2: ${lastStagesText(stageCount)}`;
}

const percent = (ratio: number) => `${(ratio * 100).toFixed(1)}\u00a0%`;

/** What fine-tuning brought, or why the head alone was kept, in one or two sentences. */
export function guardText(guard: FineTuneGuard): string {
  const { kept, imageCount, lossGain, frozenAccuracyRatio, tunedAccuracyRatio } = guard;
  const points = ((tunedAccuracyRatio - frozenAccuracyRatio) * 100).toFixed(1);
  const images = `${imageCount} validation ${imageCount === 1 ? 'image' : 'images'}`;
  const change = `${percent(frozenAccuracyRatio)} right before it, ${percent(tunedAccuracyRatio)} after, on ${images}`;
  if (kept && tunedAccuracyRatio > frozenAccuracyRatio) {
    return `Fine-tuning brought +${points} points on validation images (${change}).`;
  }
  if (kept) {
    return `Fine-tuning made the model surer of the right answers on ${images}; as many are right as before it (${percent(tunedAccuracyRatio)}).`;
  }
  if (lossGain > 0 && tunedAccuracyRatio >= frozenAccuracyRatio) {
    return `Fine-tuning did not help beyond chance, so the head alone was kept (${change}).`;
  }
  return `Fine-tuning did not help, so the head alone was kept (${change}).`;
}
