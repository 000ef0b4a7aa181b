import type { HeadWeights } from '../../domain/head.ts';
import type { ClassWeighting } from '../../domain/settings.ts';
import * as tf from '../tf.ts';
import type { Features } from '../training/features.ts';
import { classWeightsOf, oneHotRows } from '../training/labels.ts';
import { copyRows } from '../training/row-source.ts';
import { chooseKeptRows, type LabelledRows } from './kept-rows.ts';
import { leastSharpness } from './least-sharpness.ts';
import { openVotes } from './neighbour-votes.ts';
import { DEFAULT_SPREAD, type Nearness } from './prototypes.ts';
import { visitRowProducts } from './row-products.ts';

interface NeighboursInput extends LabelledRows {
  readonly features: Features;
  /** Positions in `features`; `images` and `classIndices` say what they show and are. */
  readonly rowIndices: Int32Array;
  readonly classCount: number;
  readonly classWeights: ClassWeighting;
  readonly seed: number;
  /** Lets messages in between steps; what it throws ends the work. */
  readonly pause: () => Promise<void>;
}

/** Neighbours as a head, and what they say of rows whose own image is left out. */
interface Neighbours {
  readonly head: HeadWeights;
  readonly nearness: Nearness;
  /** Positions in `rowIndices` of the rows that were judged. */
  readonly judged: Int32Array;
  /** float32 [judged.length, classCount]; rows sum to 1. */
  readonly leaveOneOut: Float32Array;
}

/**
 * Classifies by all kept rows, the near ones counting most: kernel regression (Nadaraya, 1964; Watson, 1964), where row r
 * votes for its class with exp(-|x - r|^2 / T), and all votes together make 1. That is a softmax over (2 x.r - |r|^2) / T,
 * a dense layer with one output for every row, and a second layer that adds up the votes for each class. With the cosine
 * a row votes with exp(x.r / (|r| T)). Of both, and of all temperatures T, the one is taken that gives the least
 * cross-entropy when every row is judged by the other images alone.
 *
 * @throws what `pause` throws.
 */
export async function fitNeighbours(input: NeighboursInput): Promise<Neighbours> {
  const { features, rowIndices, classCount, seed } = input;
  const { kept, judged } = chooseKeptRows(input, seed);
  const values = new Float32Array(kept.length * features.featureLength);
  copyRows(
    features,
    Int32Array.from(kept, (at) => rowIndices[at] ?? 0),
    values,
    features.featureLength,
  );
  const classIndices = Int32Array.from(kept, (at) => input.classIndices[at] ?? 0);
  const examples: Examples = {
    values,
    featureLength: features.featureLength,
    images: kept.map((at) => input.images[at] ?? ''),
    classIndices,
    classCount,
    weights: classWeightsOf(classIndices, classCount, input.classWeights),
    squares: squaresOf(values, features.featureLength),
  };
  const best = judged.length === 0 ? unfitted(examples) : await fitTemperature(examples, judged, input.pause);
  return {
    head: headOf(examples, best),
    nearness: best.nearness,
    judged: Int32Array.from(judged, (place) => kept[place] ?? 0),
    leaveOneOut: best.leaveOneOut,
  };
}

/** The rows that are kept. */
interface Examples extends LabelledRows {
  /** float32 [rows, featureLength]. */
  readonly values: Float32Array;
  readonly featureLength: number;
  readonly classCount: number;
  /** Say of every class's rows. */
  readonly weights: Float64Array;
  /** Squared length of every row. */
  readonly squares: Float64Array;
}

function squaresOf(values: Float32Array, featureLength: number): Float64Array {
  const squares = new Float64Array(values.length / featureLength);
  values.forEach((value, index) => {
    const row = Math.floor(index / featureLength);
    squares[row] = (squares[row] ?? 0) + value * value;
  });
  return squares;
}

/** float32 [judged.length, rows]: products of the judged rows with all. */
async function productsOf(
  { values, featureLength, squares }: Examples,
  judged: readonly number[],
  pause: NeighboursInput['pause'],
): Promise<Float32Array> {
  const rowCount = squares.length;
  const products = new Float32Array(judged.length * rowCount);
  if (judged.length === 0) return products;
  const all = tf.tensor2d(values, [rowCount, featureLength]);
  const rows = tf.tidy(() => tf.gather(all, tf.tensor1d([...judged], 'int32')));
  // Transposed once: on wasm a product with a transposing flag is ten times as slow.
  const across = tf.tidy(() => tf.transpose(all));
  try {
    await visitRowProducts(rows, across, (row, own) => products.set(own, row * rowCount), pause);
  } finally {
    tf.dispose([all, rows, across]);
  }
  return products;
}

interface Fitted {
  readonly nearness: Nearness;
  readonly sharpness: number;
  readonly leaveOneOut: Float32Array;
}

