/** How the kernels of a download are stored; biases are float32 in all of them. */
export type WeightEncoding = 'float32' | 'float16' | 'uint8' | 'uint8-per-channel';

/** From the largest to the smallest. */
export const WEIGHT_ENCODINGS: readonly WeightEncoding[] = ['float32', 'float16', 'uint8-per-channel', 'uint8'];

/** What is done to the weights of a download. */
export interface Compression {
  readonly encoding: WeightEncoding;
  /** Share of all kernel weights set to zero, those that matter least to their layer first; 0 to `MOST_PRUNED_RATIO`. */
  readonly prunedRatio: number;
}

export const MOST_PRUNED_RATIO = 0.9;

export const UNCOMPRESSED: Compression = { encoding: 'float32', prunedRatio: 0 };

export function isUncompressed({ encoding, prunedRatio }: Compression): boolean {
  return encoding === 'float32' && prunedRatio === 0;
}

/** True where what is done to the weights is made up for by what the layers are given; half precision changes too little. */
export function looksAtImages({ encoding, prunedRatio }: Compression): boolean {
  return prunedRatio > 0 || encoding === 'uint8' || encoding === 'uint8-per-channel';
}

export function isSameCompression(one: Compression, other: Compression): boolean {
  return one.encoding === other.encoding && one.prunedRatio === other.prunedRatio;
}

/** @throws RangeError when a script asks for what there is not. */
export function checkCompression({ encoding, prunedRatio }: Compression): Compression {
  if (!WEIGHT_ENCODINGS.includes(encoding)) {
    throw new RangeError(`There is no encoding “${encoding}”; there are ${WEIGHT_ENCODINGS.join(', ')}.`);
  }
  if (prunedRatio >= 0 && prunedRatio <= MOST_PRUNED_RATIO) return { encoding, prunedRatio };
  throw new RangeError(`The share of weights set to zero is from 0 to ${MOST_PRUNED_RATIO}, not ${prunedRatio}.`);
}

const ENCODING_WORDS: Readonly<Record<WeightEncoding, string>> = {
  float32: 'stored in full (float32)',
  float16: 'stored in half precision (float16; TensorFlow.js 2.8 or later reads it)',
  uint8: 'stored in 8 bits, one scale for each layer',
  'uint8-per-channel': 'stored in 8 bits, one scale for each channel of a layer',
};

/** "stored in 8 bits, one scale for each layer, and 50 % of them set to zero". */
export function compressionText({ encoding, prunedRatio }: Compression): string {
  const zeros = prunedRatio === 0 ? '' : `, and ${Math.round(prunedRatio * 100)} % of them set to zero`;
  return `${ENCODING_WORDS[encoding]}${zeros}`;
}

/** Test images answered by a run's model and by the same model compressed. */
export interface AnswersCompared {
  /** Test images both answered. */
  readonly imageCount: number;
  readonly correctCountBefore: number;
  readonly correctCountAfter: number;
  /** Images whose most probable class is another one now, right or wrong. */
  readonly changedCount: number;
}

/**
 * @param before, after float32 [rows, classCount], row major. Rows of `after` that are not numbers were not answered.
 * @param classIndices true classes, by row.
 */
export function compareAnswers(
  before: Float32Array,
  after: Float32Array,
  classIndices: readonly number[],
  classCount: number,
): AnswersCompared {
  const counts = { imageCount: 0, correctCountBefore: 0, correctCountAfter: 0, changedCount: 0 };
  classIndices.forEach((trueIndex, row) => {
    const start = row * classCount;
    if (Number.isNaN(after[start])) return;
    const [was, is] = [before, after].map((all) => largestOf(all.subarray(start, start + classCount)));
    counts.imageCount += 1;
    if (was === trueIndex) counts.correctCountBefore += 1;
    if (is === trueIndex) counts.correctCountAfter += 1;
    if (was !== is) counts.changedCount += 1;
  });
  return counts;
}

/** Position of the largest number, the first of equal ones. */
function largestOf(numbers: Float32Array): number {
  return numbers.reduce((best, value, index) => (value > (numbers[best] ?? 0) ? index : best), 0);
}

/** What one way of compressing a run's model was measured to give. */
export interface MeasuredCompression {
  readonly compression: Compression;
  /** The file of weights, as the zip unpacks to. */
  readonly weightBytes: number;
  /** The whole download, zipped: zeros and equal steps save bytes only there. */
  readonly downloadBytes: number;
  /** The network in a warm batch, ms per image on this device; null when there was no image to time with. */
  readonly imageMs: number | null;
  /** Null when the run had no test images that can still be read. */
  readonly answers: AnswersCompared | null;
}
