import { describe, expect, it } from 'vitest';
import { type AugmentStrengths, STRENGTHS, strengthsOf } from '../../../src/domain/augmentation.ts';
import { type AugmentedView, PLAIN_VIEW, sampleView } from '../../../src/domain/augmented-view.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { augmentBatch } from '../../../src/engine/augment.ts';
import * as tf from '../../../src/engine/tf.ts';
import { installWasmPaths } from '../../../src/engine/wasm-paths.ts';
import { referenceView } from './augment-reference.ts';

const SIDE = 12;
const ROW_LENGTH = SIDE * SIDE * 3;
/** Software adapters compile shaders slowly. */
const LIMIT_MS = 120_000;

/** Smooth enough that a hundredth of a pixel changes little, with all three channels different. */
function picture(index: number): Uint8Array {
  return Uint8Array.from({ length: ROW_LENGTH }, (_, at) => {
    const [x, y, channel] = [Math.floor(at / 3) % SIDE, Math.floor(at / 3 / SIDE), at % 3];
    return Math.round(127 + 120 * Math.sin(x * 0.5 + index) * Math.cos(y * 0.4 + channel));
  });
}

async function useBackend(name: string): Promise<boolean> {
  if (name === 'wasm' && tf.getBackend() !== 'wasm') installWasmPaths();
  const isThere = await tf.setBackend(name).catch(() => false);
  if (!isThere) console.info(`Skipped: ${name} is not available in this browser.`);
  return isThere;
}

/** Augments pictures 0, 1, ... and checks that no tensor stays behind. */
async function augmented(views: readonly AugmentedView[], batch = views.length): Promise<Float32Array> {
  const before = tf.memory().numTensors;
  const bytes = new Float32Array(batch * ROW_LENGTH);
  for (let row = 0; row < batch; row++) bytes.set(picture(row), row * ROW_LENGTH);
  const result = tf.tidy(() => augmentBatch(tf.tensor4d(bytes, [batch, SIDE, SIDE, 3]), views));
  const values = await result.data<'float32'>();
  result.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return values.slice();
}

function largestDifference(values: Float32Array, views: readonly AugmentedView[]): number {
  let largest = 0;
  views.forEach((view, row) => {
    referenceView(picture(row), SIDE, view).forEach((wanted, at) => {
      largest = Math.max(largest, Math.abs(wanted - (values[row * ROW_LENGTH + at] ?? Number.NaN)));
    });
  });
  return largest;
}

const strengths = (own: Partial<AugmentStrengths>): AugmentStrengths => ({ ...strengthsOf('off'), ...own });
const most = (key: keyof AugmentStrengths): number => STRENGTHS.find((strength) => strength.key === key)?.max ?? 0;

const viewsOf = (own: Partial<AugmentStrengths>, count = 3): AugmentedView[] =>
  Array.from({ length: count }, (_, row) => sampleView(`picture ${row}`, row, { strengths: strengths(own), seed: 3 }));

/** Noise has no reference but its own statistics. */
const EXACT_KEYS = STRENGTHS.map(({ key }) => key).filter((key) => key !== 'noiseRatio');
const EVERYTHING = Object.fromEntries(EXACT_KEYS.map((key) => [key, most(key) / 2]));

describe.each(['wasm', 'cpu', 'webgl', 'webgpu'])('on %s', (backend) => {
  it(
    'every operation, alone and with all others, gives what its definition says',
    async () => {
      if (!(await useBackend(backend))) return;
      // Software adapters take seconds for each shader.
      const quick = backend === 'wasm' || backend === 'cpu';
      const singles = quick ? EXACT_KEYS.map((key) => ({ [key]: most(key) })) : [];
      for (const own of [...singles, EVERYTHING]) {
        const views = viewsOf(own);
        expect(views).not.toContainEqual(PLAIN_VIEW);
        expect(largestDifference(await augmented(views), views), JSON.stringify(own)).toBeLessThan(0.05);
      }
    },
    LIMIT_MS,
  );

  it(
    'the plain view beside changed ones is the picture, exactly',
    async () => {
      if (!(await useBackend(backend))) return;
      const values = await augmented([...viewsOf(EVERYTHING, 1), PLAIN_VIEW], 3);
      expect([...values.slice(ROW_LENGTH)]).toEqual([...picture(1), ...picture(2)]);
    },
    LIMIT_MS,
  );
});

describe('a view', () => {
  it('does not depend on its neighbours in the batch', async () => {
    await useBackend('wasm');
    const [first = PLAIN_VIEW] = viewsOf({ ...EVERYTHING, noiseRatio: 0.1 });
    const alone = await augmented([first]);
    const among = await augmented([first, ...viewsOf({ blurRatio: 0.03, rotateDegrees: 90 })]);
    expect([...among.slice(0, ROW_LENGTH)]).toEqual([...alone]);
  });

  it('turned by a quarter goes against the clock, as a photo does', async () => {
    await useBackend('wasm');
    const values = await augmented([{ ...PLAIN_VIEW, matrix: [0, -1, 0, 1, 0, 0] }]);
    const source = picture(0);
    // The new left upper corner is the old right upper one.
    expect(values[0]).toBeCloseTo(source[(SIDE - 1) * 3] ?? Number.NaN, 3);
    expect(values[(SIDE - 1) * SIDE * 3]).toBeCloseTo(source[0] ?? Number.NaN, 3);
  });

  it('has noise of the wanted deviation, without a bias, the same again for the same seed', async () => {
    await useBackend('wasm');
    const grey = new Float32Array(64 * 64 * 3).fill(127);
    const noisy = async (noiseSeed: number) => {
      const view = { ...PLAIN_VIEW, noiseRatio: 0.05, noiseSeed };
      const result = tf.tidy(() => augmentBatch(tf.tensor4d(grey, [1, 64, 64, 3]), [view]));
      return result.data<'float32'>().finally(() => result.dispose());
    };
    const values = await noisy(1);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(127, 0);
    expect(Math.sqrt(variance) / 255).toBeCloseTo(0.05, 3);
    expect(await noisy(1)).toEqual(values);
    expect(await noisy(2)).not.toEqual(values);
  });

  it('with everything at its strongest stays within black and white', async () => {
    await useBackend('wasm');
    const all = Object.fromEntries(STRENGTHS.map(({ key, max }) => [key, max]));
    const random = randomStream(1, 'seeds');
    for (let round = 0; round < 5; round++) {
      const view = sampleView(`${random.uint32()}`, 0, { strengths: strengths(all), seed: round });
      const values = await augmented([view]);
      expect(values.every((value) => value >= 0 && value <= 255)).toBe(true);
    }
  });
});
