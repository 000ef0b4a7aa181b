import { expect } from 'vitest';
import {
  type BackboneEntry,
  type BackboneOrigin,
  type BackboneReport,
  backboneRef,
} from '../../../src/domain/backbone.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import type { BackendName, DownloadProgress, EngineCalls } from '../../../src/engine/contract.ts';
import type { OnBackbone } from '../../../src/engine/contract-measuring.ts';
import { createEngineClient, type EngineClient, type EngineStatus } from '../../../src/engine-client/engine-client.ts';
import type { CallOptions } from '../../../src/rpc/calls.ts';

const FIXTURES = `${location.origin}/tests/fixtures/engine/`;

/** The engine's worker as the development server builds it. */
export function createEngineWorker(): Worker {
  return new Worker(new URL('../../../src/engine/worker.ts', import.meta.url), { type: 'module' });
}

/** A client on a real worker; `states` grows with every state it reports. */
export function createTestEngine(): { client: EngineClient; states: EngineStatus[] } {
  const states: EngineStatus[] = [];
  const client = createEngineClient({ createWorker: createEngineWorker, onState: (state) => states.push(state) });
  return { client, states };
}

/** Prepares a backbone and activates it. */
export async function loadBackbone(
  client: EngineClient,
  entry: BackboneEntry,
  options?: CallOptions<DownloadProgress>,
): Promise<BackboneReport> {
  const report = await client.call('prepareBackbone', { entry }, options);
  await client.call('activateBackbone', { backbone: backboneRef(report) });
  return report;
}

/** Input of a call without the backbone that it names. */
type Unnamed<Input> = Input extends OnBackbone ? Omit<Input, 'backbone'> : Input;

/** A client that names in every call the backbone it loaded last. */
export class TestEngine {
  private loaded: BackboneReport | null = null;

  constructor(readonly client: EngineClient) {}

  async load(entry: BackboneEntry, options?: CallOptions<DownloadProgress>): Promise<BackboneReport> {
    this.loaded = await loadBackbone(this.client, entry, options);
    return this.loaded;
  }

  /** Of the backbone loaded last. */
  get report(): BackboneReport {
    if (this.loaded === null) throw new Error('Nothing is loaded');
    return this.loaded;
  }

  call<K extends keyof EngineCalls>(
    method: K,
    input: Unnamed<EngineCalls[K]['input']>,
    options?: CallOptions<EngineCalls[K]['event']>,
  ): Promise<EngineCalls[K]['output']> {
    // The compiler cannot tell that this is the input again; calls without a backbone ignore it.
    const backbone = this.loaded === null ? { id: 'none', sha256: '' } : backboneRef(this.loaded);
    const named = input === null ? null : { backbone, ...(input as object) };
    return this.client.call(method, named as EngineCalls[K]['input'], options);
  }

  close(reason: Error): void {
    this.client.close(reason);
  }
}

/** A real engine, started on one backend, with the tiny backbone of 16 px and 8 features loaded. */
export async function startTestEngine(wanted: BackendName): Promise<TestEngine> {
  const engine = new TestEngine(createTestEngine().client);
  await engine.call('start', { wanted });
  // As the bundled one it is not checked against tfjs's own loaders, which takes a software adapter half a minute.
  await engine.load(tinyEntry('bundled'));
  return engine;
}

export function endEngine(client: Pick<EngineClient, 'close'>): void {
  client.close(new Error('The test is over'));
}

/** What `act` gives; the engine holds no more tensors after it than before. */
export async function withoutLeak<R>(client: TestEngine, act: () => Promise<R>): Promise<R> {
  const before = (await client.call('memory', null)).tensorCount;
  const result = await act();
  expect((await client.call('memory', null)).tensorCount).toBe(before);
  return result;
}

/** The tiny backbone; `change` overrides facts of its manifest. */
export function tinyEntry(
  origin: BackboneOrigin = 'self-hosted',
  change: Partial<BackboneEntry['manifest']> = {},
  urls: readonly string[] = [`${FIXTURES}tiny-backbone/model.json`],
): BackboneEntry {
  const manifest = {
    id: 'tiny',
    name: 'Tiny',
    family: 'test',
    inputSide: 16,
    pixels: '[-1,1]',
    featureLayer: 'feature',
    licence: 'MIT',
    source: 'made for tests',
    sizeBytes: 0,
    ...change,
  } as const;
  return { manifest, origin, urls };
}

/** A head of two classes for the tiny backbone. @param weightAt its 16 weights, those of both classes in turn. */
export function tinyHead(weightAt: (index: number) => number) {
  const kernel = Float32Array.from({ length: 16 }, (_, index) => weightAt(index));
  const bias = Float32Array.of(0, 0.5);
  return {
    layers: [{ kernel, bias, inputLength: 8, outputLength: 2, activation: 'softmax' }],
  } as const satisfies HeadWeights;
}

/** One of the pictures in `tests/fixtures/engine`. */
export async function fixtureFile(name: string): Promise<Blob> {
  const response = await fetch(`${FIXTURES}${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.blob();
}

/** A picture filled with noise that `seed` decides; PNG, so that its bytes are the same on every run. */
export async function noiseImage(seed: number, widthPx = 24, heightPx = 24): Promise<Blob> {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas');
  let state = seed + 1;
  for (let y = 0; y < heightPx; y += 4) {
    for (let x = 0; x < widthPx; x += 4) {
      state = (state * 48271) % 2147483647;
      context.fillStyle = `hsl(${state % 360} 80% ${20 + (state % 60)}%)`;
      context.fillRect(x, y, 4, 4);
    }
  }
  return canvas.convertToBlob({ type: 'image/png' });
}

/** SHA-256 as the engine writes it. */
export async function hashOf(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Pictures with their hashes, as `embed` takes them. */
export function noiseImages(firstSeed: number, count: number): Promise<{ hash: string; blob: Blob }[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const blob = await noiseImage(firstSeed + index);
      return { hash: await hashOf(blob), blob };
    }),
  );
}

/** Forgets every feature and download of earlier tests. No engine may be open. */
export async function clearEngineStorage(): Promise<void> {
  await caches.delete('graft-backbones');
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase('graft-features');
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
