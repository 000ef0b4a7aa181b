import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BackboneRef, backboneRef } from '../../../src/domain/backbone.ts';
import { UNCOMPRESSED } from '../../../src/domain/compression.ts';
import type { Part } from '../../../src/domain/dataset.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../../../src/domain/settings.ts';
import type { EngineCalls } from '../../../src/engine/contract.ts';
import { createEngineClient, type EngineClient, type EngineStatus } from '../../../src/engine-client/engine-client.ts';
import {
  clearEngineStorage,
  createEngineWorker,
  endEngine,
  loadBackbone,
  noiseImages,
  tinyEntry,
  tinyHead,
} from '../../helpers/browser/engine.ts';

/** Starts as the engine does and tells when it trains; then does `work` without letting a message in. */
const engineThat = (work: string) => `
  self.onmessage = ({ data }) => {
    const result = (output) => postMessage({ kind: 'result', id: data.id, events: [], output });
    if (data.kind === 'ping') postMessage({ kind: 'pong', id: data.id });
    if (data.method === 'start') result({ backend: 'wasm' });
    if (data.method === 'holdLock') navigator.locks.request(data.input.name, () => (result(null), new Promise(() => {})));
    if (data.method === 'memory') result({ tensorCount: 7, byteCount: 7 });
    if (data.method === 'train') {
      postMessage({ kind: 'events', id: data.id, events: ['begun'] });
      ${work}
    }
  };`;

/** Three seconds of work, of which each second would be too long without a word at ticks of a tenth of it. */
const BEATING = `
  const endMs = performance.now() + 3000;
  while (performance.now() < endMs) {
    const nextMs = performance.now() + 20;
    while (performance.now() < nextMs);
    postMessage({ kind: 'beat' });
  }`;

const workerOf = (script: string) => new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));

let client: EngineClient | null = null;
let states: EngineStatus[] = [];
let beatCount = 0;

function connect(createWorker: () => Worker, tickMs?: number): EngineClient {
  states = [];
  beatCount = 0;
  client = createEngineClient({
    createWorker: () => {
      const worker = createWorker();
      worker.addEventListener('message', ({ data }) => {
        if (data.kind === 'beat') beatCount += 1;
      });
      return worker;
    },
    onState: (state) => states.push(state),
    ...(tickMs === undefined ? {} : { tickMs }),
  });
  return client;
}

afterEach(() => {
  if (client !== null) endEngine(client);
  client = null;
});

const kinds = () => states.map(({ kind }) => kind);

/** Begins a call, cancels it as soon as it tells of itself, and waits until it has rejected. */
async function cancelled<K extends 'train' | 'embed' | 'measureCompressed'>(
  engine: EngineClient,
  method: K,
  input: EngineCalls[K]['input'],
): Promise<void> {
  const cancel = new AbortController();
  const running = engine.call(method, input, { signal: cancel.signal, onEvent: () => cancel.abort() });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
}

const NOTHING = {} as EngineCalls['train']['input'];

describe('after a cancel', () => {
  it('a worker in an endless loop is killed, and the next call is done by another', async () => {
    let isFirst = true;
    const engine = connect(() => {
      const worker = isFirst ? workerOf(engineThat('for (;;);')) : createEngineWorker();
      isFirst = false;
      return worker;
    }, 100);
    await engine.call('start', { wanted: 'wasm' });
    await cancelled(engine, 'train', NOTHING);
    expect((await engine.call('memory', null)).tensorCount).not.toBe(7);
    expect(kinds()).toEqual(['starting', 'ready', 'restarting', 'ready']);
  });

  it('a worker that computes for long and beats is left alone, and does the next call', async () => {
    const engine = connect(() => workerOf(engineThat(BEATING)), 100);
    await engine.call('start', { wanted: 'wasm' });
    await cancelled(engine, 'train', NOTHING);
    expect((await engine.call('memory', null)).tensorCount).toBe(7);
    expect(beatCount).toBeGreaterThan(10);
    expect(kinds()).toEqual(['starting', 'ready']);
  });

  it('the time in which the page itself was held up does not count', async () => {
    const engine = connect(() => workerOf(engineThat('')), 50);
    await engine.call('start', { wanted: 'wasm' });
    await cancelled(engine, 'train', NOTHING);
    const next = engine.call('memory', null);
    const endMs = performance.now() + 2000;
    while (performance.now() < endMs);
    expect((await next).tensorCount).toBe(7);
    expect(kinds()).toEqual(['starting', 'ready']);
  });
});

