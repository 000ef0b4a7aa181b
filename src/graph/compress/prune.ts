import { beat } from '../../domain/beat.ts';

/** Bits that count first when magnitudes are sorted; the lower 16 decide within one bucket. */
const BUCKET_COUNT = 2 ** 15;
const LOW_COUNT = 2 ** 16;

/**
 * For every layer the energy below which its weights are to go, so that a share of all weights together goes. A weight is judged
 * by its share of the energy of the weights that would be left in its own layer with it (Lee and others, 2021: LAMP), which weighs
 * layers of any size and scale against each other: what a layer can hardly spare stays, and the last weight of a layer always does.
 * Of weights that are judged alike none goes unless all may.
 *
 * @param energies of the weights, by layer: not negative, see `weightEnergies`.
 * @param prunedRatio 0 up to, but not including, 1.
 */
export function pruneThresholds(energies: readonly Float32Array[], prunedRatio: number): number[] {
  const sorted = energies.map((own) => {
    beat();
    return own.slice().sort();
  });
  const shares = sorted.map(sharesOfRest);
  const threshold = valueOfRank(shares, prunedRatio);
  return shares.map((own, layer) => {
    const prunedCount = own.findIndex((share) => share >= threshold);
    return prunedCount === 0 ? 0 : (sorted[layer]?.[prunedCount] ?? 0);
  });
}

/** The values with those of an energy below the threshold set to zero; the same array where nothing is below. */
export function pruned(values: Float32Array, energies: Float32Array, threshold: number): Float32Array {
  return threshold === 0 ? values : values.map((value, index) => ((energies[index] ?? 0) < threshold ? 0 : value));
}

/** @param sorted energies of a layer, smallest first. @returns each one's share of itself and all after it, never falling. */
function sharesOfRest(sorted: Float32Array): Float32Array {
  beat();
  const shares = new Float32Array(sorted.length);
  let rest = 0;
  for (let rank = sorted.length - 1; rank >= 0; rank -= 1) {
    const energy = sorted[rank] ?? 0;
    rest += energy;
    shares[rank] = rest === 0 ? 0 : energy / rest;
  }
  return shares;
}

/** The number that a share of all lie below; they are sorted by counting. */
function valueOfRank(values: readonly Float32Array[], ratio: number): number {
  const total = values.reduce((count, own) => count + own.length, 0);
  const rank = Math.floor(total * ratio);
  if (rank === 0) return 0;
  // Numbers of float32 that are not negative are in the order of their bits, so two rounds of counting find the one of this rank.
  const high = find(values, BUCKET_COUNT, rank, (bits) => bits >>> 16);
  const low = find(values, LOW_COUNT, high.rest, (bits) => (bits >>> 16 === high.bucket ? bits & 0xffff : -1));
  return new Float32Array(new Uint32Array([high.bucket * LOW_COUNT + low.bucket]).buffer)[0] ?? 0;
}

/** The bucket that holds the number of this rank, and its rank within. A bucket of -1 is left out. */
function find(
  values: readonly Float32Array[],
  bucketCount: number,
  rank: number,
  bucketOf: (bits: number) => number,
): { readonly bucket: number; readonly rest: number } {
  const counts = new Uint32Array(bucketCount);
  for (const own of values) {
    beat();
    const allBits = new Uint32Array(own.buffer, own.byteOffset, own.length);
    for (let i = 0; i < allBits.length; i += 1) {
      const bucket = bucketOf(allBits[i] ?? 0);
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
