import { type ClassWeighting, DEFAULT_SETTINGS } from '../../domain/settings.ts';
import type { Features } from '../training/features.ts';
import { classWeightsOf } from '../training/labels.ts';
import type { FoldedRows } from './folded-rows.ts';
import { type LogisticProblem, openLogistic } from './logistic.ts';

/**
 * Prior variance of a class score that the penalty stands for, times features: C times features in scikit-learn's terms, which
 * on one scale means the same for backbones of any length. Strongest penalty first, two a decade.
 */
const PRIOR_VARIANCES = Array.from({ length: 9 }, (_, index) => 10 ** (index / 2 - 1));
/** The path ends once so many penalties in a row gave a higher loss: weaker ones overfit more, and take the most steps. */
const RISES_TO_END = 2;
const MAX_ITERATIONS = 100;
/** Looser than for a model that is kept. */
const TOLERANCE = 1e-3;
/** Multiplications that all fits together may take: a few seconds. Beyond it fewer folds are measured. */
const MOST_WORK = 4e10;
/** Passes over the rows that a fit takes, started from the penalty before it. */
const USUAL_PASSES = 10;

/** What suits features of photos by all backbones measured (docs/measurements.md): where folds cannot tell, it is this. */
const USUAL_VARIANCE = 10 ** 1.5;

/** What cross-validation of the penalties found. */
interface PenaltyChoice {
  /** The setting L2 that stands for it. */
  readonly l2: number;
  /** Cross-entropy of every entry by the model that had not seen it, float64; NaN for those not measured. */
  readonly losses: Float64Array;
}

/** The setting L2 of a prior variance: its default is the usual one, so that it means the same for every backbone and number of images. */
function settingOfVariance(variance: number): number {
  return (DEFAULT_SETTINGS.l2 * USUAL_VARIANCE) / variance;
}

/** The penalty on the mean loss, as `fitLogistic` takes it, of the setting L2; scikit-learn's C is 1 / (2 rows penalty). */
export function meanPenalty(l2: number, variedCount: number, rowCount: number): number {
  const variance = (DEFAULT_SETTINGS.l2 * USUAL_VARIANCE) / l2;
  return penaltyOf(variance / Math.max(1, variedCount), rowCount);
}

function penaltyOf(inverseStrength: number, rowCount: number): number {
  return 1 / (2 * inverseStrength * rowCount);
}

/**
 * Chooses the penalty of a logistic regression by cross-validation on a logarithmic grid. Every fit starts from the solution of
 * the next stronger penalty.
 *
 * @param pause awaited after every pass over the rows; may throw.
 */
export async function choosePenalty(
  features: Features,
  folded: FoldedRows,
  classCount: number,
  weighting: ClassWeighting,
  pause: () => Promise<void>,
): Promise<PenaltyChoice> {
  const problem = openLogistic(features, folded, classCount);
  const length = Math.max(1, problem.variedCount);
  const foldCount = measuredFolds(features, folded, classCount);
  const points = Array.from({ length: foldCount }, () => problem.zero());
  const rowWeights = points.map((_, fold) => weightsWithout(folded, fold, classCount, weighting));
  const scoreWeights = classWeightsOf(folded.classIndices, classCount, weighting);
  const noLosses = () => new Float64Array(folded.folds.length).fill(Number.NaN);
  const tried: TriedPenalty[] = [];
  let least = Number.POSITIVE_INFINITY;
  let riseCount = 0;
  try {
    for (const variance of PRIOR_VARIANCES) {
      const inverseStrength = variance / length;
      const losses = noLosses();
      for (const [fold, start] of points.entries()) {
        const weights = rowWeights[fold] ?? new Float64Array();
        const rowCount = weights.filter((weight) => weight > 0).length;
        if (rowCount === 0) continue;
        const { point } = await problem.fit({
          rowWeights: weights.map((weight) => weight / rowCount),
          l2: penaltyOf(inverseStrength, rowCount),
          start,
          maxIterations: MAX_ITERATIONS,
          tolerance: TOLERANCE,
          onStep: async () => false,
          pause,
        });
        points[fold] = point;
        await scoreFold(problem, point, folded, fold, classCount, losses);
      }
      const loss = meanOf(losses, folded.classIndices, scoreWeights).mean;
      tried.push({ variance, losses, loss });
      riseCount = loss < least ? 0 : riseCount + 1;
      least = Math.min(least, loss);
      if (riseCount >= RISES_TO_END) break;
    }
    const chosen = steadiest(tried, folded.classIndices, scoreWeights);
    return { l2: settingOfVariance(chosen?.variance ?? USUAL_VARIANCE), losses: chosen?.losses ?? noLosses() };
  } finally {
    problem.dispose();
  }
}

