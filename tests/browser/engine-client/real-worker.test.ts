import { afterEach, beforeEach, expect, it } from 'vitest';
import { backboneRef } from '../../../src/domain/backbone.ts';
import { createEngineClient, type EngineStatus } from '../../../src/engine-client/engine-client.ts';
import {
  clearEngineStorage,
  createEngineWorker,
  createTestEngine,
  endEngine,
  loadBackbone,
  noiseImages,
  tinyEntry,
} from '../../helpers/browser/engine.ts';

/** Holds its lock and answers 'start' as the engine does; closes itself when told to. */
const CLOSING_ENGINE = `
  self.onmessage = async ({ data }) => {
    if (data === 'close') return self.close();
    const result = () => postMessage({ kind: 'result', id: data.id, events: [], output: {} });
    if (data.method === 'start') result();
    if (data.method === 'holdLock') navigator.locks.request(data.input.name, () => (result(), new Promise(() => {})));
  };`;

let engine: ReturnType<typeof createTestEngine>;

beforeEach(async () => {
  await clearEngineStorage();
  engine = createTestEngine();
});

afterEach(() => endEngine(engine.client));

it('a killed worker loses no feature that was reported as done, and the engine is ready again by itself', async () => {
  const { client, states } = engine;
  await client.call('start', { wanted: 'wasm' });
  const backbone = backboneRef(await loadBackbone(client, tinyEntry()));
  const images = await noiseImages(0, 320);
  let doneCount = 0;
  const onEvent = (event: { doneCount: number }) => {
    doneCount = event.doneCount;
    client.kill();
  };
  await expect(client.call('embed', { backbone, images, resizeMode: 'crop' }, { onEvent })).rejects.toMatchObject({
    code: 'worker-crashed',
  });
  expect(doneCount).toBeGreaterThan(0);

  const hashes = images.map(({ hash }) => hash);
  const missing = await client.call('missingFeatures', { backbone, hashes, resizeMode: 'crop' });
  for (const hash of hashes.slice(0, doneCount)) expect(missing).not.toContain(hash);
  const wanted = new Set(missing);
  const rest = images.filter(({ hash }) => wanted.has(hash));
  expect(await client.call('embed', { backbone, images: rest, resizeMode: 'crop' })).toEqual({
    cacheFull: false,
    failed: [],
  });
  expect(await client.call('missingFeatures', { backbone, hashes, resizeMode: 'crop' })).toEqual([]);
  expect(states.map(({ kind }: EngineStatus) => kind)).toEqual(['starting', 'ready', 'restarting', 'ready']);
});

it('a worker that ends without a word is noticed at once, also when it was idle', async () => {
  const worker = new Worker(URL.createObjectURL(new Blob([CLOSING_ENGINE], { type: 'text/javascript' })));
  const states: EngineStatus[] = [];
  let isFirst = true;
  const client = createEngineClient({
    onState: (state) => states.push(state),
    createWorker: () => {
      const next = isFirst ? worker : createEngineWorker();
      isFirst = false;
      return next;
    },
  });
  engine = { client, states };
  await client.call('start', { wanted: 'wasm' });
  worker.postMessage('close');
  await expect.poll(() => states.map(({ kind }) => kind), { timeout: 10_000 }).toContain('restarting');
  await client.call('memory', null);
  expect(states.at(-1)?.kind).toBe('ready');
});
