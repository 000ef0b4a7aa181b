import * as tf from './tf.ts';

const SIDE = 64;
const ROUNDS = 3;
/** Images at once: enough that a GPU is not judged by the time of its read-back alone. */
const PROBE_BATCH = 8;

/** Convolution, depthwise convolution, 1x1 convolution: what the backbones are made of. About 11 million products an image. */
function runNetwork(input: tf.Tensor4D, weights: readonly tf.Tensor4D[]): tf.Tensor {
  return tf.tidy(() => {
    const [first, depthwise, wide, pointwise] = weights;
    if (first === undefined || depthwise === undefined || wide === undefined || pointwise === undefined) return input;
    let x = tf.fused.conv2d({ x: input, filter: first, strides: 2, pad: 'same', activation: 'relu6' });
    x = tf.fused.conv2d({ x, filter: wide, strides: 1, pad: 'same', activation: 'relu6' });
    x = tf.fused.depthwiseConv2d({ x, filter: depthwise, strides: 1, pad: 'same', activation: 'relu6' });
    x = tf.fused.conv2d({ x, filter: pointwise, strides: 1, pad: 'same' });
    return tf.mean(x, [1, 2]);
  });
}

/**
 * Runs a tiny convolution network on the backend in use.
 * @returns median time of eight images, ms, after one run that compiles.
 * @throws whatever the backend throws; Error when it computes something else than the expected numbers.
 */
export async function measureProbe(batchSize: number, now: () => number): Promise<number> {
  const input = tf.fill([batchSize, SIDE, SIDE, 3], 0.5) as tf.Tensor4D;
  const shapes: [number, number, number, number][] = [
    [3, 3, 3, 16],
    [3, 3, 64, 1],
    [1, 1, 16, 64],
    [1, 1, 64, 128],
  ];
  const weights = shapes.map((shape) => tf.fill(shape, 0.02) as tf.Tensor4D);
  const times: number[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const startMs = now();
      const output = runNetwork(input, weights);
      const values = await output.data();
      output.dispose();
      if (round > 0) times.push(((now() - startMs) * PROBE_BATCH) / batchSize);
      checkNumbers(values);
    }
  } finally {
    tf.dispose([input, ...weights]);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.POSITIVE_INFINITY;
}

/** Every output channel of the probe network is the same number; worked out by hand in float64. */
const EXPECTED_OUTPUT = 0.018816;

function checkNumbers(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i += 1) {
    const error = Math.abs((values[i] ?? Number.NaN) - EXPECTED_OUTPUT) / EXPECTED_OUTPUT;
    if (!(error < 0.01)) throw new Error('It computes wrong numbers here.');
  }
}
