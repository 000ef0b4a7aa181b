import { expect, it } from 'vitest';
import { startGraph } from '../../../src/engine/interpreter.ts';
import * as tf from '../../../src/engine/tf.ts';
import { differenceRatio } from '../../../src/engine/verify.ts';
import { readModel } from '../../../src/graph/read-model.ts';

const FIXTURES = `${location.origin}/tests/fixtures/graph/`;
const SIDE = 32;

/** Between them: squeeze and excitation, every kind of filter, groups, dilation, swish, hard swish, sigmoid, concat, dense. */
const CUTS = [
  ['mobilenet-v3', 'conv_2_act'],
  ['xception', 'avg_pool'],
] as const;

/** Software adapters compile shaders slowly. */
const LIMIT_MS = 120_000;

/** The image `make-golden.py` draws. */
function image(): tf.Tensor4D {
  let state = 7;
  const values = Float32Array.from({ length: SIDE * SIDE * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return tf.tensor4d(values, [1, SIDE, SIDE, 3]);
}

async function read(family: string, featureLayer: string) {
  const model: unknown = await (await fetch(`${FIXTURES}${family}.json`)).json();
  const weightData = await (await fetch(`${FIXTURES}${family}.bin`)).arrayBuffer();
  return readModel(model, weightData, { inputSide: SIDE, pixels: '[-1,1]', featureLayer });
}

it.each(['webgl', 'webgpu'])(
  "gives Keras's features on %s",
  async (backend) => {
    const isThere = await tf.setBackend(backend).catch(() => false);
    if (!isThere) {
      console.info(`Skipped: ${backend} is not available in this browser.`);
      return;
    }
    const golden = (await (await fetch(`${FIXTURES}golden.json`)).json()) as {
      readonly features: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
    };
    for (const [family, layer] of CUTS) {
      const wanted = Float32Array.from(golden.features[family]?.[layer] ?? []);
      const before = tf.memory().numTensors;
      const running = startGraph(await read(family, layer));
      const input = image();
      const output = running.run(input);
      expect(differenceRatio(await output.data<'float32'>(), wanted)).toBeLessThan(1e-4);
      tf.dispose([input, output]);
      running.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  },
  LIMIT_MS,
);
