import type { Part } from './dataset.ts';
import { isShown, mcNemar } from './metrics/mcnemar.ts';
import { withPower } from './metrics/power-words.ts';
import { predictedIndices, rowsOfPart } from './metrics/predicted.ts';
import type { Predictions } from './run.ts';

/** How class averages did on one part beside the trained model, on the same images. */
export interface BaselineScore {
  readonly imageCount: number;
  /** Images the class averages got right. */
  readonly correctCount: number;
  /** Images only the trained model got right. */
  readonly onlyModelCount: number;
  /** Images only the class averages got right. */
  readonly onlyBaselineCount: number;
}

/**
 * What the network's features gave before a head was trained: every held-out image called after the nearest average of the
 * training images. Null for a part without images.
 */
export interface BeforeTraining {
  readonly validation: BaselineScore | null;
  readonly test: BaselineScore | null;
}

/** @param baselineIndices class by row of `predictions`; rows of the training part are not looked at. */
export function beforeTraining(predictions: Predictions, baselineIndices: ArrayLike<number>): BeforeTraining {
  const byModel = predictedIndices(predictions);
  const scoreOf = (part: Part) => scorePart(predictions, byModel, baselineIndices, part);
  return { validation: scoreOf('validation'), test: scoreOf('test') };
}

function scorePart(
  predictions: Predictions,
  modelIndices: ArrayLike<number>,
  baselineIndices: ArrayLike<number>,
  part: Part,
): BaselineScore | null {
  const counts = { imageCount: 0, correctCount: 0, onlyModelCount: 0, onlyBaselineCount: 0 };
  for (const row of rowsOfPart(predictions, part)) {
    const actual = predictions.classIndices[row];
    const [isModelRight, isBaselineRight] = [modelIndices[row] === actual, baselineIndices[row] === actual];
    counts.imageCount += 1;
    if (isBaselineRight) counts.correctCount += 1;
    if (isModelRight && !isBaselineRight) counts.onlyModelCount += 1;
    if (isBaselineRight && !isModelRight) counts.onlyBaselineCount += 1;
  }
  return counts.imageCount === 0 ? null : counts;
}

/** Share of the images the class averages got right, 0-1; null where nothing was judged. */
export function baselineRatio(score: BaselineScore | null): number | null {
  return score === null ? null : score.correctCount / score.imageCount;
}

/** "Training brought +9.3 points on the same 75 images.", or that the images do not show a difference (McNemar's exact test). */
export function trainingGainText(score: BaselineScore): string {
  const { imageCount, onlyModelCount, onlyBaselineCount } = score;
  const images = `the same ${imageCount === 1 ? 'image' : `${imageCount} images`}`;
  const points = pointsText((onlyModelCount - onlyBaselineCount) / imageCount);
  if (onlyModelCount === onlyBaselineCount) {
    const how = onlyModelCount === 0 ? 'the same are right as before' : 'as many became right as became wrong';
    return withPower(`Training shows no difference on ${images}: ${how}.`, imageCount);
  }
  if (!isShown(mcNemar(onlyModelCount, onlyBaselineCount))) {
    return withPower(`Training changed it by ${points} points on ${images}, which may be chance.`, imageCount);
  }
  return onlyModelCount > onlyBaselineCount
    ? `Training brought ${points} points on ${images}.`
    : `Training made it worse, by ${points} points on ${images}. Choose the head “Class averages”, or other settings.`;
}

/** 0.0934 -> "+9.3"; a true minus sign below 0. */
function pointsText(ratio: number): string {
  const digits = Math.abs(ratio * 100).toFixed(1);
  if (ratio === 0) return digits;
  return `${ratio > 0 ? '+' : '\u2212'}${digits}`;
}