describe('the engine itself', () => {
  let engine: EngineClient;
  let backbone: BackboneRef;

  beforeEach(async () => {
    await clearEngineStorage();
    engine = connect(createEngineWorker);
    await engine.call('start', { wanted: 'wasm' });
    backbone = backboneRef(await loadBackbone(engine, tinyEntry('bundled')));
  });

  /** The same worker lives, and gives the network for a download. */
  async function expectAlive(): Promise<void> {
    expect((await engine.call('exportBackbone', { backbone, tuned: null })).featureLength).toBe(8);
    expect(kinds()).toEqual(['starting', 'ready']);
  }

  const measured = async (): Promise<EngineCalls['measureCompressed']['input']> => ({
    backbone,
    head: tinyHead((index) => Math.sin(index)),
    compression: { ...UNCOMPRESSED, prunedRatio: 0.5 },
    layerInputs: null,
    images: await noiseImages(1, 120),
    resizeMode: 'crop',
    timed: false,
  });

  async function trained(): Promise<EngineCalls['train']['input']> {
    const images = await noiseImages(1, 40);
    await engine.call('embed', { backbone, images, resizeMode: 'crop' });
    const settings = { ...DEFAULT_SETTINGS, head: 'network', epochs: 1000, patience: 0, hiddenUnits: 512 } as const;
    return {
      backbone,
      rows: {
        hashes: images.map(({ hash }) => hash),
        classIndices: images.map((_, row) => row % 2),
        parts: images.map((_, row): Part => (row < 30 ? 'train' : 'validation')),
      },
      classCount: 2,
      settings: resolveSettings(settings, { classCounts: [15, 15] }),
      resizeMode: 'crop',
    };
  }

  it('outlives a cancelled measurement of a size, and a download works', async () => {
    await cancelled(engine, 'measureCompressed', await measured());
    await expectAlive();
  });

  it('answers other calls between the batches of a measurement, also when the pixels are at hand', async () => {
    const input = await measured();
    const files = input.images.map(({ blob }) => blob);
    await engine.call('inspectFiles', { files, prepareFor: { side: 16, mode: 'crop' } });
    // Which of both ends first. Once is enough: a page that is held up hears of the first batch after the last.
    const firstToEnd = async () => {
      const ends: string[] = [];
      const others: Promise<unknown>[] = [];
      const onEvent = () => {
        if (others.length === 0) others.push(engine.call('memory', null).then(() => ends.push('other')));
      };
      await engine.call('measureCompressed', input, { onEvent }).then(() => ends.push('measured'));
      await Promise.all(others);
      return ends[0];
    };
    await expect.poll(firstToEnd, { timeout: 60_000 }).toBe('other');
  });

  it('outlives cancelled features, and a download works', async () => {
    await cancelled(engine, 'embed', { backbone, images: await noiseImages(1, 120), resizeMode: 'crop' });
    await expectAlive();
  });

  it('outlives a cancelled training, and a download works', async () => {
    await cancelled(engine, 'train', await trained());
    await expectAlive();
  });

  it('beats while it computes features and measures sizes', async () => {
    const input = await measured();
    beatCount = 0;
    // As often as it takes: a fast machine is done before the second beat is due.
    while (beatCount < 4) await engine.call('measureCompressed', input);
    expect(kinds()).toEqual(['starting', 'ready']);
  });

  it('beats while it trains', async () => {
    const input = await trained();
    beatCount = 0;
    while (beatCount < 4) await engine.call('train', input);
    await expectAlive();
  });
});
