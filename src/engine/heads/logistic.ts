import type { HeadWeights } from '../../domain/head.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import * as tf from '../tf.ts';
import type { Features } from '../training/features.ts';
import { classWeightsOf, oneHotRows } from '../training/labels.ts';
import type { PartRows } from '../training/rows-by-part.ts';
import { type FeatureScale, foldScale, measureScale, scaledRows } from './feature-scale.ts';
import { type Evaluated, type LbfgsResult, minimise } from './lbfgs.ts';

/** What one step of the solver gave. */
interface LogisticStep {
  readonly iterationIndex: number;
  readonly head: HeadWeights;
}

interface LogisticInput {
  readonly features: Features;
  readonly train: PartRows;
  readonly classCount: number;
  readonly settings: Pick<ResolvedSettings, 'l2' | 'labelSmoothing' | 'classWeights'>;
  /** Called after every step; true ends it there. */
  readonly onStep: (step: LogisticStep) => Promise<boolean>;
}

interface LogisticResult {
  readonly head: HeadWeights;
  readonly ended: boolean;
  readonly converged: boolean;
}

export const LOGISTIC_MAX_ITERATIONS = 200;
/** A third of scikit-learn's `tol`: on one scale the weights of features that vary little settle late. */
const TOLERANCE = 3e-5;

/**
 * Multinomial logistic regression to convergence. Minimises the mean weighted cross-entropy plus l2 times the sum of
 * squared weights, on features brought to one scale over the training rows, which is folded back into the layer. In
 * scikit-learn's terms C = 1 / (2 l2 rows). The penalty leaves the bias alone.
 *
 * @returns the weights it ended with, whether `onStep` ended it, and whether it converged before its limit. The products run on
 * the device in float32.
 */
export async function fitLogistic(input: LogisticInput): Promise<LogisticResult> {
  const { features, train, classCount, settings } = input;
  const { rowIndices, classIndices } = train;
  const problem = openLogistic(features, train, classCount, settings.labelSmoothing);
  const weights = classWeightsOf(classIndices, classCount, settings.classWeights);
  try {
    const { point, ended, converged } = await problem.fit({
      rowWeights: Float64Array.from(classIndices, (own) => (weights[own] ?? 1) / rowIndices.length),
      l2: settings.l2,
      start: problem.zero(),
      maxIterations: LOGISTIC_MAX_ITERATIONS,
      tolerance: TOLERANCE,
      onStep: ({ iterationIndex, point: place }) => input.onStep({ iterationIndex, head: problem.headOf(place) }),
    });
    return { head: problem.headOf(point), ended, converged };
  } finally {
    problem.dispose();
  }
}

interface LogisticFit {
  /** Weight of every row in the loss, float64 [rows]; rows of weight 0 are not learnt from. */
  readonly rowWeights: Float64Array;
  readonly l2: number;
  /** Kernel [featureLength, classCount], then bias: where the search begins. */
  readonly start: Float64Array;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly onStep: Parameters<typeof minimise>[0]['onStep'];
  /** Awaited after every pass over the rows. */
  readonly pause?: () => Promise<void>;
}

/** Rows on the device that logistic regressions of many weightings and penalties are fitted to. `dispose` frees them. */
export interface LogisticProblem {
  zero(): Float64Array;
  fit(fit: LogisticFit): Promise<LbfgsResult>;
  /** Class scores of all rows before the softmax, float64 [rows, classCount]. */
  scores(point: Float64Array): Promise<Float64Array>;
  /** Features that vary over the rows. */
  readonly variedCount: number;
  /** A point as a head for features as they are. */
  headOf(point: Float64Array): HeadWeights;
  dispose(): void;
}

