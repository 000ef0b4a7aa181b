import { type RandomStream, shuffledIndices } from '../../domain/random.ts';

/** How the rows of a batch are blended with each other; row i becomes share x itself + (1 - share) x its partner. */
export interface Mixup {
  /** Share of the row itself, 0.5-1, float32 [batchSize]. */
  readonly shares: Float32Array;
  /** The partner's place in the batch, [batchSize]. */
  readonly partners: Int32Array;
  /** The partner's position in the features, [batchSize]. */
  readonly partnerRows: Int32Array;
}

/**
 * Draws partners and shares for a batch (mixup, Zhang et al. 2018). The larger share is always the row's own: the pair is
 * the same, and the row keeps its label in the scores.
 * @param strength both parameters of the beta distribution of the shares, above 0.
 */
export function drawMixup(rowIndices: Int32Array, strength: number, random: RandomStream): Mixup {
  const partners = shuffledIndices(rowIndices.length, random);
  const shares = new Float32Array(rowIndices.length).map(() => {
    const share = drawBeta(strength, random);
    return Math.max(share, 1 - share);
  });
  return { shares, partners, partnerRows: partners.map((partner) => rowIndices[partner] ?? 0) };
}

/** Beta distribution with both parameters equal (M. D. Jöhnk, 1964). @returns 0-1. */
function drawBeta(parameter: number, random: RandomStream): number {
  for (;;) {
    const one = random.uniform() ** (1 / parameter);
    const other = random.uniform() ** (1 / parameter);
    const sum = one + other;
    // Both may be too small for a float when the parameter is: then the share is 0 or 1 anyway.
    if (sum === 0) return 1;
    if (sum <= 1) return one / sum;
  }
}

/** Blends labels or weights as the rows are. @param values float32 [batchSize, length], row major. */
export function blendLabels(values: Float32Array, length: number, { shares, partners }: Mixup): Float32Array {
  return values.map((value, index) => {
    const row = Math.floor(index / length);
    const share = shares[row] ?? 1;
    const partner = values[(partners[row] ?? 0) * length + (index % length)] ?? 0;
    return share * value + (1 - share) * partner;
  });
}
