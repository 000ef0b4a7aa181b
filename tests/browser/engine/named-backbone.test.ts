import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import { type BackboneRef, backboneRef } from '../../../src/domain/backbone.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../../../src/domain/settings.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import type { OnBackbone } from '../../../src/engine/contract-measuring.ts';
import type { EngineClient } from '../../../src/engine-client/engine-client.ts';
import {
  clearEngineStorage,
  createTestEngine,
  endEngine,
  loadBackbone,
  noiseImages,
  tinyEntry,
  tinyHead,
} from '../../helpers/browser/engine.ts';

/** Every call that names a backbone: the compiler asks for an input of a new one below. */
type BackboneCall = {
  [K in keyof EngineCalls]: EngineCalls[K]['input'] extends OnBackbone ? K : never;
}[keyof EngineCalls];

const HEAD = tinyHead((index) => index / 16);
const ROWS = { hashes: [], classIndices: [], parts: [] };
const settings = resolveSettings(DEFAULT_SETTINGS, { classCounts: [1, 1] });
const CROP = { resizeMode: 'crop' } as const;
const PLAN = { strengths: strengthsOf('photos'), seed: 1 };

const INPUTS: { readonly [K in BackboneCall]: Omit<EngineCalls[K]['input'], 'backbone'> } = {
  activateBackbone: {},
  missingFeatures: { hashes: [], ...CROP },
  estimateActivations: { rowCount: 1, stageCount: 1 },
  embed: { images: [], ...CROP },
  nearCopies: { hashes: [], perceptualHashes: [], ...CROP },
  train: { rows: ROWS, classCount: 2, settings, ...CROP },
  trainMany: { rows: ROWS, classCount: 2, views: null, testViews: null, candidates: [], ...CROP },
  crossValidate: { hashes: [], classIndices: [], classCount: 2, partsByFold: [], settings, ...CROP },
  testLearningRates: { rows: ROWS, classCount: 2, settings, rates: [], ...CROP },
  instantBaseline: { hashes: [], classIndices: [], classCount: 2, withNeighbours: false, ...CROP },
  predictFromAverages: { rows: ROWS, classCount: 2, ...CROP },
  predict: { hashes: [], head: HEAD, ...CROP },
  layerInputs: { images: [], tuned: null, ...CROP },
  measureCompressed: {
    head: HEAD,
    compression: { encoding: 'float32', prunedRatio: 0 },
    layerInputs: null,
    images: [],
    timed: false,
    ...CROP,
  },
  useHead: { key: 'run', head: HEAD },
  classify: { key: 'run', image: new Blob(), ...CROP },
  preparePixels: { image: new Blob(), ...CROP },
  augmentSamples: { images: [], plan: PLAN, ...CROP },
  exportBackbone: { tuned: null },
};
const CALLS = Object.keys(INPUTS) as BackboneCall[];

const FIRST = tinyEntry('bundled');
const SECOND = tinyEntry('bundled', { id: 'second', pixels: '[0,1]' });
const THIRD = tinyEntry('bundled', { id: 'third' });

let client: EngineClient;

beforeEach(async () => {
  await clearEngineStorage();
  client = createTestEngine().client;
  await client.call('start', { wanted: 'wasm' });
});
afterEach(() => endEngine(client));

const callOn = (method: BackboneCall, backbone: BackboneRef) =>
  client.call(method, { ...INPUTS[method], backbone } as EngineCalls[BackboneCall]['input']);
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: { readonly code?: string }) => error.code,
  );
const isActive = async (backbone: BackboneRef) =>
  (await codeOf(client.call('exportBackbone', { backbone, tuned: null }))) === 'answered';
const prepare = async (entry: typeof FIRST) => backboneRef(await client.call('prepareBackbone', { entry }));
const tensorCount = async () => (await client.call('memory', null)).tensorCount;