/** Brings the rows to one scale, measured over them all. */
export function openLogistic(
  features: Features,
  { rowIndices, classIndices }: Pick<PartRows, 'rowIndices' | 'classIndices'>,
  classCount: number,
  labelSmoothing = 0,
): LogisticProblem {
  const { featureLength } = features;
  const scale = measureScale(features, rowIndices);
  const rows = tf.tensor2d(scaledRows(features, rowIndices, scale), [rowIndices.length, featureLength]);
  // Transposed once: on wasm a product with a transposing flag is ten times as slow.
  const across = tf.tidy(() => tf.transpose(rows));
  const off = labelSmoothing / classCount;
  const targets = oneHotRows(classIndices, classCount, off, 1 - labelSmoothing + off);
  const productOf = (point: Float64Array) => numbersOf(() => tf.matMul(rows, matrix(point, featureLength, classCount)));
  return {
    variedCount: scale.isConstant.filter((constant) => constant === 0).length,
    zero: () => new Float64Array((featureLength + 1) * classCount),
    fit: ({ rowWeights, l2, pause, ...search }) => {
      const evaluate = evaluator({ productOf, across, targets, rowWeights, classCount, featureLength, l2 });
      const paused = async (point: Float64Array) => {
        const found = await evaluate(point);
        await pause?.();
        return found;
      };
      return minimise({ ...search, evaluate: pause === undefined ? evaluate : paused });
    },
    scores: async (point) => {
      const biases = point.subarray(featureLength * classCount);
      return Float64Array.from(await productOf(point), (score, index) => score + (biases[index % classCount] ?? 0));
    },
    headOf: (point) => headOf(point, scale, classCount),
    dispose: () => tf.dispose([rows, across]),
  };
}

interface Evaluating {
  readonly productOf: (point: Float64Array) => Promise<Float32Array>;
  /** Scaled rows, transposed: float32 [featureLength, rows]. */
  readonly across: tf.Tensor2D;
  readonly targets: Float32Array;
  readonly rowWeights: Float64Array;
  readonly classCount: number;
  readonly featureLength: number;
  readonly l2: number;
}

function evaluator(problem: Evaluating): (point: Float64Array) => Promise<Evaluated> {
  const { productOf, across, targets, rowWeights, classCount, featureLength, l2 } = problem;
  const kernelLength = featureLength * classCount;
  return async (point) => {
    const scores = await productOf(point);
    const gradients = new Float32Array(scores.length);
    const biases = point.subarray(kernelLength);
    let loss = 0;
    rowWeights.forEach((weight, row) => {
      if (weight === 0) return;
      loss += gradientOfRow(scores, targets, gradients, row * classCount, classCount, biases, weight);
    });
    const products = await numbersOf(() => tf.matMul(across, tf.tensor2d(gradients, [rowWeights.length, classCount])));
    const gradient = new Float64Array(point.length);
    for (let index = 0; index < kernelLength; index++) {
      const weight = point[index] ?? 0;
      loss += l2 * weight * weight;
      gradient[index] = (products[index] ?? 0) + 2 * l2 * weight;
    }
    for (let index = 0; index < gradients.length; index++) {
      const bias = kernelLength + (index % classCount);
      gradient[bias] = (gradient[bias] ?? 0) + (gradients[index] ?? 0);
    }
    return { value: loss, gradient };
  };
}

/** @returns the row's weighted loss; its gradient by the scores goes to the same place in `gradients`. */
function gradientOfRow(
  scores: Float32Array,
  targets: Float32Array,
  gradients: Float32Array,
  start: number,
  classCount: number,
  biases: Float64Array,
  weight: number,
): number {
  const score = (index: number) => (scores[start + index] ?? 0) + (biases[index] ?? 0);
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < classCount; index++) largest = Math.max(largest, score(index));
  let sum = 0;
  for (let index = 0; index < classCount; index++) sum += Math.exp(score(index) - largest);
  const logSum = largest + Math.log(sum);
  let loss = 0;
  for (let index = 0; index < classCount; index++) {
    const target = targets[start + index] ?? 0;
    loss += target * (logSum - score(index));
    gradients[start + index] = weight * (Math.exp(score(index) - logSum) - target);
  }
  return weight * loss;
}

function matrix(point: Float64Array, featureLength: number, classCount: number): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(point.subarray(0, featureLength * classCount)), [featureLength, classCount]);
}

async function numbersOf(product: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(product);
  // A copy: on some backends `data` hands out the tensor's own memory.
  return (await tensor.data<'float32'>().finally(() => tensor.dispose())).slice();
}

function headOf(point: Float64Array, scale: FeatureScale, classCount: number): HeadWeights {
  const inputLength = scale.means.length;
  const kernel = Float32Array.from(point.subarray(0, inputLength * classCount));
  const bias = Float32Array.from(point.subarray(inputLength * classCount));
  const layer = { kernel, bias, inputLength, outputLength: classCount, activation: 'softmax' } as const;
  return foldScale({ layers: [layer] }, scale);
}
