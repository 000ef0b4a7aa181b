import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Candidate, CandidateInput, CandidateProgress } from '../../../src/engine/contract-measuring.ts';
import {
  clearEngineStorage,
  endEngine,
  fixtureFile,
  hashOf,
  noiseImages,
  startTestEngine,
  type TestEngine,
  tinyEntry,
} from '../../helpers/browser/engine.ts';

const TINY: Candidate = { kind: 'network', entry: tinyEntry('bundled', { id: 'tiny-two' }) };
const UNTRAINED: Candidate = { kind: 'untrained', base: tinyEntry('bundled') };
const NOWHERE = `${location.origin}/tests/fixtures/engine/nothing-here/model.json`;

/** A picture filled with one colour; PNG. */
async function plainImage(color: string, seed: number): Promise<{ hash: string; blob: Blob }> {
  const canvas = new OffscreenCanvas(20, 20 + seed);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas');
  context.fillStyle = color;
  context.fillRect(0, 0, 20, 20 + seed);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return { hash: await hashOf(blob), blob };
}

/** Ten dark and ten bright pictures, which any features tell apart. */
async function darkAndBright(): Promise<Omit<CandidateInput, 'candidate'>> {
  const rows = Array.from({ length: 20 }, (_, index) => index);
  const images = await Promise.all(
    rows.map((row) => plainImage(row % 2 === 0 ? `rgb(${row} 0 ${row})` : `rgb(255 ${255 - row} 255)`, row)),
  );
  return {
    images,
    classIndices: rows.map((row) => row % 2),
    classCount: 2,
    folds: rows.map((row) => Math.floor(row / 2) % 5),
    foldCount: 5,
    resizeMode: 'crop',
  };
}

let client: TestEngine;
let input: Omit<CandidateInput, 'candidate'>;

beforeAll(async () => {
  await clearEngineStorage();
  client = await startTestEngine('wasm');
  input = await darkAndBright();
});
afterAll(() => endEngine(client));

const compare = (candidate: Candidate, change: Partial<CandidateInput> = {}) =>
  client.call('compareCandidate', { ...input, ...change, candidate });
const tensorCount = async () => (await client.call('memory', null)).tensorCount;

describe('a compared candidate', () => {
  it('has times, sizes and a prediction for every image by a head that has not seen it', async () => {
    const stages: CandidateProgress['stage'][] = [];
    const options = { onEvent: ({ stage }: CandidateProgress) => stages.push(stage) };
    const figures = await client.call('compareCandidate', { ...input, candidate: TINY }, options);
    expect(figures).toMatchObject({ featureLength: 8 });
    for (const key of ['loadMs', 'singleMs', 'batchMs', 'headMs', 'parameterCount', 'downloadBytes'] as const)
      expect(figures[key], key).toBeGreaterThan(0);
    // Weights are float32; nothing else stays on the device.
    expect(figures.heldBytes).toBe(4 * figures.parameterCount);
    expect(figures.predictedIndices).toEqual(input.classIndices);
    expect([...new Set(stages)]).toEqual(['downloading', 'loading', 'timing', 'features', 'heads']);
  });

  it('can be the pixels themselves, or a network before any training, the same one every time', async () => {
    const pixels = await compare({ kind: 'pixels' });
    expect(pixels).toMatchObject({ featureLength: 768, parameterCount: 0, heldBytes: 0, downloadBytes: 0 });
    expect(pixels.predictedIndices).toEqual(input.classIndices);
    const untrained = await compare(UNTRAINED);
    expect(untrained).toMatchObject({ featureLength: 8 });
    expect((await compare(UNTRAINED)).predictedIndices).toEqual(untrained.predictedIndices);
  });

  it('learns nothing where there is nothing to learn', async () => {
    const images = await noiseImages(500, 60);
    const rows = images.map((_, row) => row);
    const { predictedIndices } = await compare(
      { kind: 'pixels' },
      { images, classIndices: rows.map((row) => row % 2), folds: rows.map((row) => Math.floor(row / 2) % 5) },
    );
    const rightCount = predictedIndices.filter((predicted, row) => predicted === row % 2).length;
    // 60 tosses of a coin lie outside once in 5,000 times.
    expect(rightCount).toBeGreaterThan(14);
    expect(rightCount).toBeLessThan(46);
  });

  it('counts an image that cannot be read as neither, wherever it stands', async () => {
    const broken = { hash: 'b'.repeat(64), blob: new Blob(['no image']) };
    const { predictedIndices } = await compare(TINY, {
      images: [broken, ...input.images],
      classIndices: [1, ...input.classIndices],
      folds: [0, ...input.folds],
    });
    expect(predictedIndices).toEqual([-1, ...input.classIndices]);
  });

  it('fails with the reason when none of the images can be read', async () => {
    const images = input.images.map(({ hash }) => ({ hash: `0${hash.slice(1)}`, blob: new Blob() }));
    await expect(compare(TINY, { images })).rejects.toMatchObject({ code: 'broken-image' });
  });
});

describe('the network in use', () => {
  it('stays, and nothing of a candidate is left on the device', async () => {
    const before = await tensorCount();
    for (const candidate of [TINY, UNTRAINED, { kind: 'pixels' }] as const) await compare(candidate);
    expect(await tensorCount()).toBe(before);
    expect(await client.call('exportBackbone', { tuned: null })).toMatchObject({ featureLength: 8, inputSide: 16 });
    const [image] = await noiseImages(900, 1);
    await client.call('embed', { images: image === undefined ? [] : [image], resizeMode: 'crop' });
    const query = { hashes: [image?.hash ?? ''], resizeMode: 'crop' } as const;
    expect(await client.call('missingFeatures', query)).toEqual([]);
  });

  it('stays when a candidate cannot be loaded or is cancelled on the way', async () => {
    const before = await tensorCount();
    const away: Candidate = { kind: 'network', entry: tinyEntry('official', { id: 'away' }, [NOWHERE]) };
    await expect(compare(away)).rejects.toMatchObject({
      code: expect.stringMatching(/^backbone-(unreachable|corrupt)$/),
    });
    for (const stage of ['loading', 'timing', 'features', 'heads'] as const) {
      const cancel = new AbortController();
      const onEvent = (progress: CandidateProgress) => progress.stage === stage && cancel.abort();
      const candidate: Candidate = { kind: 'network', entry: tinyEntry('bundled', { id: `cancelled-${stage}` }) };
      const call = client.call('compareCandidate', { ...input, candidate }, { signal: cancel.signal, onEvent });
      await expect(call, stage).rejects.toMatchObject({ name: 'AbortError' });
    }
    // The worker has left the cancelled calls when a later one has gone through.
    await compare({ kind: 'pixels' });
    expect(await tensorCount()).toBe(before);
  });

  it('classifies while another is compared', async () => {
    const head = {
      layers: [
        {
          kernel: new Float32Array(16),
          bias: Float32Array.of(0, 0),
          inputLength: 8,
          outputLength: 2,
          activation: 'softmax',
        },
      ],
    } as const;
    await client.call('useHead', { key: 'run', head });
    const image = await fixtureFile('halves.png');
    const comparing = compare(UNTRAINED);
    const { probabilities } = await client.call('classify', { key: 'run', image, resizeMode: 'crop' });
    expect([...probabilities]).toEqual([0.5, 0.5]);
    await comparing;
  });
});
