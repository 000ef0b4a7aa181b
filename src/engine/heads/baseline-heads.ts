import type { HeadWeights } from '../../domain/head.ts';
import { argmax } from '../../domain/metrics/predicted.ts';
import type { BaselineKind } from '../../domain/run.ts';
import type { ClassWeighting } from '../../domain/settings.ts';
import type { TrainOutput } from '../contract.ts';
import type { TrainOptions } from '../train.ts';
import { judgementOfProbabilities } from '../training/judgement.ts';
import { classWeightsOf } from '../training/labels.ts';
import { type PartRows, rowsToTrainOn } from '../training/rows-by-part.ts';
import { fitPrototypes } from './prototypes.ts';
import { lossesOf, predictRows } from './row-losses.ts';

/**
 * The trained head, or a baseline that needs no training where the head is no better on the images that chose the epoch: its
 * loss is higher and it has no more of them right, both by more than chance explains. A run must not end below what was there
 * before it, but a handful of images must not take a good head away either.
 */
export async function orBaseline(options: TrainOptions, output: TrainOutput): Promise<TrainOutput> {
  const { features, classCount, settings } = options;
  const { train, judge } = rowsToTrainOn(options.rows, options.viewCount);
  const scoreOf = async (head: HeadWeights) =>
    scoresOf(await predictRows(features, judge.rowIndices, head), judge.classIndices, classCount);
  const means = fitPrototypes(features, train.rowIndices, train.classIndices, classCount).head;
  const prior = classPrior(train, features.featureLength, classCount, settings.classWeights);
  const trained = await scoreOf(output.head);
  const baselines: readonly Baseline[] = [
    { kind: 'class-means', head: means, scores: await scoreOf(means) },
    { kind: 'class-prior', head: prior, scores: await scoreOf(prior) },
  ];
  const better = baselines
    .filter(({ scores }) => hasClearlyHigherLoss(trained, scores) && !hasClearlyMoreRight(trained, scores))
    .toSorted((one, other) => one.scores.loss - other.scores.loss)[0];
  if (better === undefined) return output;
  const { loss, accuracyRatio } = better.scores;
  const keptScores = judge.part === 'validation' ? { loss, accuracyRatio } : null;
  return { ...output, head: better.head, fallback: better.kind, keptScores };
}

interface Scores {
  readonly loss: number;
  readonly accuracyRatio: number;
  /** By row. */
  readonly losses: Float64Array;
  readonly isRight: readonly boolean[];
}

interface Baseline {
  readonly kind: BaselineKind;
  readonly head: HeadWeights;
  readonly scores: Scores;
}

function scoresOf(probabilities: Float32Array, classIndices: Int32Array, classCount: number): Scores {
  const { loss, accuracyRatio } = judgementOfProbabilities(probabilities, classIndices, classCount);
  const isRight = Array.from(
    classIndices,
    (own, row) => argmax(probabilities.subarray(row * classCount, (row + 1) * classCount)) === own,
  );
  return { loss, accuracyRatio, losses: lossesOf(probabilities, classIndices, classCount), isRight };
}

/** By more than one standard error of the difference, paired by row. */
function hasClearlyHigherLoss({ losses }: Scores, other: Scores): boolean {
  const gaps = losses.map((loss, row) => loss - (other.losses[row] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
  return gaps.length > 1 && mean > Math.sqrt(squares / (gaps.length - 1) / gaps.length);
}

/** More than one standard error of the difference, which is the root of the number of rows that only one has right. */
function hasClearlyMoreRight({ isRight }: Scores, other: Scores): boolean {
  const onlyThis = isRight.filter((right, row) => right && other.isRight[row] !== true).length;
  const onlyOther = isRight.filter((right, row) => !right && other.isRight[row] === true).length;
  return onlyThis - onlyOther > Math.sqrt(onlyThis + onlyOther);
}
/** A head that gives every image the shares of the classes in the training rows, one image of each added (Laplace's rule). */
function classPrior(
  { classIndices }: PartRows,
  featureLength: number,
  classCount: number,
  weighting: ClassWeighting,
): HeadWeights {
  const weights = classWeightsOf(classIndices, classCount, weighting);
  const counts = new Float64Array(classCount).fill(1);
  for (const own of classIndices) counts[own] = (counts[own] ?? 0) + (weights[own] ?? 1);
  const sum = counts.reduce((total, count) => total + count, 0);
  const layer = {
    kernel: new Float32Array(featureLength * classCount),
    bias: Float32Array.from(counts, (count) => Math.log(count / sum)),
    inputLength: featureLength,
    outputLength: classCount,
    activation: 'softmax',
  } as const;
  return { layers: [layer] };
}
