import { beat } from '../../domain/beat.ts';
import type { HeadWeights } from '../../domain/head.ts';
import type { Features } from '../training/features.ts';
import { leastSharpness } from './least-sharpness.ts';

/** How near a row is to a class, or to another row. */
export type Nearness = 'squared-distance' | 'cosine';

/** Class averages as a head, and what each row would have been called without itself. */
export interface Prototypes {
  readonly head: HeadWeights;
  readonly nearness: Nearness;
  /** By row: the class whose average, made without that row, is nearest; -1 for the only row of its class. */
  readonly leaveOneOut: Int32Array;
}

/** Sharpness where nothing can be fitted: the spread of a row's scores comes to so many natural logarithms. */
export const DEFAULT_SPREAD = 4;
/** Scores that differ by less, as a share of what they are made of, do not differ. */
const ROUNDING = 1e-10;
/** How much less likely a class without rows is than the others: e to the power of this. */
const ABSENT_SCORE = -20;

/**
 * Classifies by the nearest class average (Snell et al., 2017: a softmax over negative squared distances to averages is
 * one dense layer, -|x - c|^2 / T = (2 x.c - |c|^2) / T + what all classes share). The cosine with a class average ranks
 * classes as x.c / |c| does, which is one too. Of both, and of all temperatures T, the one is taken that gives the least
 * cross-entropy when every row is judged by averages made without it.
 *
 * @param rowIndices positions in `features` to average; `classIndices` their classes.
 */
export function fitPrototypes(
  features: Features,
  rowIndices: Int32Array,
  classIndices: Int32Array,
  classCount: number,
): Prototypes {
  const averages = averagesOf(features, rowIndices, classIndices, classCount);
  const squared = leaveOneOutScores('squared-distance', features, rowIndices, classIndices, averages);
  const cosine = leaveOneOutScores('cosine', features, rowIndices, classIndices, averages);
  const fitted = [squared, cosine].map((scores) => ({ ...scores, ...fitSharpness(scores, classIndices, classCount) }));
  const best = fitted.reduce((one, other) => (other.loss < one.loss ? other : one));
  return {
    head: headOf(best.nearness, best.sharpness, averages),
    nearness: best.nearness,
    leaveOneOut: nearestOf(best.values, best.judged, classCount),
  };
}

interface Averages {
  /** float64 [classCount, featureLength]. */
  readonly centres: Float64Array;
  readonly counts: Float64Array;
  /** Squared length of every centre. */
  readonly squares: Float64Array;
  readonly featureLength: number;
}

function averagesOf(
  { values, featureLength }: Features,
  rowIndices: Int32Array,
  classIndices: Int32Array,
  classCount: number,
): Averages {
  const centres = new Float64Array(classCount * featureLength);
  const counts = new Float64Array(classCount);
  for (const classIndex of classIndices) counts[classIndex] = (counts[classIndex] ?? 0) + 1;
  rowIndices.forEach((row, position) => {
    beat();
    const classIndex = classIndices[position] ?? 0;
    const [from, to] = [row * featureLength, classIndex * featureLength];
    const share = 1 / (counts[classIndex] ?? 1);
    for (let index = 0; index < featureLength; index++) {
      centres[to + index] = (centres[to + index] ?? 0) + (values[from + index] ?? 0) * share;
    }
  });
  const squares = counts.map((_, classIndex) => {
    const centre = centres.subarray(classIndex * featureLength, (classIndex + 1) * featureLength);
    return centre.reduce((sum, value) => sum + value * value, 0);
  });
  return { centres, counts, squares, featureLength };
}

interface Scores {
  readonly nearness: Nearness;
  /** What scores are made of: squared lengths of rows, or their lengths. Differences far below it are rounding. */
  readonly magnitude: number;
  /** float64 [rows, classCount]; the higher, the nearer. */
  readonly values: Float64Array;
  /** Rows whose class is left with others. */
  readonly judged: readonly number[];
}

function leaveOneOutScores(
  nearness: Nearness,
  { values, featureLength }: Features,
  rowIndices: Int32Array,
  classIndices: Int32Array,
  { centres, counts, squares }: Averages,
): Scores {
  const classCount = counts.length;
  const scores = new Float64Array(rowIndices.length * classCount);
  const judged: number[] = [];
  let squareSum = 0;
  rowIndices.forEach((row, position) => {
    beat();
    const rowValues = values.subarray(row * featureLength, (row + 1) * featureLength);
    const own = classIndices[position] ?? 0;
    const square = dotOf(rowValues, rowValues, 0);
    squareSum += square;
    if ((counts[own] ?? 0) > 1) judged.push(position);
    for (let classIndex = 0; classIndex < classCount; classIndex++) {
      const count = counts[classIndex] ?? 0;
      let product = dotOf(rowValues, centres, classIndex * featureLength);
      let centreSquare = squares[classIndex] ?? 0;
      if (classIndex === own && count > 1) {
        // The centre without this row, c' = (n c - x) / (n - 1), by its products alone.
        const [withRow, without] = [product, count - 1];
        product = (count * withRow - square) / without;
        centreSquare = (count * count * centreSquare - 2 * count * withRow + square) / (without * without);
      }
      const near =
        nearness === 'cosine'
          ? product / Math.sqrt(Math.max(centreSquare, Number.MIN_VALUE))
          : 2 * product - centreSquare - square;
      scores[position * classCount + classIndex] = count === 0 ? Number.NEGATIVE_INFINITY : near;
    }
  });
  const meanSquare = squareSum / Math.max(1, rowIndices.length);
  const magnitude = nearness === 'cosine' ? Math.sqrt(meanSquare) : meanSquare;
  return { nearness, magnitude, values: scores, judged };
}

