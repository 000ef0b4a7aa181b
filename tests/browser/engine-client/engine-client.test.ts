import { afterEach, describe, expect, it } from 'vitest';
import type { BackendName, DeviceReport, EngineCalls } from '../../../src/engine/contract.ts';
import {
  createEngineClient,
  type EngineClient,
  type EngineStatus,
  type EngineWorker,
} from '../../../src/engine-client/engine-client.ts';
import type { Handlers } from '../../../src/rpc/calls.ts';
import { RemoteError } from '../../../src/rpc/remote-error.ts';
import { serve } from '../../../src/rpc/serve.ts';
import { backboneReport } from '../../helpers/browser/backbone-report.ts';
import { loadBackbone, tinyEntry } from '../../helpers/browser/engine.ts';

/** A port in place of a worker; the test says how its engine behaves and when it breaks. */
class FakeWorker extends EventTarget implements EngineWorker {
  readonly engine = new EventTarget();
  readonly received: string[] = [];
  terminated = false;
  /** A hung worker takes messages and answers none. */
  hung = false;
  /** A busy worker lets messages wait until it is done. */
  private waiting: unknown[] | null = null;

  postMessage(message: unknown): void {
    if (this.terminated || this.hung) return;
    if (this.waiting !== null) {
      this.waiting.push(message);
      return;
    }
    if (typeof message === 'object' && message !== null && 'method' in message)
      this.received.push(String(message.method));
    queueMicrotask(() => this.engine.dispatchEvent(new MessageEvent('message', { data: message })));
  }

  answer(message: unknown): void {
    if (!this.terminated && !this.hung) this.dispatchEvent(new MessageEvent('message', { data: message }));
  }

  beBusy(): void {
    this.waiting = [];
  }

  beDone(): void {
    const { waiting } = this;
    this.waiting = null;
    for (const message of waiting ?? []) this.postMessage(message);
  }

