import { type HeadWeights, headBytes } from '../../domain/head.ts';

const BYTES_PER_WEIGHT = 4;
/** TensorFlow.js, packed, which the page in the download runs on. */
const LIBRARY_BYTES = 400_000;
/** Five sample images with the pixels the network saw, packed. */
const SAMPLES_BYTES = 700_000;

/** About how large a download will be, bytes: the weights are in it twice when a page comes along, which holds its own copy. */
export function downloadBytes(kind: 'whole-model' | 'head-only', parameterCount: number, head: HeadWeights): number {
  if (kind === 'head-only') return headBytes(head) + SAMPLES_BYTES;
  return 2 * (parameterCount * BYTES_PER_WEIGHT + headBytes(head)) + LIBRARY_BYTES + SAMPLES_BYTES;
}
