import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BackboneManifest } from '../../../src/domain/backbone.ts';
import type { FoundNetwork } from '../../../src/domain/found-network.ts';
import type { BroughtFile, DownloadProgress } from '../../../src/engine/contract.ts';
import {
  clearEngineStorage,
  createTestEngine,
  endEngine,
  hashOf,
  TestEngine,
  tinyEntry,
} from '../../helpers/browser/engine.ts';

const FIXTURES = `${location.origin}/tests/fixtures/engine/`;

let client: TestEngine;

beforeAll(async () => {
  client = new TestEngine(createTestEngine().client);
  await client.call('start', { wanted: 'wasm' });
});

beforeEach(clearEngineStorage);

afterAll(() => endEngine(client));

async function filesOf(folder: string, names: readonly string[]): Promise<BroughtFile[]> {
  return Promise.all(
    names.map(async (name) => ({
      name: `${folder}/${name}`,
      blob: await (await fetch(`${FIXTURES}${folder}/${name}`)).blob(),
    })),
  );
}

const tiny = () => filesOf('tiny-backbone', ['model.json', 'shard-1.bin', 'shard-2.bin']);
const inspect = (files: readonly BroughtFile[]) => client.call('inspectNetwork', { files });

function manifestOf(found: FoundNetwork, change: Partial<BackboneManifest> = {}): BackboneManifest {
  const { name, family, inputSide, pixels, featureLayer, sha256, sizeBytes } = found;
  const facts = { licence: 'not stated', source: 'not stated', sha256, sizeBytes };
  return { id: 'own-1', name, family, inputSide, pixels, featureLayer, ...facts, ...change };
}

const load = (manifest: BackboneManifest) => client.load({ manifest, origin: 'own', urls: [] });

