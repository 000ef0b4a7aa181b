import type { Part } from './dataset.ts';
import type { HeadKind } from './head-settings.ts';
import { scorePredictions } from './metrics/scores.ts';
import type { Predictions } from './run.ts';
import { assignParts, type SplitItem, type SplitSettings } from './split.ts';

/** Scores of one fold's images, by a model that has seen none of them. Ratios are 0-1. */
export interface FoldScores {
  readonly imageCount: number;
  readonly accuracyRatio: number;
  readonly macroPrecisionRatio: number;
  readonly macroRecallRatio: number;
  readonly macroF1Ratio: number;
  /** By class index; NaN where there is nothing to divide by. */
  readonly precisionRatios: readonly number[];
  readonly recallRatios: readonly number[];
  readonly f1Ratios: readonly number[];
  /** Whether the guard of fine-tuning kept the stages of this fold; null where none was trained. */
  readonly stagesKept: boolean | null;
  /** The head that Automatic chose in this fold; null where the settings named it. */
  readonly chosenHead: HeadKind | null;
}

/** What became of the model of a fold. */
export type FoldModel = Pick<FoldScores, 'stagesKept' | 'chosenHead'>;

/** What a cross-validation measured, fold by fold. */
export interface CrossValidation {
  /** Folds the images were dealt into. */
  readonly foldCount: number;
  /** Of the folds that were judged: fewer than `foldCount` when it was stopped. */
  readonly folds: readonly FoldScores[];
}

/** A score over the folds. */
export interface Spread {
  readonly meanRatio: number;
  /** Standard deviation of the folds, with n - 1; 0 for a single one. */
  readonly spreadRatio: number;
  readonly lowestRatio: number;
  readonly highestRatio: number;
}

/**
 * The part of every image while one fold is judged: that fold is the test part; of the rest, the share that the project
 * gives to validation decides when to stop. Locks to a part do not count here: every image is judged once.
 */
export function partsOfFold(
  items: readonly Omit<SplitItem, 'lockedPart'>[],
  folds: readonly number[],
  judgedFold: number,
  { trainRatio, validationRatio, seed }: SplitSettings,
): Part[] {
  const others = items.filter((_, index) => folds[index] !== judgedFold);
  const unlocked = others.map((item) => ({ ...item, lockedPart: null }));
  const parts = assignParts(unlocked, { trainRatio, validationRatio, testRatio: 0, seed });
  let next = 0;
  return items.map((_, index) => (folds[index] === judgedFold ? 'test' : (parts[next++] ?? 'train')));
}

/**
 * Scores every fold by itself; one without images is left out.
 * @param foldOf the fold of every row of `predictions`.
 * @param trained by fold; see `FoldScores`.
 */
export function scoreFolds(
  predictions: Predictions,
  foldOf: readonly number[],
  foldCount: number,
  trained: readonly FoldModel[] = [],
): CrossValidation {
  const folds = Array.from({ length: foldCount }, (_, fold) => ({
    ...scoreFold(predictions, foldOf, fold),
    stagesKept: trained[fold]?.stagesKept ?? null,
    chosenHead: trained[fold]?.chosenHead ?? null,
  }));
  return { foldCount, folds: folds.filter(({ imageCount }) => imageCount > 0) };
}

function scoreFold(
  predictions: Predictions,
  foldOf: readonly number[],
  fold: number,
): Omit<FoldScores, keyof FoldModel> {
  const parts = predictions.parts.map((_, row): Part => (foldOf[row] === fold ? 'test' : 'train'));
  const scores = scorePredictions({ ...predictions, parts }, 'test', predictions.classCount);
  return {
    imageCount: scores.imageCount,
    accuracyRatio: scores.accuracy?.ratio ?? 0,
    macroPrecisionRatio: scores.macro.precisionRatio,
    macroRecallRatio: scores.macro.recallRatio,
    macroF1Ratio: scores.macro.f1Ratio,
    precisionRatios: scores.classes.map((own) => (own.precisionDefined ? own.precisionRatio : Number.NaN)),
    recallRatios: scores.classes.map((own) => (own.recallDefined ? own.recallRatio : Number.NaN)),
    f1Ratios: scores.classes.map((own) => (own.f1Defined ? own.f1Ratio : Number.NaN)),
  };
}

/** Mean and spread of a score over the folds in which it is defined; null when there is none. */
export function spreadOf({ folds }: CrossValidation, ratioOf: (fold: FoldScores) => number | undefined): Spread | null {
  const ratios = folds.map(ratioOf).filter((ratio) => ratio !== undefined && !Number.isNaN(ratio)) as number[];
  if (ratios.length === 0) return null;
  const meanRatio = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const squares = ratios.reduce((sum, ratio) => sum + (ratio - meanRatio) ** 2, 0);
  return {
    meanRatio,
    spreadRatio: ratios.length === 1 ? 0 : Math.sqrt(squares / (ratios.length - 1)),
    lowestRatio: Math.min(...ratios),
    highestRatio: Math.max(...ratios),
  };
}