/** With one image a class nothing can be left out: votes spread by a fixed factor over the mean squared distance. */
function unfitted({ values, featureLength, squares }: Examples): Fitted {
  const rowCount = squares.length;
  const means = new Float64Array(featureLength);
  values.forEach((value, index) => {
    const column = index % featureLength;
    means[column] = (means[column] ?? 0) + value / rowCount;
  });
  const sumOf = (numbers: Float64Array) => numbers.reduce((sum, value) => sum + value, 0);
  const meanDistance = 2 * (sumOf(squares) / rowCount - sumOf(means.map((mean) => mean * mean)));
  const sharpness = DEFAULT_SPREAD / Math.max(meanDistance, SMALLEST_SPREAD);
  return { nearness: 'squared-distance', sharpness, leaveOneOut: new Float32Array(0) };
}

/** Sharpnesses that are tried first, from a tenth of what spreads votes by e to a thousand times that. */
const TRIED_FIRST = 13;
const FIRST_FACTOR = 1e4 ** (1 / (TRIED_FIRST - 1));
/** Steps of the search between the two neighbours of the best of them. */
const SEARCH_STEPS = 8;
/** Rows that are all alike have no spread to divide by. */
const SMALLEST_SPREAD = 1e-12;

/** The loss may have more than one hollow, so a few places are tried before the search. */
async function fitTemperature(
  examples: Examples,
  judged: readonly number[],
  pause: NeighboursInput['pause'],
): Promise<Fitted> {
  const products = await productsOf(examples, judged, pause);
  const fitted: (Fitted & { readonly loss: number })[] = [];
  for (const nearness of ['squared-distance', 'cosine'] as const) {
    const votes = openVotes({ ...examples, judged, closeness: closenessOf(nearness, examples, judged, products) });
    const unit = 1 / Math.max(votes.meanSpread, SMALLEST_SPREAD);
    const lossAt = (sharpness: number) => votes.at(sharpness).loss;
    const tried = Array.from({ length: TRIED_FIRST }, (_, index) => 0.1 * unit * FIRST_FACTOR ** index);
    const losses = tried.map(lossAt);
    const best = tried[losses.indexOf(Math.min(...losses))] ?? unit;
    await pause();
    const { sharpness } = leastSharpness(lossAt, best / FIRST_FACTOR, best * FIRST_FACTOR, SEARCH_STEPS);
    const { loss, probabilities } = votes.at(sharpness);
    fitted.push({ nearness, sharpness, loss, leaveOneOut: probabilities });
    await pause();
  }
  return fitted.reduce((one, other) => (other.loss < one.loss ? other : one));
}

/** float32 [judged.length, rows]: the higher, the nearer. */
function closenessOf(
  nearness: Nearness,
  { squares }: Examples,
  judged: readonly number[],
  products: Float32Array,
): Float32Array {
  const rowCount = squares.length;
  const lengths = squares.map((square) => Math.sqrt(Math.max(square, Number.MIN_VALUE)));
  return products.map((product, index) => {
    const other = index % rowCount;
    if (nearness === 'cosine') return product / (lengths[other] ?? 1);
    const own = judged[Math.floor(index / rowCount)] ?? 0;
    return 2 * product - (squares[other] ?? 0) - (squares[own] ?? 0);
  });
}

/**
 * Two layers: every row's share of the votes, and the sum of the shares for each class. A softmax only sees differences:
 * what all its outputs have in common is taken away, which keeps numbers small for 8 bits and half precision.
 */
function headOf(examples: Examples, { nearness, sharpness }: Pick<Fitted, 'nearness' | 'sharpness'>): HeadWeights {
  const { values, featureLength, classIndices, classCount, weights, squares } = examples;
  const rowCount = squares.length;
  const kernel = new Float32Array(featureLength * rowCount);
  const factors = squares.map((square) =>
    nearness === 'cosine' ? sharpness / Math.sqrt(Math.max(square, Number.MIN_VALUE)) : 2 * sharpness,
  );
  for (let column = 0; column < featureLength; column++) {
    const own = factors.map((factor, row) => factor * (values[row * featureLength + column] ?? 0));
    kernel.set(withoutMean(own), column * rowCount);
  }
  const biases = squares.map((square, row) => {
    const say = Math.log(weights[classIndices[row] ?? 0] ?? 1);
    return nearness === 'cosine' ? say : say - sharpness * square;
  });
  return {
    layers: [
      {
        kernel,
        bias: Float32Array.from(withoutMean(biases)),
        inputLength: featureLength,
        outputLength: rowCount,
        activation: 'softmax',
      },
      {
        kernel: oneHotRows(classIndices, classCount),
        bias: new Float32Array(classCount),
        inputLength: rowCount,
        outputLength: classCount,
        activation: 'linear',
      },
    ],
  };
}

function withoutMean(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
