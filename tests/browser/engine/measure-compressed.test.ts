import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNCOMPRESSED, WEIGHT_ENCODINGS } from '../../../src/domain/compression.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { randomStream } from '../../../src/domain/random.ts';
import type { CompressedInput } from '../../../src/engine/contract-measuring.ts';
import type { EngineClient } from '../../../src/engine-client/engine-client.ts';
import { clearEngineStorage, endEngine, noiseImages, startTestEngine } from '../../helpers/browser/engine.ts';

const FEATURE_LENGTH = 8;
const random = randomStream(3, 'head');
const HEAD: HeadWeights = {
  layers: [
    {
      kernel: Float32Array.from({ length: FEATURE_LENGTH * 3 }, () => random.normal()),
      bias: new Float32Array(3),
      inputLength: FEATURE_LENGTH,
      outputLength: 3,
      activation: 'softmax',
    },
  ],
};

let client: EngineClient;
let input: CompressedInput;
let wanted: Float32Array;

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
  const images = await noiseImages(1, 10);
  await client.call('embed', { images, resizeMode: 'crop' });
  const hashes = images.map(({ hash }) => hash);
  wanted = await client.call('predict', { hashes, head: HEAD, resizeMode: 'crop' });
  input = { head: HEAD, compression: UNCOMPRESSED, images, resizeMode: 'crop', timed: false };
});
afterAll(() => endEngine(client));

const furthest = (found: Float32Array) =>
  Math.max(...wanted.map((value, index) => Math.abs(value - (found[index] ?? Number.NaN))));

describe('a compressed model measured beside the network in use', () => {
  it('answers as that does when nothing is compressed, and nearly so in fewer bytes', async () => {
    const sizes: number[] = [];
    for (const encoding of WEIGHT_ENCODINGS) {
      const compression = { encoding, prunedRatio: 0 };
      const { probabilities, weightBytes } = await client.call('measureCompressed', { ...input, compression });
      expect(furthest(probabilities), encoding).toBeLessThan(encoding === 'float32' ? 1e-6 : 0.02);
      if (encoding !== 'float32') expect(furthest(probabilities), encoding).toBeGreaterThan(0);
      sizes.push(weightBytes);
    }
    expect(Math.max(...sizes)).toBe(sizes[0]);
    expect(Math.min(...sizes)).toBe(sizes.at(-1));
  });

  it('is smaller zipped, not plain, when weights are zero', async () => {
    const compression = { encoding: 'float32', prunedRatio: 0.8 } as const;
    const full = await client.call('measureCompressed', input);
    const zeros = await client.call('measureCompressed', { ...input, compression });
    expect(zeros.weightBytes).toBe(full.weightBytes);
    expect(zeros.zippedBytes).toBeLessThan(full.zippedBytes * 0.7);
  });

  it('has a time only when asked for, and none for a broken image, which has no answer either', async () => {
    expect((await client.call('measureCompressed', input)).imageMs).toBeNull();
    expect((await client.call('measureCompressed', { ...input, timed: true })).imageMs).toBeGreaterThan(0);
    const images = [{ hash: 'broken', blob: new Blob(['no picture']) }];
    const { imageMs, probabilities } = await client.call('measureCompressed', { ...input, images, timed: true });
    expect(imageMs).toBeNull();
    expect([...probabilities]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('is made of the stages that were trained, where some were', async () => {
    const { nodes } = await client.call('exportBackbone', null);
    const last = nodes.findLast((node) => 'kernel' in node);
    if (last === undefined || !('kernel' in last)) throw new Error('The network has no weights.');
    const [kernel, bias] = [last.kernel.values, last.bias.values];
    const tunedBy = (factor: number) => ({
      stageCount: 1,
      cutNode: last.inputs[0] ?? '',
      weights: [{ nodeName: last.name, kernel: kernel.map((value) => value * factor), bias }],
    });
    const same = await client.call('measureCompressed', { ...input, tuned: tunedBy(1) });
    const other = await client.call('measureCompressed', { ...input, tuned: tunedBy(0.5) });
    expect(furthest(same.probabilities)).toBeLessThan(1e-6);
    expect(furthest(other.probabilities)).toBeGreaterThan(1e-3);
  });

  it('leaves nothing on the device, and the features of the network in use as they were', async () => {
    const compression = { encoding: 'uint8-per-channel', prunedRatio: 0.5 } as const;
    const before = await client.call('memory', null);
    await client.call('measureCompressed', { ...input, compression });
    expect(await client.call('memory', null)).toEqual(before);
    const hashes = input.images.map(({ hash }) => hash);
    expect(await client.call('predict', { hashes, head: HEAD, resizeMode: 'crop' })).toEqual(wanted);
  });
});