/** Folds that are measured: all, or as many as the work allows. */
function measuredFolds({ featureLength }: Features, { folds, foldCount }: FoldedRows, classCount: number): number {
  const onePass = 2 * folds.length * featureLength * classCount;
  const affordable = Math.floor(MOST_WORK / (onePass * USUAL_PASSES * PRIOR_VARIANCES.length));
  return Math.max(1, Math.min(foldCount, affordable));
}

/** Class weights of the entries outside a fold, counted there; 0 for those in it. */
function weightsWithout(
  { classIndices, folds }: FoldedRows,
  fold: number,
  classCount: number,
  weighting: ClassWeighting,
): Float64Array {
  const weights = classWeightsOf(
    classIndices.filter((_, entry) => folds[entry] !== fold),
    classCount,
    weighting,
  );
  return Float64Array.from(classIndices, (own, entry) => (folds[entry] === fold ? 0 : (weights[own] ?? 1)));
}

async function scoreFold(
  problem: LogisticProblem,
  point: Float64Array,
  { classIndices, folds, isScored }: FoldedRows,
  fold: number,
  classCount: number,
  losses: Float64Array,
): Promise<void> {
  const scores = await problem.scores(point);
  classIndices.forEach((own, entry) => {
    if (folds[entry] !== fold || isScored[entry] !== true) return;
    losses[entry] = crossEntropy(scores.subarray(entry * classCount, (entry + 1) * classCount), own);
  });
}

function crossEntropy(scores: Float64Array, classIndex: number): number {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
  return largest + Math.log(sum) - (scores[classIndex] ?? 0);
}

interface TriedPenalty {
  readonly variance: number;
  readonly losses: Float64Array;
  readonly loss: number;
}

/**
 * Of all penalties within one standard error of the best, paired by image, the one nearest to the usual: with few images the
 * least loss lies anywhere on the grid by chance. Null where nothing was measured.
 */
function steadiest(
  tried: readonly TriedPenalty[],
  classIndices: Int32Array,
  weights: Float64Array,
): TriedPenalty | null {
  const known = tried.filter(({ loss }) => Number.isFinite(loss));
  const best = known.toSorted((one, other) => one.loss - other.loss)[0];
  if (best === undefined) return null;
  const near = known.filter(({ losses }) => {
    const gaps = losses.map((loss, entry) => loss - (best.losses[entry] ?? Number.NaN));
    const { mean, error } = meanOf(gaps, classIndices, weights);
    return mean <= error;
  });
  const apart = ({ variance }: TriedPenalty) => Math.abs(Math.log(variance / USUAL_VARIANCE));
  return near.toSorted((one, other) => apart(one) - apart(other) || one.loss - other.loss)[0] ?? best;
}

/** Weighted mean of what is not NaN, and its standard error; an infinite mean of nothing. */
function meanOf(
  values: Float64Array,
  classIndices: Int32Array,
  weights: Float64Array,
): { readonly mean: number; readonly error: number } {
  const known = [...values.keys()].filter((entry) => !Number.isNaN(values[entry]));
  const weightAt = (entry: number) => weights[classIndices[entry] ?? 0] ?? 1;
  const total = known.reduce((sum, entry) => sum + weightAt(entry), 0);
  if (total === 0) return { mean: Number.POSITIVE_INFINITY, error: 0 };
  const mean = known.reduce((sum, entry) => sum + weightAt(entry) * (values[entry] ?? 0), 0) / total;
  const squares = known.reduce((sum, entry) => sum + (weightAt(entry) * ((values[entry] ?? 0) - mean)) ** 2, 0);
  return { mean, error: Math.sqrt(squares) / total };
}
