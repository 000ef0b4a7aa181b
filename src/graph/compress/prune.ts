/** Bits that count first when magnitudes are sorted; the lower 16 decide within one bucket. */
const BUCKET_COUNT = 2 ** 15;
const LOW_COUNT = 2 ** 16;

/**
 * The magnitude below which a share of all weights lies, one threshold for all kernels together: so weights that hardly
 * matter go, wherever they are. Of weights of equal magnitude none goes unless all may.
 *
 * @param prunedRatio 0-1.
 */
export function pruneThreshold(kernels: readonly Float32Array[], prunedRatio: number): number {
  const total = kernels.reduce((count, values) => count + values.length, 0);
  const rank = Math.floor(total * prunedRatio);
  if (rank === 0) return 0;
  if (rank === total) return Number.POSITIVE_INFINITY;
  // Magnitudes of float32 are in the order of their bits, so two rounds of counting find the one of this rank.
  const high = find(kernels, BUCKET_COUNT, rank, (bits) => bits >>> 16);
  const low = find(kernels, LOW_COUNT, high.rest, (bits) => (bits >>> 16 === high.bucket ? bits & 0xffff : -1));
  return new Float32Array(new Uint32Array([high.bucket * LOW_COUNT + low.bucket]).buffer)[0] ?? 0;
}

/** The values with those of a magnitude below the threshold set to zero; the same array where nothing is below. */
export function pruned(values: Float32Array, threshold: number): Float32Array {
  return threshold === 0 ? values : values.map((value) => (Math.abs(value) < threshold ? 0 : value));
}

/** The bucket that holds the magnitude of this rank, and its rank within. A bucket of -1 is left out. */
function find(
  kernels: readonly Float32Array[],
  bucketCount: number,
  rank: number,
  bucketOf: (magnitudeBits: number) => number,
): { readonly bucket: number; readonly rest: number } {
  const counts = new Uint32Array(bucketCount);
  for (const values of kernels) {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < bits.length; i += 1) {
      const bucket = bucketOf((bits[i] ?? 0) & 0x7fffffff);
      if (bucket >= 0) counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
  }
  let rest = rank;
  const bucket = counts.findIndex((count) => {
    if (rest < count) return true;
    rest -= count;
    return false;
  });
  return { bucket, rest };
}
