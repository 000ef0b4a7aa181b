import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createViteServer } from 'vite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { putBackbone } from '../../../scripts/backbone/put-backbone.ts';
import { graftServer } from '../../../scripts/vite/graft-server.ts';
import type { BackboneEntry, BackboneFacts, BackboneManifest } from '../../../src/domain/backbone.ts';
import { fetchModelFiles, hashModelFiles } from '../../../src/engine/model-files.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { readSelfHostedBackbones } from '../../../src/schemas/backbone-manifest.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const TINY = join(FIXTURES, 'engine/tiny-backbone');

const MANIFEST: BackboneManifest = {
  ...{ id: 'tiny', name: 'Tiny', family: 'test', inputSide: 16, pixels: '[-1,1]', featureLayer: null },
  ...{ licence: 'MIT', source: 'made for tests', sizeBytes: 0 },
};
const FACTS: BackboneFacts = { year: 2026, parameterCount: 0, featureLength: 8, whenToUse: '', isSizeExact: false };

let dir = '';
let maker: Server;
let origin = '';

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'graft-hosting-'));
  maker = createServer((request, response) => {
    const file = join(FIXTURES, new URL(request.url ?? '/', 'http://localhost').pathname);
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => maker.listen(0, 'localhost', resolve));
  origin = `http://localhost:${(maker.address() as AddressInfo).port}`;
});

afterEach(() => {
  vi.unstubAllEnvs();
  maker.close();
  rmSync(dir, { recursive: true });
});

function entry(paths: readonly string[], change: Partial<BackboneManifest> = {}): BackboneEntry {
  const urls = paths.map((path) => `${origin}/${path}`);
  return { manifest: { ...MANIFEST, ...change }, origin: 'official', urls, facts: FACTS };
}

const put = (wanted: BackboneEntry) => putBackbone(wanted, dir, () => undefined);

/** What the page finds when this folder is `GRAFT_BACKBONES`: the list, and the files of its first network, hashed. */
async function servedFrom(folder: string) {
  vi.stubEnv('GRAFT_BACKBONES', folder);
  const server = await createViteServer({
    configFile: false,
    plugins: [graftServer()],
    logLevel: 'silent',
    root: folder,
  });
  try {
    await server.listen(0);
    const base = `${server.resolvedUrls?.local[0]}backbones/`;
    const { manifests, problems } = readSelfHostedBackbones(await (await fetch(`${base}self-hosted.json`)).json());
    expect(problems).toEqual([]);
    const [manifest] = manifests;
    if (manifest === undefined) throw new Error('No network is listed.');
    const url = `${base}${manifest.id}/${manifest.file ?? 'model.json'}`;
    const files = await fetchModelFiles(url, 0, () => undefined, new AbortController().signal);
    return { manifest, files, sha256: await hashModelFiles(files) };
  } finally {
    await server.close();
  }
}

describe('an official network put into a folder', () => {
  it('is one binary that is served, whole and the same network, by the code that reads GRAFT_BACKBONES', async () => {
    await put(entry(['engine/tiny-backbone/model.json?tfjs-format=file']));
    expect(readdirSync(join(dir, 'tiny')).sort()).toEqual(['backbone.json', 'model.json', 'weights.bin']);
    const { manifest, files, sha256 } = await servedFrom(dir);
    expect(sha256).toBe(manifest.sha256);
    if (files.kind !== 'tfjs') throw new Error('A model.json was expected.');
    const shards = ['shard-1.bin', 'shard-2.bin'].map((name) => readFileSync(join(TINY, name)));
    const original = JSON.parse(readFileSync(join(TINY, 'model.json'), 'utf8')) as unknown;
    const wanted = readModel(original, new Uint8Array(Buffer.concat(shards)).buffer, MANIFEST);
    const given = readModel(JSON.parse(new TextDecoder().decode(files.modelBytes)), files.weightData, manifest);
    expect(given.nodes).toEqual(wanted.nodes);
  });

  it('stays one file where it is a .safetensors, and is listed for static hosts too', async () => {
    const facts = { ...FACTS, featureLength: 12 };
    const change = { inputSide: 32, pixels: 'imagenet' } as const;
    const written = await put({ ...entry(['safetensors/resnet18-timm.safetensors'], change), facts });
    expect(written.file).toBe('resnet18-timm.safetensors');
    expect(JSON.parse(readFileSync(join(dir, 'self-hosted.json'), 'utf8'))).toEqual([written]);
    const { manifest, sha256 } = await servedFrom(dir);
    expect(sha256).toBe(manifest.sha256);
  });

  it('comes from the next address where the first does not answer or gives another network', async () => {
    const other = 'engine/tiny-graph-model/model.json';
    const written = await put(entry(['nowhere/model.json', other, 'engine/tiny-backbone/model.json']));
    expect(written.sizeBytes).toBeGreaterThan(0);
    expect(readFileSync(join(dir, 'tiny/weights.bin')).length).toBe(2444);
  });

  it('takes the place of what was there', async () => {
    mkdirSync(join(dir, 'tiny'));
    writeFileSync(join(dir, 'tiny/group1-shard1of9.bin'), 'old');
    await put(entry(['engine/tiny-backbone/model.json']));
    expect(readdirSync(join(dir, 'tiny'))).not.toContain('group1-shard1of9.bin');
  });
});

describe('nothing is written', () => {
  const refused = async (wanted: BackboneEntry, message: RegExp) => {
    await expect(put(wanted)).rejects.toThrow(message);
    expect(readdirSync(dir)).toEqual([]);
  };

  it('when no address answers', () =>
    refused(entry(['nowhere/model.json']), /nowhere\/model.json was answered with 404/));

  it('when the files are not the known ones', () =>
    refused(entry(['engine/tiny-backbone/model.json'], { sha256: 'a'.repeat(64) }), /not the ones they should be/));

  it('when it has another number of features than the catalogue says', () =>
    refused(entry(['engine/tiny-graph-model/model.json']), /gives 6 features; 8 were expected/));

  it('when it cannot be read', () =>
    refused(entry(['engine/make-images.py/model.json', 'graph/golden.json']), /weights/));
});