describe('a network the user brings', () => {
  it('is looked at without being kept or loaded', async () => {
    const found = await inspect(await tiny());
    expect(found).toMatchObject({ format: 'tfjs-layers', name: 'tiny-backbone', head: null, inputSide: 16 });
    expect(found.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await client.call('cachedBackbones', null)).toEqual([]);
    await expect(client.call('exportBackbone', { tuned: null })).rejects.toMatchObject({ code: 'backbone-missing' });
  });

  it('is kept, listed, loaded without any address, and gives the features it gives from an address', async () => {
    const files = await tiny();
    const found = await inspect(files);
    const manifest = manifestOf(found, { pixels: '[-1,1]', featureLayer: 'feature' });
    await client.call('keepNetwork', { files, manifest });
    expect(await client.call('ownNetworks', null)).toEqual([manifest]);
    expect(await client.call('cachedBackbones', null)).toEqual(['own-1']);
    const report = await load(manifest);
    expect(report).toMatchObject({ id: 'own-1', featureLength: 8, sha256: found.sha256 });
    expect(report.foldingErrorRatio).toBeLessThan(1e-5);
    const own = await client.call('exportBackbone', { tuned: null });
    await client.load(tinyEntry());
    expect(own).toEqual(await client.call('exportBackbone', { tuned: null }));
  });

  it('comes back as files that are the same network, for a project file', async () => {
    const files = await tiny();
    const found = await inspect(files);
    await client.call('keepNetwork', { files, manifest: manifestOf(found) });
    const again = await client.call('networkFiles', { id: 'own-1' });
    expect(await inspect(again ?? [])).toMatchObject({ sha256: found.sha256, parameterCount: found.parameterCount });
    expect(await client.call('networkFiles', { id: 'nobody' })).toBeNull();
  });

  it('is not kept under a manifest with another SHA-256', async () => {
    const files = await tiny();
    const manifest = manifestOf(await inspect(files), { sha256: 'a'.repeat(64) });
    await expect(client.call('keepNetwork', { files, manifest })).rejects.toMatchObject({ code: 'backbone-corrupt' });
    expect(await client.call('ownNetworks', null)).toEqual([]);
  });

  it('is gone when it is forgotten, and says so when it is wanted', async () => {
    const files = await tiny();
    const manifest = manifestOf(await inspect(files));
    await client.call('keepNetwork', { files, manifest });
    await client.call('forgetNetwork', { id: 'own-1' });
    expect(await client.call('ownNetworks', null)).toEqual([]);
    await expect(load(manifest)).rejects.toMatchObject({ code: 'backbone-missing-file' });
  });

  it('that is damaged in the cache is never used', async () => {
    const files = await tiny();
    const manifest = manifestOf(await inspect(files));
    await client.call('keepNetwork', { files, manifest });
    const cache = await caches.open('graft-backbones');
    const key = (await cache.keys()).find(({ url }) => url.endsWith('/weights.bin'));
    if (key === undefined) throw new Error('Nothing is kept');
    await cache.put(key, new Response(new Uint8Array(2444)));
    await expect(load(manifest)).rejects.toMatchObject({ code: 'backbone-missing-file' });
  });

  it('may be a graph model, with the nodes it can be cut at', async () => {
    const found = await inspect(await filesOf('tiny-graph-model', ['model.json', 'weights.bin']));
    expect(found).toMatchObject({ format: 'tfjs-graph', featureLength: 6 });
  });

  it.each([
    ['safetensors/resnet18-timm.safetensors', 'safetensors', 'imagenet'],
    ['safetensors/mobilenet-v2-torchvision.safetensors', 'safetensors', 'imagenet'],
    ['keras/functional-keras2.h5', 'keras-h5', null],
    ['keras/vgg16_weights_notop.h5', 'keras-h5', 'caffe'],
  ])('may be one file: %s', async (path, format, pixels) => {
    const blob = await (await fetch(`${location.origin}/tests/fixtures/${path}`)).blob();
    const files = [{ name: path, blob }];
    const found = await inspect(files);
    expect(found).toMatchObject({ format, ...(pixels === null ? {} : { pixels }) });
    const manifest = manifestOf(found);
    await client.call('keepNetwork', { files, manifest });
    const report = await load(manifest);
    expect(report).toMatchObject({ featureLength: found.featureLength, sha256: found.sha256 });
    expect(report.provedAgainst).toBe('unfolded');
    expect(report.foldingErrorRatio).toBeLessThan(1e-4);
    const [again] = (await client.call('networkFiles', { id: 'own-1' })) ?? [];
    expect(await hashOf(again?.blob ?? new Blob())).toBe(found.sha256);
  });

  it('without one of its files is refused by the name of that file', async () => {
    const [model] = await tiny();
    await expect(inspect(model === undefined ? [] : [model])).rejects.toMatchObject({
      code: 'backbone-corrupt',
      message: expect.stringContaining('shard-1.bin'),
    });
  });

  it('of more than 1 GB is refused before a byte is read', async () => {
    const big = new Blob(new Array<Blob>(1025).fill(new Blob([new Uint8Array(2 ** 20)])));
    await expect(inspect([{ name: 'big.safetensors', blob: big }])).rejects.toMatchObject({
      code: 'backbone-too-large',
    });
  });

  it('can be given up while it is read', async () => {
    const cancel = new AbortController();
    const call = client.call('inspectNetwork', { files: await tiny() }, { signal: cancel.signal });
    cancel.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  const withWeights = async (files: readonly BroughtFile[], value: number): Promise<BroughtFile[]> =>
    files.map(({ name, blob }) => {
      const filled = () => new Blob([new Float32Array(Math.floor(blob.size / 4)).fill(value)]);
      return { name, blob: name.endsWith('.json') ? blob : filled() };
    });

  it('whose weights are no numbers once folded is refused by the name of the layer', async () => {
    await expect(inspect(await withWeights(await tiny(), 1e38))).rejects.toMatchObject({
      code: 'backbone-corrupt',
      message: expect.stringContaining('conv'),
    });
  });

  it('leaves no tensor behind', async () => {
    await client.load(tinyEntry());
    const { tensorCount } = await client.call('memory', null);
    const files = await tiny();
    const found = await inspect(files);
    await client.call('keepNetwork', { files, manifest: manifestOf(found) });
    expect((await client.call('memory', null)).tensorCount).toBe(tensorCount);
  });
});

describe('a download that is one file', () => {
  it('is counted, checked, kept, and needs no network the next time', async () => {
    const url = `${location.origin}/tests/fixtures/safetensors/resnet18-timm.safetensors`;
    const bytes = await (await fetch(url)).arrayBuffer();
    const facts = { pixels: 'imagenet', inputSide: 64, featureLayer: null, sizeBytes: bytes.byteLength } as const;
    const seen: DownloadProgress[] = [];
    const onEvent = (event: DownloadProgress) => seen.push(event);
    const first = await client.load(tinyEntry('official', facts, [url]), { onEvent });
    expect(first).toMatchObject({ sha256: await hashOf(new Blob([bytes])), sizeBytes: bytes.byteLength });
    const last = seen.findLast(({ stage }) => stage === 'downloading');
    expect(last).toMatchObject({ loadedBytes: bytes.byteLength, totalBytes: bytes.byteLength });
    const nowhere = `${location.origin}/nothing/model.safetensors`;
    const again = await client.load(tinyEntry('official', facts, [nowhere]));
    expect(again.sha256).toBe(first.sha256);
  });

  it('with another checksum than the catalogue says is refused', async () => {
    const url = `${location.origin}/tests/fixtures/safetensors/resnet18-timm.safetensors`;
    const facts = { pixels: 'imagenet', featureLayer: null, sha256: '0'.repeat(64) } as const;
    const call = client.load(tinyEntry('official', facts, [url]));
    await expect(call).rejects.toMatchObject({ code: 'backbone-corrupt' });
    expect(await client.call('cachedBackbones', null)).toEqual([]);
  });
});
