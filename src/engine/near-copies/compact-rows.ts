import { randomStream } from '../../domain/random.ts';

/** Bits of a signature: bands of so many bits each. */
const BAND_BITS = 9;
const BANDS = 18;
/** Features that each bit weighs: a plane with few entries does as well as a full one and costs a tenth. */
const ENTRIES = 64;
const SEED = 42;

/** Features less their mean, in 127 steps of the largest of each row: a quarter of float32, and as good for angles. */
export class CompactRows {
  private readonly steps: Int8Array;
  private readonly norms: Float64Array;
  /** By band, of every row. */
  readonly bandKeys: readonly Uint16Array[];
  /** The first bits of the signature of every row, for an order among rows of one key. */
  readonly order: Uint32Array;
  private readonly planes: Int32Array;

  constructor(
    readonly count: number,
    private readonly featureLength: number,
    private readonly mean: Float64Array,
  ) {
    this.steps = new Int8Array(count * featureLength);
    this.norms = new Float64Array(count);
    this.bandKeys = Array.from({ length: BANDS }, () => new Uint16Array(count));
    this.order = new Uint32Array(count);
    const random = randomStream(SEED, 'near-copies');
    // A negative entry counts against the bit; 0 cannot be negative, hence the step of one.
    this.planes = Int32Array.from({ length: BANDS * BAND_BITS * ENTRIES }, () => {
      const feature = 1 + random.below(featureLength);
      return random.uniform() < 0.5 ? -feature : feature;
    });
  }

  /** @param values float32 [rows, featureLength] of the rows from `from` on. */
  put(from: number, values: Float32Array): void {
    const { featureLength } = this;
    const centred = new Float64Array(featureLength);
    for (let row = 0; row * featureLength < values.length; row += 1) {
      let peak = 0;
      for (let at = 0; at < featureLength; at += 1) {
        const value = (values[row * featureLength + at] ?? 0) - (this.mean[at] ?? 0);
        centred[at] = value;
        peak = Math.max(peak, Math.abs(value));
      }
      this.keep(from + row, centred, peak);
    }
  }

  private keep(row: number, centred: Float64Array, peak: number): void {
    const start = row * this.featureLength;
    const scale = peak > 0 && Number.isFinite(peak) ? 127 / peak : 0;
    let squares = 0;
    for (let at = 0; at < this.featureLength; at += 1) {
      const step = Math.round((centred[at] ?? 0) * scale);
      this.steps[start + at] = step;
      squares += step * step;
    }
    this.norms[row] = Math.sqrt(squares);
    let plane = 0;
    for (const [band, keys] of this.bandKeys.entries()) {
      let key = 0;
      for (let bit = 0; bit < BAND_BITS; bit += 1) {
        let sum = 0;
        for (let entry = 0; entry < ENTRIES; entry += 1) {
          const feature = this.planes[plane++] ?? 1;
          sum += feature < 0 ? -(centred[-feature - 1] ?? 0) : (centred[feature - 1] ?? 0);
        }
        key = key * 2 + (sum > 0 ? 1 : 0);
      }
      keys[row] = key;
      // The first two bands stand at the top of 32 bits.
      if (band < 2) this.order[row] = (this.order[row] ?? 0) + key * 2 ** (32 - BAND_BITS * (band + 1));
    }
  }

  /** Cosine of the angle between two rows, -1 to 1; 0 for a row that is the mean itself. */
  cosine(first: number, second: number): number {
    const { featureLength, steps } = this;
    const [one, other] = [first * featureLength, second * featureLength];
    let sum = 0;
    for (let at = 0; at < featureLength; at += 1) sum += (steps[one + at] ?? 0) * (steps[other + at] ?? 0);
    const norms = (this.norms[first] ?? 0) * (this.norms[second] ?? 0);
    return norms === 0 ? 0 : sum / norms;
  }
}
