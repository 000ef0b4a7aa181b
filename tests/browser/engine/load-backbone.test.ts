import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadProgress } from '../../../src/engine/contract.ts';
import { readBundledBackbones } from '../../../src/schemas/backbone-manifest.ts';
import {
  clearEngineStorage,
  createTestEngine,
  endEngine,
  TestEngine,
  tinyEntry,
} from '../../helpers/browser/engine.ts';

const [TINY_URL = ''] = tinyEntry().urls;
const NOWHERE = `${location.origin}/tests/fixtures/engine/nothing-here/model.json`;

let client: TestEngine;

beforeAll(async () => {
  client = new TestEngine(createTestEngine().client);
  await client.call('start', { wanted: 'wasm' });
});

beforeEach(clearEngineStorage);

afterAll(() => endEngine(client));

const load = (entry: ReturnType<typeof tinyEntry>) => client.load(entry);

/** Replaces a file of the kept download. */
async function damageCache(file: string, body: BodyInit): Promise<void> {
  const cache = await caches.open('graft-backbones');
  const key = (await cache.keys()).find(({ url }) => url.endsWith(`/tiny/${file}`));
  if (key === undefined) throw new Error('Nothing is kept');
  await cache.put(key, new Response(body));
}

describe('loading a backbone', () => {
  it('reports what it is, what it proved, and how fast it runs', async () => {
    const stages: string[] = [];
    const onEvent = ({ stage }: DownloadProgress) => stages.push(stage);
    const report = await client.load(tinyEntry(), { onEvent });
    expect(report).toMatchObject({ id: 'tiny', inputSide: 16, featureLength: 8, licence: 'MIT' });
    expect(report.foldingErrorRatio).toBeLessThan(1e-5);
    expect(report.millisecondsPerImage).toBeGreaterThan(0);
    expect(report.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([...new Set(stages)]).toEqual(['downloading', 'folding', 'checking', 'warming-up']);
  });

  it('remembers batch size and speed, does not measure again, and trusts no damaged note of them', async () => {
    const noteOf = async () => {
      const cache = await caches.open('graft-backbones');
      const key = (await cache.keys()).find(({ url }) => url.includes('/speeds/wasm'));
      const note = key === undefined ? undefined : await cache.match(key);
      if (key === undefined || note === undefined) throw new Error('Nothing is noted');
      const found: { batchSize: number; millisecondsPerImage: number } = await note.json();
      return { cache, key, found };
    };
    await load(tinyEntry());
    const { cache, key, found } = await noteOf();
    expect([8, 16]).toContain(found.batchSize);
    expect(found.millisecondsPerImage).toBeGreaterThan(0);
    await cache.put(key, Response.json({ batchSize: 4, millisecondsPerImage: 123 }));
    expect((await load(tinyEntry())).millisecondsPerImage).toBe(123);
    await cache.put(key, Response.json({ batchSize: 1e9, millisecondsPerImage: 123 }));
    expect((await load(tinyEntry())).millisecondsPerImage).not.toBe(123);
    expect([8, 16]).toContain((await noteOf()).found.batchSize);
  });

  it('counts the bytes it loads up to the total', async () => {
    const seen: DownloadProgress[] = [];
    const { sizeBytes } = await client.load(tinyEntry(), { onEvent: (event) => seen.push(event) });
    const downloads = seen.filter(({ stage }) => stage === 'downloading');
    expect(downloads.at(-1)).toMatchObject({ loadedBytes: sizeBytes, totalBytes: sizeBytes });
  });

  it('proves a graph model, its own input arithmetic included', async () => {
    const url = `${location.origin}/tests/fixtures/engine/tiny-graph-model/model.json`;
    const change = { id: 'tiny-graph', pixels: '[0,1]', featureLayer: null } as const;
    const report = await load(tinyEntry('self-hosted', change, [url]));
    expect(report).toMatchObject({ featureLength: 6 });
    expect(report.foldingErrorRatio).toBeLessThan(1e-5);
    expect(await client.call('exportBackbone', { tuned: null })).toMatchObject({ pixels: '[-1,1]' });
  });

  it('takes the bundled network from the page, with the checksum made at set-up', async (context) => {
    const list: unknown = await (await fetch('/backbones/index.json')).json().catch(() => null);
    const [manifest] = readBundledBackbones(list ?? { bundled: [] });
    if (manifest === undefined) {
      console.warn('Skipped: the bundled network is not prepared (npm start does it).');
      context.skip();
      return;
    }
    const url = `${location.origin}/backbones/${manifest.id}/model.json`;
    const report = await load({ manifest, origin: 'bundled', urls: [url] });
    expect(report).toMatchObject({ featureLength: 1792, sha256: manifest.sha256, sizeBytes: manifest.sizeBytes });
  });

  it('trusts the bundled one, which was proved when it was made', async () => {
    expect(await load(tinyEntry('bundled'))).toMatchObject({ foldingErrorRatio: null });
  });

  it('goes on to the next address when one fails', async () => {
    expect(await load(tinyEntry('official', {}, [NOWHERE, TINY_URL]))).toMatchObject({ id: 'tiny' });
  });

  it('says which failure it was, and keeps the backbone that was loaded', async () => {
    await load(tinyEntry());
    await expect(load(tinyEntry('official', { id: 'away' }, [NOWHERE]))).rejects.toMatchObject({
      code: expect.stringMatching(/^backbone-(unreachable|corrupt)$/),
    });
    await expect(load(tinyEntry('self-hosted', { sha256: '0'.repeat(64) }))).rejects.toMatchObject({
      code: 'backbone-corrupt',
    });
    await expect(load(tinyEntry('self-hosted', { featureLayer: 'no such layer' }))).rejects.toMatchObject({
      message: expect.stringContaining('no such layer'),
    });
    expect(await client.call('exportBackbone', { tuned: null })).toMatchObject({ featureLength: 8 });
  });

  it('leaves no tensor behind when it fails or is cancelled', async () => {
    await expect(load(tinyEntry('self-hosted', { featureLayer: 'no such layer' }))).rejects.toThrow();
    const cancel = new AbortController();
    const call = client.load(tinyEntry(), { signal: cancel.signal, onEvent: () => cancel.abort() });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    // The next load begins when the cancelled one has left.
    await load(tinyEntry());
    const { tensorCount } = await client.call('memory', null);
    await load(tinyEntry());
    expect((await client.call('memory', null)).tensorCount).toBe(tensorCount);
  });
});

describe('a downloaded backbone', () => {
  it('is kept, listed, and needs no network the next time', async () => {
    expect(await client.call('cachedBackbones', null)).toEqual([]);
    const first = await load(tinyEntry('official'));
    expect(await client.call('cachedBackbones', null)).toEqual(['tiny']);
    expect(await load(tinyEntry('official', {}, [NOWHERE]))).toMatchObject({ sha256: first.sha256 });
  });

  it.each([
    ['weights.bin', new Uint8Array(2444)],
    ['model.json', '{"modelTopology": {}}'],
    ['record.json', '{"sha256": "0"}'],
    ['record.json', 'no json'],
  ])('with a damaged %s is fetched again', async (file, body) => {
    const first = await load(tinyEntry('official'));
    await damageCache(file, body);
    expect(await load(tinyEntry('official'))).toMatchObject({ sha256: first.sha256 });
    expect(await load(tinyEntry('official', {}, [NOWHERE]))).toMatchObject({ sha256: first.sha256 });
  });

  it('that is damaged and cannot be fetched again is an error, and is no longer listed', async () => {
    await load(tinyEntry('official'));
    await damageCache('weights.bin', new Uint8Array(2444));
    await expect(load(tinyEntry('official', {}, [NOWHERE]))).rejects.toThrow();
    expect(await client.call('cachedBackbones', null)).toEqual([]);
  });

  it('proved once is not proved again', async () => {
    const proved = await load(tinyEntry('official'));
    const cache = await caches.open('graft-backbones');
    const key = (await cache.keys()).find(({ url }) => url.includes('/proofs/'));
    if (key === undefined) throw new Error('No proof is kept');
    expect(await (await cache.match(key))?.json()).toEqual({ foldingErrorRatio: proved.foldingErrorRatio });
    await cache.put(key, Response.json({ foldingErrorRatio: 0.5e-4 }));
    expect(await load(tinyEntry('official'))).toMatchObject({ foldingErrorRatio: 0.5e-4 });
  });
});
