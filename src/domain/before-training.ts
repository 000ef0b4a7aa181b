import type { Part } from './dataset.ts';
import { mcNemar } from './metrics/mcnemar.ts';
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

/** The same limit as where two runs are compared. */
const TOLD_APART_P = 0.05;
/** Below it "did not help" would say more than so few images can. */
const FEW_IMAGES = 30;

/** "Training brought +9.3 points on the same 75 images.", or that it did not help beyond chance (McNemar's exact test). */
export function trainingGainText(score: BaselineScore): string {
  const { imageCount, onlyModelCount, onlyBaselineCount } = score;
  const images = `the same ${imageCount === 1 ? 'image' : `${imageCount} images`}`;
  const points = pointsText((onlyModelCount - onlyBaselineCount) / imageCount);
  if (onlyModelCount + onlyBaselineCount === 0) return 'Training changed nothing: the same images are right.';
  if (mcNemar(onlyModelCount, onlyBaselineCount).pValue > TOLD_APART_P) {
    return imageCount < FEW_IMAGES
      ? `Training changed it by ${points} points: too few images to tell whether it helped.`
      : `Training did not help beyond chance: ${points} points on ${images}.`;
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
