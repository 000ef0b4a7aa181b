import { beat } from '../../domain/beat.ts';

interface VotesInput {
  /** float32 [judged.length, rows]: how near every row is to a judged one. */
  readonly closeness: Float32Array;
  /** Positions of the judged rows among all. */
  readonly judged: readonly number[];
  /** By row: the image it shows, and its class. A judged row gets no vote from rows of its own image. */
  readonly images: readonly string[];
  readonly classIndices: Int32Array;
  readonly classCount: number;
  /** Say of every class's rows, in the votes and in the loss. */
  readonly weights: Float64Array;
}

/** What the votes come to at one sharpness. */
interface Judged {
  /** Mean weighted cross-entropy. */
  readonly loss: number;
  /** float32 [judged.length, classCount]; rows sum to 1. */
  readonly probabilities: Float32Array;
}

interface Votes {
  /** How far, on average over the judged rows, the nearest row is from the mean of the others. */
  readonly meanSpread: number;
  at(sharpness: number): Judged;
}

/**
 * Votes of all rows for the classes of judged ones, each weighing the exponential of sharpness times closeness.
 *
 * Where all rows are told rightly the loss would ask for ever sharper votes, and so for certainty that few images cannot
 * give. So the wanted probabilities are not 1 and 0 but what Laplace's rule makes of as many right answers as there are
 * judged rows, as Platt (1999) does for support vector machines.
 */
export function openVotes(input: VotesInput): Votes {
  const { judged, classCount } = input;
  const rowCount = input.classIndices.length;
  const closeness = fromNearest(input);
  let spreadSum = 0;
  for (const value of closeness) if (Number.isFinite(value)) spreadSum -= value / rowCount;
  const present = [...new Set(input.classIndices)];
  const doubt = 1 / (judged.length + present.length);
  return {
    meanSpread: spreadSum / Math.max(1, judged.length),
    at(sharpness) {
      beat();
      const probabilities = new Float32Array(judged.length * classCount);
      let [loss, weightSum] = [0, 0];
      judged.forEach((own, position) => {
        const nearOnes = closeness.subarray(position * rowCount, (position + 1) * rowCount);
        const shares = sharesOf(nearOnes, input, sharpness);
        probabilities.set(shares, position * classCount);
        const classIndex = input.classIndices[own] ?? 0;
        const weight = input.weights[classIndex] ?? 1;
        weightSum += weight;
        loss += weight * doubtfulLoss(shares, classIndex, present, doubt);
      });
      return { loss: loss / weightSum, probabilities };
    },
  };
}

/** Closeness less that of the nearest, so that no exponential overflows; minus infinity for rows of the own image. */
function fromNearest({ closeness, judged, images, classIndices }: VotesInput): Float32Array {
  const rowCount = classIndices.length;
  const relative = closeness.slice();
  judged.forEach((own, position) => {
    const row = relative.subarray(position * rowCount, (position + 1) * rowCount);
    let nearest = Number.NEGATIVE_INFINITY;
    for (let other = 0; other < rowCount; other++) {
      if (images[other] === images[own]) row[other] = Number.NEGATIVE_INFINITY;
      nearest = Math.max(nearest, row[other] ?? nearest);
    }
    for (let other = 0; other < rowCount; other++) row[other] = (row[other] ?? 0) - nearest;
  });
  return relative;
}

function sharesOf(
  nearOnes: Float32Array,
  { classIndices, classCount, weights }: VotesInput,
  sharpness: number,
): Float64Array {
  const sums = new Float64Array(classCount);
  for (let other = 0; other < nearOnes.length; other++) {
    const classIndex = classIndices[other] ?? 0;
    sums[classIndex] = (sums[classIndex] ?? 0) + Math.exp(sharpness * (nearOnes[other] ?? 0));
  }
  const votes = sums.map((sum, classIndex) => sum * (weights[classIndex] ?? 1));
  const total = votes.reduce((sum, vote) => sum + vote, 0);
  return votes.map((vote) => vote / total);
}

/** Cross-entropy where `doubt` is wanted of each present class but the right one, which has the rest. */
function doubtfulLoss(shares: Float64Array, classIndex: number, present: readonly number[], doubt: number): number {
  return present.reduce((loss, other) => {
    const wanted = other === classIndex ? 1 - doubt * (present.length - 1) : doubt;
    return loss - wanted * Math.log(Math.max(shares[other] ?? 0, Number.MIN_VALUE));
  }, 0);
}