  crash(): void {
    this.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

interface FakeEngine {
  readonly worker: FakeWorker;
  readonly startInputs: EngineCalls['start']['input'][];
  loseDevice(): void;
}

const deviceOn = (backend: BackendName): DeviceReport => ({
  backend,
  adapter: 'test',
  softwareAdapter: false,
  threadCount: 1,
  probes: [],
  chosenByUser: false,
});

const REPORT = backboneReport();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const never = () => new Promise<never>(() => {});
const unused = () => Promise.reject(new Error('not part of this test'));

/** webgpu unless it is to be avoided, as on a machine with a GPU. */
function chooseBackend({ wanted, avoid = [] }: EngineCalls['start']['input']): BackendName {
  return wanted ?? (avoid.includes('webgpu') ? 'wasm' : 'webgpu');
}

function fakeEngine(change: Partial<Handlers<EngineCalls>> = {}): FakeEngine {
  const worker = new FakeWorker();
  const startInputs: EngineCalls['start']['input'][] = [];
  let loseDevice = () => {};
  const lost = new Promise<{ reason: string }>((resolve) => {
    loseDevice = () => resolve({ reason: 'driver reset' });
  });
  const handlers: Handlers<EngineCalls> = {
    start: async (input) => {
      startInputs.push(input);
      return deviceOn(chooseBackend(input));
    },
    // A port in place of a worker has no life of its own to hold a lock.
    holdLock: unused,
    watchDevice: () => lost,
    prepareBackbone: async () => REPORT,
    activateBackbone: async () => null,
    discardBackbone: async () => null,
    cachedBackbones: async () => [],
    inspectNetwork: unused,
    keepNetwork: unused,
    forgetNetwork: unused,
    ownNetworks: async () => [],
    networkFiles: unused,
    inspectFiles: never,
    missingFeatures: async () => [],
    estimateActivations: unused,
    embed: unused,
    train: never,
    predict: unused,
    compareCandidate: unused,
    measureCompressed: unused,
    layerInputs: unused,
    trainMany: unused,
    crossValidate: unused,
    nearCopies: unused,
    testLearningRates: unused,
    instantBaseline: unused,
    predictFromAverages: unused,
    useHead: unused,
    classify: unused,
    preparePixels: unused,
    augmentSamples: unused,
    exportBackbone: unused,
    memory: async () => ({ tensorCount: 1, byteCount: 4 }),
    forgetFeatures: unused,
    ...change,
  };
  serve<EngineCalls>(
    {
      postMessage: (message) => queueMicrotask(() => worker.answer(message)),
      addEventListener: (type, listener) => worker.engine.addEventListener(type, listener),
      removeEventListener: (type, listener) => worker.engine.removeEventListener(type, listener),
    },
    handlers,
  );
  return { worker, startInputs, loseDevice: () => loseDevice() };
}

const open: EngineClient[] = [];

/** A client whose n-th worker is the n-th engine made; `make` says how each behaves. */
function connect(make: (index: number) => FakeEngine = () => fakeEngine(), tickMs = 5) {
  const engines: FakeEngine[] = [];
  const states: EngineStatus[] = [];
  const createWorker = () => {
    const engine = make(engines.length);
    engines.push(engine);
    return engine.worker;
  };
  const client = createEngineClient({ createWorker, onState: (state) => states.push(state), tickMs });
  open.push(client);
  return { client, engines, states, kinds: () => states.map(({ kind }) => kind) };
}

afterEach(() => {
  for (const client of open.splice(0)) client.close(new Error('The test is over'));
});

const START = { wanted: null } as const;
const NO_FILES = { files: [] };

describe('the engine client', () => {
  it('starts no worker before the first start, and calls made earlier wait for it', async () => {
    const { client, engines, kinds } = connect();
    const early = client.call('memory', null);
    await Promise.resolve();
    expect(engines).toHaveLength(0);
    await client.call('start', START);
    await expect(early).resolves.toEqual({ tensorCount: 1, byteCount: 4 });
    expect(kinds()).toEqual(['starting', 'ready']);
  });

  it('a call that waits can be cancelled', async () => {
    const { client } = connect();
    const cancel = new AbortController();
    const early = client.call('memory', null, { signal: cancel.signal });
    cancel.abort();
    await expect(early).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('after a crash rejects what ran, starts again with the same backbone, and later calls just work', async () => {
    const { client, engines, kinds } = connect();
    await client.call('start', START);
    await loadBackbone(client, tinyEntry());
    const running = client.call('inspectFiles', NO_FILES);
    await client.call('memory', null);
    engines[0]?.worker.crash();
    await expect(running).rejects.toMatchObject({ code: 'worker-crashed' });
    await expect(client.call('memory', null)).resolves.toBeDefined();
    expect(engines).toHaveLength(2);
    expect(engines[0]?.worker.terminated).toBe(true);
    expect(engines[1]?.worker.received.slice(0, 4)).toEqual([
      'holdLock',
      'start',
      'prepareBackbone',
      'activateBackbone',
    ]);
    expect(kinds()).toEqual(['starting', 'ready', 'restarting', 'ready']);
  });

  it('kills a worker that gives no answer after a cancel', async () => {
    const { client, engines } = connect();
    await client.call('start', START);
    const cancel = new AbortController();
    const running = client.call('train', {} as EngineCalls['train']['input'], { signal: cancel.signal });
    await client.call('memory', null);
    const other = client.call('inspectFiles', NO_FILES);
    await client.call('memory', null);
    if (engines[0] !== undefined) engines[0].worker.hung = true;
    cancel.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect(other).rejects.toMatchObject({ code: 'worker-crashed' });
    await expect(client.call('memory', null)).resolves.toBeDefined();
    expect(engines).toHaveLength(2);
  });

  it('leaves a worker alone that answers after a cancel, however long the cancelled call takes to end', async () => {
    const { client, engines } = connect(undefined, 1);
    await client.call('start', START);
    const cancel = new AbortController();
    const running = client.call('train', {} as EngineCalls['train']['input'], { signal: cancel.signal });
    await client.call('memory', null);
    cancel.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await pause(100);
    expect(engines).toHaveLength(1);
  });

  it('leaves a worker alone that is too busy to answer after a cancel but beats', async () => {
    const { client, engines } = connect();
    await client.call('start', START);
    const cancel = new AbortController();
    const running = client.call('train', {} as EngineCalls['train']['input'], { signal: cancel.signal });
    await client.call('memory', null);
    engines[0]?.worker.beBusy();
    cancel.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    const next = client.call('memory', null);
    for (let count = 0; count < 60; count += 1) {
      await pause(5);
      engines[0]?.worker.answer({ kind: 'beat' });
    }
    engines[0]?.worker.beDone();
    await expect(next).resolves.toBeDefined();
    expect(engines).toHaveLength(1);
  });

  it('loses no call made between a cancel and the kill it led to', async () => {
    const { client, engines } = connect();
    await client.call('start', START);
    const cancel = new AbortController();
    const running = client.call('train', {} as EngineCalls['train']['input'], { signal: cancel.signal });
    await client.call('memory', null);
    engines[0]?.worker.beBusy();
    cancel.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    const given = new ArrayBuffer(8);
    const next = client.call('memory', null, { transfer: [given] });
    await expect(next).resolves.toEqual({ tensorCount: 1, byteCount: 4 });
    expect(engines).toHaveLength(2);
    expect(engines[0]?.worker.received.filter((method) => method === 'memory')).toHaveLength(1);
    expect(engines[1]?.worker.received).toContain('memory');
  });

  it('a call that waits for a cancel to be heard can be cancelled itself', async () => {
    const { client, engines } = connect(undefined, 1000);
    await client.call('start', START);
    const cancel = new AbortController();
    const running = client.call('train', {} as EngineCalls['train']['input'], { signal: cancel.signal });
    await client.call('memory', null);
    engines[0]?.worker.beBusy();
    cancel.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    const second = new AbortController();
    const next = client.call('memory', null, { signal: second.signal });
    second.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
    engines[0]?.worker.beDone();
    await expect(client.call('memory', null)).resolves.toBeDefined();
    expect(engines).toHaveLength(1);
  });

  it('waits for the result of a worker that is silent for long after a stop: it is wanted', async () => {
    let finish = () => {};
    const work = new Promise<never[]>((resolve) => {
      finish = () => resolve([]);
    });
    const { client, engines } = connect(() => fakeEngine({ inspectFiles: () => work }), 5);
    await client.call('start', START);
    const stop = new AbortController();
    const running = client.call('inspectFiles', NO_FILES, { stopSignal: stop.signal });
    await client.call('memory', null);
    if (engines[0] !== undefined) engines[0].worker.hung = true;
    stop.abort();
    await pause(100);
    if (engines[0] !== undefined) engines[0].worker.hung = false;
    finish();
    await expect(running).resolves.toEqual([]);
    expect(engines).toHaveLength(1);
  });

  it('kills a worker that hangs in the middle of its work though nobody cancels', async () => {
    const { client, engines } = connect(undefined, 1);
    await client.call('start', START);
    const running = client.call('inspectFiles', NO_FILES);
    await client.call('memory', null);
    if (engines[0] !== undefined) engines[0].worker.hung = true;
    await expect(running).rejects.toMatchObject({ code: 'worker-crashed' });
    await expect(client.call('memory', null)).resolves.toBeDefined();
    expect(engines).toHaveLength(2);
  });

  it('leaves a worker alone that is long at work and answers', async () => {
    let finish = () => {};
    const work = new Promise<never[]>((resolve) => {
      finish = () => resolve([]);
    });
    const { client, engines } = connect(() => fakeEngine({ inspectFiles: () => work }), 1);
    await client.call('start', START);
    const running = client.call('inspectFiles', NO_FILES);
    await pause(200);
    finish();
    await expect(running).resolves.toEqual([]);
    expect(engines).toHaveLength(1);
  });

  it('after a lost device starts once more on it, and after the second loss elsewhere', async () => {
    const { client, engines, states } = connect();
    await client.call('start', START);
    for (const backend of ['webgpu', 'wasm']) {
      const running = client.call('inspectFiles', NO_FILES);
      await client.call('memory', null);
      engines.at(-1)?.loseDevice();
      await expect(running).rejects.toMatchObject({ code: 'device-lost' });
      await client.call('memory', null);
      expect(states.at(-1)).toMatchObject({ kind: 'ready', device: { backend } });
    }
    expect(engines.map(({ startInputs }) => startInputs[0]?.avoid)).toEqual([[], [], ['webgpu']]);
  });

  it('restarts when a call itself reports that the engine is dead', async () => {
    const dead = () => Promise.reject(new RemoteError('worker-crashed', 'wasm trapped'));
    const { client, engines } = connect((index) => fakeEngine(index === 0 ? { predict: dead } : {}));
    await client.call('start', START);
    const predict = client.call('predict', {} as EngineCalls['predict']['input']);
    await expect(predict).rejects.toMatchObject({ code: 'worker-crashed', message: 'wasm trapped' });
    await client.call('memory', null);
    expect(engines).toHaveLength(2);
  });

  it('does not restart for failures of a call', async () => {
    const fail = () => Promise.reject(new RemoteError('disk-full', 'full'));
    const { client, engines } = connect(() => fakeEngine({ embed: fail }));
    await client.call('start', START);
    const embed = client.call('embed', { backbone: REPORT, images: [], resizeMode: 'crop' });
    await expect(embed).rejects.toMatchObject({ code: 'disk-full' });
    await client.call('memory', null);
    expect(engines).toHaveLength(1);
  });

  it('changes the backend by starting another worker with the same backbone', async () => {
    const { client, engines } = connect();
    await client.call('start', START);
    await loadBackbone(client, tinyEntry());
    expect(await client.call('start', { wanted: 'wasm' })).toMatchObject({ backend: 'wasm' });
    expect(engines).toHaveLength(2);
    expect(engines[0]?.worker.terminated).toBe(true);
    expect(engines[1]?.worker.received.slice(0, 4)).toEqual([
      'holdLock',
      'start',
      'prepareBackbone',
      'activateBackbone',
    ]);
  });

  it('gives up after three workers that crash before they are ready, until the next start', async () => {
    const { client, engines, kinds } = connect((index) => {
      const engine = fakeEngine(index < 3 ? { start: never } : {});
      if (index < 3) setTimeout(() => engine.worker.crash());
      return engine;
    });
    await expect(client.call('start', START)).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(engines).toHaveLength(3);
    await expect(client.call('memory', null)).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(kinds().at(-1)).toBe('failed');
    await client.call('start', START);
    expect(kinds().at(-1)).toBe('ready');
  });

  it('reports a start that fails for good, and does not try it again by itself', async () => {
    const fail = () => Promise.reject(new RemoteError('no-backend', 'nothing works here'));
    const { client, engines, states } = connect(() => fakeEngine({ start: fail }));
    await expect(client.call('start', START)).rejects.toMatchObject({ code: 'no-backend' });
    expect(states.at(-1)).toEqual({ kind: 'failed', message: 'nothing works here' });
    await expect(client.call('memory', null)).rejects.toMatchObject({ code: 'no-backend' });
    expect(engines).toHaveLength(1);
  });

  it('after a crash does not take other files of the same name for the backbone that was active', async () => {
    const handlers = {
      prepareBackbone: async () => ({ ...REPORT, sha256: 'other files' }),
      activateBackbone: () => Promise.reject(new RemoteError('stale-backbone', 'not the one')),
    };
    const { client, engines } = connect((index) => fakeEngine(index === 0 ? {} : handlers));
    await client.call('start', START);
    await loadBackbone(client, tinyEntry());
    engines[0]?.worker.crash();
    await expect(client.call('memory', null)).resolves.toBeDefined();
    const restoring = ['holdLock', 'start', 'prepareBackbone', 'activateBackbone', 'discardBackbone'];
    expect(engines[1]?.worker.received.slice(0, 5)).toEqual(restoring);
  });

  it('after a crash restores what was activated, not what was prepared since', async () => {
    const entries: string[] = [];
    const prepareBackbone = async ({ entry: { manifest } }: EngineCalls['prepareBackbone']['input']) => {
      entries.push(manifest.id);
      return { ...REPORT, id: manifest.id };
    };
    const { client, engines } = connect(() => fakeEngine({ prepareBackbone }));
    await client.call('start', START);
    await loadBackbone(client, tinyEntry('bundled', { id: 'first' }));
    await client.call('prepareBackbone', { entry: tinyEntry('bundled', { id: 'second' }) });
    engines[0]?.worker.crash();
    await client.call('memory', null);
    expect(entries).toEqual(['first', 'second', 'first']);
  });

  it('works without the backbone when that can no longer be loaded after a crash', async () => {
    const gone = () => Promise.reject(new RemoteError('backbone-unreachable', 'offline'));
    const { client, engines } = connect((index) => fakeEngine(index === 0 ? {} : { prepareBackbone: gone }));
    await client.call('start', START);
    await loadBackbone(client, tinyEntry());
    engines[0]?.worker.crash();
    await expect(client.call('memory', null)).resolves.toBeDefined();
  });
});
