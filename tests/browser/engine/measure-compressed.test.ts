import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNCOMPRESSED, WEIGHT_ENCODINGS } from '../../../src/domain/compression.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { randomStream } from '../../../src/domain/random.ts';
import type { CompressedInput } from '../../../src/engine/contract-measuring.ts';
import { pixelAffine } from '../../../src/graph/pixel-scaling.ts';
import {
  clearEngineStorage,
  endEngine,
  noiseImages,
  startTestEngine,
  type TestEngine,
} from '../../helpers/browser/engine.ts';

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

let client: TestEngine;
let input: Omit<CompressedInput, 'backbone'>;
let wanted: Float32Array;
/** The same of features that are kept, in half precision. */
let kept: Float32Array;

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
  const images = await noiseImages(1, 10);
  await client.call('embed', { images, resizeMode: 'crop' });
  const hashes = images.map(({ hash }) => hash);
  kept = await client.call('predict', { hashes, head: HEAD, resizeMode: 'crop' });
  await client.call('useHead', { key: 'head', head: HEAD });
  const answers: number[] = [];
  for (const { blob } of images) {
    answers.push(...(await client.call('classify', { key: 'head', image: blob, resizeMode: 'crop' })).probabilities);
  }
  wanted = Float32Array.from(answers);
  input = { head: HEAD, compression: UNCOMPRESSED, layerInputs: null, images, resizeMode: 'crop', timed: false };
});
afterAll(() => endEngine(client));

const furthest = (found: Float32Array) =>
  Math.max(...wanted.map((value, index) => Math.abs(value - (found[index] ?? Number.NaN))));

describe('what layers are given', () => {
  it('is the pixels for the first layer, and the features for the head', async () => {
    const [image] = input.images;
    if (image === undefined) throw new Error('no image');
    const graph = await client.call('exportBackbone', { tuned: null });
    const { pixels } = await client.call('preparePixels', { image: image.blob, resizeMode: 'crop' });
    const found = await client.call('layerInputs', { images: [image], tuned: null, resizeMode: 'crop' });
    const first = graph.nodes.find((node) => 'kernel' in node);
    const { scale, offset } = pixelAffine(graph.pixels);
    const wanted = scale.map((factor, channel) =>
      rootMeanSquare(
        [...pixels].flatMap((byte, at) => (at % 3 === channel ? [byte * factor + (offset[channel] ?? 0)] : [])),
      ),
    );
    [...(found?.nodes.get(first?.name ?? '')?.strengths ?? [])].forEach((strength, channel) => {
      expect(strength).toBeCloseTo(wanted[channel] ?? Number.NaN, 4);
    });
    expect(found?.nodes.size).toBe(graph.nodes.filter((node) => 'kernel' in node).length);
    expect(found?.features.strengths).toHaveLength(FEATURE_LENGTH);
    expect(Math.min(...(found?.features.strengths ?? []))).toBeGreaterThan(0);
  });

  it('is not known where no image can be read', async () => {
    const images = [{ hash: 'broken', blob: new Blob(['no picture']) }];
    expect(await client.call('layerInputs', { images, tuned: null, resizeMode: 'crop' })).toBeNull();
  });
});

const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

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

  it('has a file of weights as large as before when weights are zero', async () => {
    const compression = { encoding: 'float32', prunedRatio: 0.8 } as const;
    const full = await client.call('measureCompressed', input);
    const zeros = await client.call('measureCompressed', { ...input, compression });
    expect(zeros.weightBytes).toBe(full.weightBytes);
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
    const { nodes } = await client.call('exportBackbone', { tuned: null });
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

  it('is pruned by what its layers are given on photos: channels that are hardly used go first', async () => {
    const { images } = input;
    const layerInputs = await client.call('layerInputs', { images, tuned: null, resizeMode: 'crop' });
    if (layerInputs === null) throw new Error('no image could be read');
    const compression = { encoding: 'float32', prunedRatio: 0.5 } as const;
    const bySize = await client.call('measureCompressed', { ...input, compression });
    const byStrength = await client.call('measureCompressed', { ...input, compression, layerInputs });
    expect(furthest(byStrength.probabilities)).toBeGreaterThan(0);
    expect(byStrength.probabilities).not.toEqual(bySize.probabilities);
  });

  it('leaves nothing on the device, and the features of the network in use as they were', async () => {
    const compression = { encoding: 'uint8-per-channel', prunedRatio: 0.5 } as const;
    const before = await client.call('memory', null);
    await client.call('measureCompressed', { ...input, compression });
    await client.call('layerInputs', { images: input.images, tuned: null, resizeMode: 'crop' });
    expect(await client.call('memory', null)).toEqual(before);
    const hashes = input.images.map(({ hash }) => hash);
    expect(await client.call('predict', { hashes, head: HEAD, resizeMode: 'crop' })).toEqual(kept);
  });
});