describe('a call that names a backbone', () => {
  it('is refused by another one, by other files of its name, and by none', async () => {
    for (const method of CALLS) {
      const code = await codeOf(callOn(method, { id: 'tiny', sha256: 'a'.repeat(64) }));
      expect(code, method).toBe(method === 'activateBackbone' ? 'stale-backbone' : 'backbone-missing');
    }
    const first = backboneRef(await loadBackbone(client, FIRST));
    for (const method of CALLS) {
      expect(await codeOf(callOn(method, { ...first, id: 'other' })), method).toBe('stale-backbone');
      expect(await codeOf(callOn(method, { ...first, sha256: 'a'.repeat(64) })), method).toBe('stale-backbone');
      expect(await codeOf(callOn(method, first)), method).not.toBe('stale-backbone');
    }
  });

  it('ends on its own backbone when another is activated meanwhile', async () => {
    const first = backboneRef(await loadBackbone(client, FIRST));
    const second = await prepare(SECOND);
    const images = await noiseImages(1, 64);
    const hashes = images.map(({ hash }) => hash);
    let activation: Promise<unknown> = Promise.resolve();
    const onEvent = () => {
      activation = client.call('activateBackbone', { backbone: second });
    };
    await client.call('embed', { backbone: first, images, ...CROP }, { onEvent });
    await activation;
    expect(await client.call('missingFeatures', { backbone: second, hashes, ...CROP })).toEqual(hashes);
    await loadBackbone(client, FIRST);
    expect(await client.call('missingFeatures', { backbone: first, hashes, ...CROP })).toEqual([]);
  });
});

describe('a prepared backbone', () => {
  it('leaves the active one in use until it is activated', async () => {
    const first = backboneRef(await loadBackbone(client, FIRST));
    const second = await prepare(SECOND);
    expect([await isActive(first), await isActive(second)]).toEqual([true, false]);
    await client.call('activateBackbone', { backbone: second });
    expect([await isActive(first), await isActive(second)]).toEqual([false, true]);
  });

  it('is gone without a tensor once it is discarded', async () => {
    const first = backboneRef(await loadBackbone(client, FIRST));
    const before = await tensorCount();
    const second = await prepare(SECOND);
    expect(await tensorCount()).toBeGreaterThan(before);
    await client.call('discardBackbone', null);
    expect(await tensorCount()).toBe(before);
    expect(await codeOf(callOn('activateBackbone', second))).toBe('stale-backbone');
    expect(await isActive(first)).toBe(true);
  });

  it('makes room for the one that is prepared next', async () => {
    await loadBackbone(client, FIRST);
    const second = await prepare(SECOND);
    const before = await tensorCount();
    const third = await prepare(THIRD);
    expect(await tensorCount()).toBe(before);
    expect(await codeOf(callOn('activateBackbone', second))).toBe('stale-backbone');
    expect(await codeOf(callOn('activateBackbone', third))).toBe('answered');
  });

  it('that is cancelled at any step and discarded cannot be activated', async () => {
    const first = backboneRef(await loadBackbone(client, FIRST));
    const { sha256 } = first;
    const before = await tensorCount();
    for (const stage of ['downloading', 'folding', 'checking', 'warming-up']) {
      const cancel = new AbortController();
      const onEvent = (progress: { readonly stage: string }) => progress.stage === stage && cancel.abort();
      const prepared = client.call('prepareBackbone', { entry: SECOND }, { signal: cancel.signal, onEvent });
      await expect(prepared).rejects.toMatchObject({ name: 'AbortError' });
      // Its answer may have been on its way already.
      await client.call('discardBackbone', null);
      expect(await codeOf(callOn('activateBackbone', { id: 'second', sha256 }))).toBe('stale-backbone');
    }
    expect(await isActive(first)).toBe(true);
    // The next one begins when the last cancelled one has left.
    await prepare(THIRD);
    await client.call('discardBackbone', null);
    expect(await tensorCount()).toBe(before);
  });

  it('takes the place of the active one without a tensor left', async () => {
    const first = backboneRef(await loadBackbone(client, FIRST));
    const before = await tensorCount();
    await client.call('activateBackbone', { backbone: first });
    for (const entry of [SECOND, FIRST]) await loadBackbone(client, entry);
    expect(await tensorCount()).toBe(before);
  });

  it('is lost with a worker that ends, which the next one replaces by the activated one', async () => {
    const first = backboneRef(await loadBackbone(client, FIRST));
    const second = await prepare(SECOND);
    client.kill();
    expect(await codeOf(callOn('activateBackbone', second))).toBe('stale-backbone');
    expect(await isActive(first)).toBe(true);
  });
});

describe('a head kept for classify', () => {
  it('answers on the backbone it was given for alone', async () => {
    const first = backboneRef(await loadBackbone(client, FIRST));
    await client.call('useHead', { backbone: first, key: 'run', head: HEAD });
    const second = backboneRef(await loadBackbone(client, SECOND));
    const [{ blob: image } = { blob: new Blob() }] = await noiseImages(1, 1);
    const asked = codeOf(client.call('classify', { backbone: second, key: 'run', image, ...CROP }));
    expect(await asked).toBe('head-missing');
  });
});
