import { type Compression, UNCOMPRESSED, type WeightEncoding } from '../../domain/compression.ts';
import { type HeadWeights, headBytes } from '../../domain/head.ts';
import { holdsNeighbours } from '../../domain/neighbours.ts';

const BYTES_PER_WEIGHT: Readonly<Record<WeightEncoding, number>> = {
  float32: 4,
  float16: 2,
  uint8: 1,
  'uint8-per-channel': 1,
};
/** TensorFlow.js, packed, which the page in the download runs on. */
const LIBRARY_BYTES = 400_000;
/** Five sample images with the pixels the network saw, packed. */
const SAMPLES_BYTES = 700_000;

/**
 * About how large a download will be, bytes: the weights are in it twice when a page comes along, which holds its own copy.
 * Weights set to zero are taken as not there, which is a little less than they need.
 */
export function downloadBytes(
  kind: 'whole-model' | 'head-only',
  parameterCount: number,
  head: HeadWeights,
  { encoding, prunedRatio }: Compression = UNCOMPRESSED,
): number {
  if (kind === 'head-only') return headBytes(head) + SAMPLES_BYTES;
  const headCount = headBytes(head) / Float32Array.BYTES_PER_ELEMENT;
  const keptRatio = 1 - prunedRatio;
  const weightCount = parameterCount * keptRatio + headCount * (holdsNeighbours(head) ? 1 : keptRatio);
  return 2 * weightCount * BYTES_PER_WEIGHT[encoding] + LIBRARY_BYTES + SAMPLES_BYTES;
}
