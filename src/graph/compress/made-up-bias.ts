/** A layer as far as its kernel's loss goes. */
interface GivenLayer {
  /** Input channel of the weight at an index; the output channel is its index modulo `outputCount`. */
  readonly channelOf: (index: number) => number;
  readonly outputCount: number;
  /** Mean of each input channel, float32; null where it is not known. */
  readonly means: Float32Array | null;
}

/**
 * What every output of a layer gives less, on average over photos, with one kernel in place of another: the sum of what the weights
 * lost times the means of their inputs (Nagel and others, 2019). At borders, where zeros stand beside the image, it is a little less.
 *
 * @returns float32 [outputs]; null where nothing is known.
 */
export function lostByKernel(
  before: Float32Array,
  after: Float32Array,
  { channelOf, outputCount, means }: GivenLayer,
): Float32Array | null {
  if (means === null) return null;
  const lost = new Float32Array(outputCount);
  for (let index = 0; index < before.length; index += 1) {
    const output = index % outputCount;
    const missing = (before[index] ?? 0) - (after[index] ?? 0);
    lost[output] = (lost[output] ?? 0) + missing * (means[channelOf(index)] ?? 0);
  }
  return lost;
}

/** A bias with what its layer lost added; the same array where nothing is known. */
export function withMadeUp(bias: Float32Array, lost: Float32Array | null): Float32Array {
  return lost === null ? bias : bias.map((value, output) => value + (lost[output] ?? 0));
}
