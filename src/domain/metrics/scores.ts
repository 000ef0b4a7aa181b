import type { Part } from '../dataset.ts';
import type { Predictions } from '../run.ts';
import { type ConfusionMatrix, cellCount, confusionMatrix } from './confusion.ts';
import { predictedIndices, rowsOfPart } from './predicted.ts';
import { groupedInterval, independentCount, type RatioInterval, wilsonInterval } from './wilson.ts';

/** Scores of one class. A ratio without anything to divide by is 0 and its `...Defined` is false. */
export interface ClassScore {
  readonly classIndex: number;
  /** Images that truly are of this class. */
  readonly supportCount: number;
  /** Images the model called this class. */
  readonly predictedCount: number;
  readonly correctCount: number;
  readonly precisionRatio: number;
  readonly recallRatio: number;
  readonly f1Ratio: number;
  /** False when the class was never predicted. */
  readonly precisionDefined: boolean;
  /** False when the part has no image of the class. */
  readonly recallDefined: boolean;
  /** False when the class is neither there nor predicted. */
  readonly f1Defined: boolean;
}

export interface AverageScore {
  readonly precisionRatio: number;
  readonly recallRatio: number;
  readonly f1Ratio: number;
}

/** Everything the page shows of one part. */
export interface PartScores {
  readonly part: Part;
  readonly imageCount: number;
  readonly correctCount: number;
  /** 95 % Wilson interval around the accuracy, groups of images counted as such; null without images. */
  readonly accuracy: RatioInterval | null;
  /** How many independent images these say as much as; fewer than `imageCount` where some are in groups. */
  readonly independentCount: number;
  readonly matrix: ConfusionMatrix;
  /** By class index. */
  readonly classes: readonly ClassScore[];
  /** Every class counts the same. Classes that are neither there nor predicted are left out, as in scikit-learn. */
  readonly macro: AverageScore;
  /** Every class counts by its support. */
  readonly weighted: AverageScore;
}

/** Scores the predictions of one part. With no image in it all ratios are 0 and `accuracy` is null. */
export function scorePredictions(predictions: Predictions, part: Part, classCount: number): PartScores {
  const rows = rowsOfPart(predictions, part);
  const predicted = predictedIndices(predictions);
  const matrix = confusionMatrix(
    rows.map((row) => predictions.classIndices[row] ?? 0),
    rows.map((row) => predicted[row] ?? 0),
    classCount,
  );
  const scores = scoreMatrix(matrix);
  const sizes = groupSizes(rows, predictions.groupIndices);
  const accuracy = groupedInterval(scores.correctCount, sizes);
  return { part, ...scores, accuracy, independentCount: independentCount(sizes) };
}

/** Images of each group among these rows. */
function groupSizes(rows: readonly number[], groupIndices: readonly number[] | undefined): readonly number[] {
  if (groupIndices === undefined) return rows.map(() => 1);
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(groupIndices[row] ?? -1, (sizes.get(groupIndices[row] ?? -1) ?? 0) + 1);
  return [...sizes.values()];
}

/** Scores a confusion matrix; see {@link scorePredictions}. */
export function scoreMatrix(matrix: ConfusionMatrix): Omit<PartScores, 'part'> {
  const classes = Array.from({ length: matrix.classCount }, (_, classIndex) => scoreClass(matrix, classIndex));
  const imageCount = classes.reduce((sum, score) => sum + score.supportCount, 0);
  const correctCount = classes.reduce((sum, score) => sum + score.correctCount, 0);
  return {
    imageCount,
    correctCount,
    accuracy: wilsonInterval(correctCount, imageCount),
    independentCount: imageCount,
    matrix,
    classes,
    macro: average(classes, (score) => (score.f1Defined ? 1 : 0)),
    weighted: average(classes, (score) => score.supportCount),
  };
}

/** Over how many classes the macro average is taken. */
export function macroClassCount({ classes }: Pick<PartScores, 'classes'>): number {
  return classes.filter(({ f1Defined }) => f1Defined).length;
}

function scoreClass(matrix: ConfusionMatrix, classIndex: number): ClassScore {
  let supportCount = 0;
  let predictedCount = 0;
  for (let other = 0; other < matrix.classCount; other++) {
    supportCount += cellCount(matrix, classIndex, other);
    predictedCount += cellCount(matrix, other, classIndex);
  }
  const correctCount = cellCount(matrix, classIndex, classIndex);
  return {
    classIndex,
    supportCount,
    predictedCount,
    correctCount,
    precisionRatio: divide(correctCount, predictedCount),
    recallRatio: divide(correctCount, supportCount),
    f1Ratio: divide(2 * correctCount, predictedCount + supportCount),
    precisionDefined: predictedCount > 0,
    recallDefined: supportCount > 0,
    f1Defined: predictedCount + supportCount > 0,
  };
}

function average(classes: readonly ClassScore[], weightOf: (score: ClassScore) => number): AverageScore {
  const mean = (ratioOf: (score: ClassScore) => number) => {
    const weighted = classes.reduce((sum, score) => sum + ratioOf(score) * weightOf(score), 0);
    return divide(
      weighted,
      classes.reduce((sum, score) => sum + weightOf(score), 0),
    );
  };
  return {
    precisionRatio: mean((score) => score.precisionRatio),
    recallRatio: mean((score) => score.recallRatio),
    f1Ratio: mean((score) => score.f1Ratio),
  };
}

/** 0/0 is 0, as scikit-learn's `zero_division=0`. */
function divide(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
