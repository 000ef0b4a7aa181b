import type { HeadWeights } from '../../domain/head.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import * as tf from '../tf.ts';
import type { Features } from '../training/features.ts';
import { classWeightsOf, oneHotRows } from '../training/labels.ts';
import type { PartRows } from '../training/rows-by-part.ts';
import { type Evaluated, minimise } from './lbfgs.ts';
import { type FeatureScale, scaledRows, scaleOfRows } from './scale-of-rows.ts';

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
/** As scikit-learn's `tol`. */
const TOLERANCE = 1e-4;

/**
 * Multinomial logistic regression to convergence. Minimises the mean weighted cross-entropy plus l2 times the sum of
 * squared weights, on features standardised over the training rows; the scale is folded back into the layer. In
 * scikit-learn's terms C = 1 / (2 l2 rows). The penalty leaves the bias alone.
 *
 * @returns the weights it ended with, whether `onStep` ended it, and whether it converged before its limit. The products run on
 * the device in float32.
 */
export async function fitLogistic(input: LogisticInput): Promise<LogisticResult> {
  const { features, train, classCount, settings } = input;
  const { featureLength } = features;
  const rowCount = train.rowIndices.length;
  const scale = scaleOfRows(features, train.rowIndices);
  const rows = tf.tensor2d(scaledRows(features, train.rowIndices, scale), [rowCount, featureLength]);
  // Transposed once: on wasm a product with a transposing flag is ten times as slow.
  const across = tf.tidy(() => tf.transpose(rows));
  const evaluate = evaluator(rows, across, train, classCount, settings);
  try {
    const { point, ended, converged } = await minimise({
      start: new Float64Array((featureLength + 1) * classCount),
      evaluate,
      maxIterations: LOGISTIC_MAX_ITERATIONS,
      tolerance: TOLERANCE,
      onStep: ({ iterationIndex, point: place }) =>
        input.onStep({ iterationIndex, head: foldScale(place, scale, classCount) }),
    });
    return { head: foldScale(point, scale, classCount), ended, converged };
  } finally {
    tf.dispose([rows, across]);
  }
}

function evaluator(
  rows: tf.Tensor2D,
  across: tf.Tensor2D,
  { classIndices }: PartRows,
  classCount: number,
  { l2, labelSmoothing, classWeights }: LogisticInput['settings'],
): (point: Float64Array) => Promise<Evaluated> {
  const [rowCount, featureLength] = rows.shape;
  const kernelLength = featureLength * classCount;
  const weights = classWeightsOf(classIndices, classCount, classWeights);
  const off = labelSmoothing / classCount;
  const targets = oneHotRows(classIndices, classCount, off, 1 - labelSmoothing + off);
  return async (point) => {
    const scores = await numbersOf(() => tf.matMul(rows, matrix(point, featureLength, classCount)));
    const slopes = new Float32Array(rowCount * classCount);
    let loss = 0;
    for (let row = 0; row < rowCount; row++) {
      const weight = (weights[classIndices[row] ?? 0] ?? 1) / rowCount;
      loss += slopeOfRow(scores, targets, slopes, row * classCount, classCount, point.subarray(kernelLength), weight);
    }
    const products = await numbersOf(() => tf.matMul(across, tf.tensor2d(slopes, [rowCount, classCount])));
    const gradient = new Float64Array(point.length);
    for (let index = 0; index < kernelLength; index++) {
      const weight = point[index] ?? 0;
      loss += l2 * weight * weight;
      gradient[index] = (products[index] ?? 0) + 2 * l2 * weight;
    }
    for (let index = 0; index < slopes.length; index++) {
      const bias = kernelLength + (index % classCount);
      gradient[bias] = (gradient[bias] ?? 0) + (slopes[index] ?? 0);
    }
    return { value: loss, gradient };
  };
}

/** @returns the row's weighted loss; its slopes go to the same place in `slopes`. */
function slopeOfRow(
  scores: Float32Array,
  targets: Float32Array,
  slopes: Float32Array,
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
    slopes[start + index] = weight * (Math.exp(score(index) - logSum) - target);
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

/** (x - mean) factor w + b = x (factor w) + (b - mean factor w). */
function foldScale(point: Float64Array, { means, factors }: FeatureScale, classCount: number): HeadWeights {
  const inputLength = means.length;
  const kernel = new Float32Array(inputLength * classCount);
  const biases = point.slice(inputLength * classCount);
  for (let index = 0; index < kernel.length; index++) {
    const [column, classIndex] = [Math.floor(index / classCount), index % classCount];
    const weight = (point[index] ?? 0) * (factors[column] ?? 0);
    kernel[index] = weight;
    biases[classIndex] = (biases[classIndex] ?? 0) - (means[column] ?? 0) * weight;
  }
  const layer = { kernel, bias: Float32Array.from(biases), inputLength, outputLength: classCount };
  return { layers: [{ ...layer, activation: 'softmax' }] };
}
