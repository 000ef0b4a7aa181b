import type { CrossValidation } from './cross-validation.ts';
import { type FineTuneGuard, type FineTuneStart, isClearlyWorse } from './fine-tune-guard.ts';
import { percentOf } from './percent.ts';

const SMALL_NUMBERS = ['', '', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "the last stage", "the last two stages", "the last 12 stages". */
export function lastStagesText(count: number): string {
  return count === 1 ? 'the last stage' : `the last ${SMALL_NUMBERS[count] ?? count} stages`;
}

/** Which phase of fine-tuning is under way. */
export interface FineTunePhase {
  readonly phase: 'head' | 'fine-tune';
  readonly stageCount: number;
  /** False for a run that goes on from a tuned one, whose head is trained already. */
  readonly hasHeadPhase: boolean;
}

/** "1 of 2: the head", "2 of 2: the last two stages", "further: the last two stages and the head". */
export function phaseText({ phase, stageCount, hasHeadPhase }: FineTunePhase): string {
  if (!hasHeadPhase) return `further: ${lastStagesText(stageCount)} and the head`;
  return phase === 'head' ? '1 of 2: the head' : `2 of 2: ${lastStagesText(stageCount)}`;
}

const percent = (ratio: number) => percentOf(ratio, 1);

/** What is left of a run whose stages were not kept. */
const WENT_BACK: Readonly<Record<FineTuneStart, string>> = {
  pretrained: 'the head alone was kept',
  run: 'the model is that of the run it goes on from',
  'stages-of-run': 'the stages are those of the run it goes on from, and only the head was trained further',
};

/** What fine-tuning brought, or what the run went back to, in one or two sentences. */
export function guardText(guard: FineTuneGuard): string {
  const { start, kept, imageCount, startAccuracyRatio, tunedAccuracyRatio } = guard;
  const what = start === 'pretrained' ? 'Fine-tuning' : 'Fine-tuning further';
  const points = ((tunedAccuracyRatio - startAccuracyRatio) * 100).toFixed(1);
  const images = `${imageCount} validation ${imageCount === 1 ? 'image' : 'images'}`;
  const change = `${percent(startAccuracyRatio)} right before it, ${percent(tunedAccuracyRatio)} after, on ${images}`;
  if (kept && tunedAccuracyRatio > startAccuracyRatio) {
    return `${what} brought +${points} points on validation images (${change}).`;
  }
  if (kept) {
    return `${what} made the model surer of the right answers on ${images}; as many are right as before it (${percent(tunedAccuracyRatio)}).`;
  }
  if (isClearlyWorse(guard)) return `${what} made the model worse, so ${WENT_BACK[start]} (${change}).`;
  return `${what} is not shown to help with ${images}, so ${WENT_BACK[start]} (${change}).`;
}

/** In how many folds of a cross-validation the trained stages were kept, in a sentence; null where none was trained. */
export function foldStagesText({ folds }: Pick<CrossValidation, 'folds'>, stageCount: number): string | null {
  const tuned = folds.filter(({ stagesKept }) => stagesKept !== null);
  if (tuned.length === 0) return null;
  const keptCount = tuned.filter(({ stagesKept }) => stagesKept).length;
  const what = `Fine-tuning ${lastStagesText(stageCount)}`;
  if (keptCount === tuned.length) return `${what} was shown to help in all ${tuned.length} folds and kept in each.`;
  if (keptCount === 0)
    return `${what} was shown to help in none of ${tuned.length} folds, so every image was scored by the head alone.`;
  const rest = tuned.length - keptCount === 1 ? 'in the other' : `in the other ${tuned.length - keptCount}`;
  return `${what} was shown to help and kept in ${keptCount} of ${tuned.length} folds; ${rest} the head alone scored the images.`;
}
