import * as tf from './tf.ts';

/** Beyond so many deviations a Gaussian weighs next to nothing. */
const REACH_DEVIATIONS = 3;
/** Filters grow by so many pixels at a time: every new size would cost a GPU new shaders. */
const RADIUS_STEP = 4;

/**
 * Blurs every picture by its own Gaussian. All pictures and channels go side by side as channels of one, so that two
 * depthwise convolutions do the whole batch. Beyond the edge lies the mirror image. To be called inside a tidy.
 *
 * @param pixels float32 [batch, side, side, 3].
 * @param deviationsPx standard deviation for every picture; 0 leaves it as it is.
 */
export function blurRows(pixels: tf.Tensor4D, deviationsPx: readonly number[]): tf.Tensor4D {
  const [batch, side] = pixels.shape;
  const reach = Math.ceil(REACH_DEVIATIONS * Math.max(...deviationsPx));
  const radius = Math.min(side, Math.ceil(reach / RADIUS_STEP) * RADIUS_STEP);
  const channelCount = batch * 3;
  const taps = tf.tensor1d(gaussians(deviationsPx, radius));
  const length = 2 * radius + 1;
  const aside = tf.reshape<tf.Rank.R4>(tf.transpose(pixels, [1, 2, 0, 3]), [1, side, side, channelCount]);
  const along = tf.depthwiseConv2d(
    tf.mirrorPad(
      aside,
      [
        [0, 0],
        [radius, radius],
        [0, 0],
        [0, 0],
      ],
      'symmetric',
    ),
    tf.reshape<tf.Rank.R4>(taps, [length, 1, channelCount, 1]),
    1,
    'valid',
  );
  const across = tf.depthwiseConv2d(
    tf.mirrorPad(
      along,
      [
        [0, 0],
        [0, 0],
        [radius, radius],
        [0, 0],
      ],
      'symmetric',
    ),
    tf.reshape<tf.Rank.R4>(taps, [1, length, channelCount, 1]),
    1,
    'valid',
  );
  return tf.transpose(tf.reshape<tf.Rank.R4>(across, [side, side, batch, 3]), [2, 0, 1, 3]);
}

/** float32 [2 radius + 1, pictures * 3]: weights that sum to 1 for every picture, the same for its three channels. */
function gaussians(deviationsPx: readonly number[], radius: number): Float32Array {
  const length = 2 * radius + 1;
  const channelCount = deviationsPx.length * 3;
  const taps = new Float32Array(length * channelCount);
  deviationsPx.forEach((deviation, picture) => {
    const reach = Math.min(radius, Math.ceil(REACH_DEVIATIONS * deviation));
    const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
      deviation === 0 ? 1 : Math.exp(-((at - reach) ** 2) / (2 * deviation ** 2)),
    );
    const sum = weights.reduce((one, other) => one + other, 0);
    weights.forEach((weight, at) => {
      const start = (radius - reach + at) * channelCount + picture * 3;
      taps.fill(weight / sum, start, start + 3);
    });
  });
  return taps;
}