function dotOf(row: Float32Array, other: Float32Array | Float64Array, start: number): number {
  let sum = 0;
  for (let index = 0; index < row.length; index++) sum += (row[index] ?? 0) * (other[start + index] ?? 0);
  return sum;
}

/** Steps of the search for the sharpness, which leave 0.62 ^ 40 of the range. */
const SEARCH_STEPS = 40;

/** One over the temperature: the loss is convex in it, so a golden-section search finds the least. */
function fitSharpness(
  { values, judged, magnitude }: Scores,
  classIndices: Int32Array,
  classCount: number,
): { readonly sharpness: number; readonly loss: number } {
  const spread = meanSpread(values, classCount);
  // Identical images: nothing tells classes apart, and sharpening would only bring out rounding.
  if (!(spread > ROUNDING * magnitude)) return { sharpness: 0, loss: Math.log(classCount) };
  const unit = 1 / spread;
  const lossAt = (sharpness: number) => meanLoss(values, judged, classIndices, classCount, sharpness);
  if (judged.length === 0) return { sharpness: DEFAULT_SPREAD * unit, loss: Number.POSITIVE_INFINITY };
  return leastSharpness(lossAt, unit * 1e-2, unit * 1e3, SEARCH_STEPS);
}

function meanSpread(values: Float64Array, classCount: number): number {
  let sum = 0;
  for (let start = 0; start < values.length; start += classCount) {
    const present = values.subarray(start, start + classCount).filter(Number.isFinite);
    sum += Math.max(...present) - Math.min(...present);
  }
  return sum / Math.max(1, values.length / classCount);
}

function meanLoss(
  values: Float64Array,
  judged: readonly number[],
  classIndices: Int32Array,
  classCount: number,
  sharpness: number,
): number {
  beat();
  let sum = 0;
  for (const row of judged) {
    const start = row * classCount;
    const trueScore = values[start + (classIndices[row] ?? 0)] ?? 0;
    let exponentials = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < classCount; index++) largest = Math.max(largest, values[start + index] ?? 0);
    for (let index = 0; index < classCount; index++) {
      exponentials += Math.exp(sharpness * ((values[start + index] ?? 0) - largest));
    }
    sum += Math.log(exponentials) - sharpness * (trueScore - largest);
  }
  return sum / judged.length;
}

function nearestOf(values: Float64Array, judged: readonly number[], classCount: number): Int32Array {
  const nearest = new Int32Array(values.length / classCount).fill(-1);
  for (const row of judged) {
    const scores = values.subarray(row * classCount, (row + 1) * classCount);
    nearest[row] = scores.reduce((best, score, index) => (score > (scores[best] ?? 0) ? index : best), 0);
  }
  return nearest;
}

function headOf(nearness: Nearness, sharpness: number, averages: Averages): HeadWeights {
  const { centres, counts, squares, featureLength } = averages;
  const classCount = counts.length;
  const kernel = new Float32Array(featureLength * classCount);
  const bias = new Float32Array(classCount);
  const present = [...counts.keys()].filter((classIndex) => (counts[classIndex] ?? 0) > 0);
  for (const classIndex of present) {
    const square = squares[classIndex] ?? 0;
    const factor = nearness === 'cosine' ? sharpness / Math.sqrt(Math.max(square, Number.MIN_VALUE)) : 2 * sharpness;
    for (let index = 0; index < featureLength; index++) {
      kernel[index * classCount + classIndex] = factor * (centres[classIndex * featureLength + index] ?? 0);
    }
    bias[classIndex] = nearness === 'cosine' ? 0 : -sharpness * square;
  }
  // A class without rows follows the mean of the others, far below.
  for (const classIndex of [...counts.keys()].filter((index) => !present.includes(index))) {
    const meanOf = (values: Float32Array, start: number) =>
      present.reduce((sum, other) => sum + (values[start + other] ?? 0), 0) / Math.max(1, present.length);
    for (let index = 0; index < featureLength; index++) {
      kernel[index * classCount + classIndex] = meanOf(kernel, index * classCount);
    }
    bias[classIndex] = meanOf(bias, 0) + ABSENT_SCORE;
  }
  return { layers: [{ kernel, bias, inputLength: featureLength, outputLength: classCount, activation: 'softmax' }] };
}
