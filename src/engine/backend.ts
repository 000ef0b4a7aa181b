import { RemoteError } from '../rpc/remote-error.ts';
import { type AdapterFacts, readWebglAdapter, readWebgpuAdapter } from './adapters.ts';
import { letKernelsBeat } from './beating-kernels.ts';
import type { BackendName, DeviceReport, ProbeResult } from './contract.ts';
import { measureProbe } from './probe.ts';
import * as tf from './tf.ts';
import { withTimeLimit } from './time-limit.ts';
import { installWasmPaths } from './wasm-paths.ts';
import { withWantedThreads } from './wasm-threads.ts';

/** The backend in use. */
export interface StartedBackend {
  readonly report: DeviceReport;
  /** Resolves once the GPU behind it has gone; tensors on it are dead then. Never for wasm and cpu. */
  readonly lost: Promise<RemoteError>;
}

const ORDER: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];
/** A backend blocked by a content policy hangs instead of failing. */
const START_LIMIT_MS = 10_000;
/** A software adapter asked for by name may compile its probe for a minute. */
const PROBE_LIMIT_MS = 120_000;
/** A software adapter is alone in having to answer at all: it gets one image, as cpu does. */
const PROBE_BATCH_SIZES: Readonly<Record<BackendName, number>> = { webgpu: 8, webgl: 8, wasm: 8, cpu: 1 };
/** Textures beyond this are given back to the driver instead of kept for the next batch. */
const WEBGL_KEPT_BYTES = 512 * 1024 * 1024;

const NO_ADAPTER: AdapterFacts = { name: '', software: false };

interface Trial {
  readonly probe: ProbeResult;
  readonly adapter: AdapterFacts;
}

/** @returns null when the backend has no adapter here. */
async function readAdapter(backend: BackendName): Promise<AdapterFacts | null> {
  if (backend === 'webgpu') return readWebgpuAdapter();
  if (backend === 'webgl') return readWebglAdapter();
  return NO_ADAPTER;
}

/** tfjs falls back to another backend without a word: whether the wanted one is in use is always asked. */
async function activate(backend: BackendName): Promise<void> {
  const started = await withTimeLimit(tf.setBackend(backend), START_LIMIT_MS, 'It did not start in time.');
  await tf.ready();
  if (!started || tf.getBackend() !== backend) throw new Error('It does not start here.');
}

/**
 * Fails when something outside any call goes wrong before `work` ends: a thread of wasm that cannot start throws there.
 * Left alone such an error would end the whole worker.
 */
async function withoutStrayErrors(work: () => Promise<void>): Promise<void> {
  let stray = (_error: Error) => {};
  const failed = new Promise<never>((_resolve, reject) => {
    stray = reject;
  });
  const catchError = (event: Event) => {
    event.preventDefault();
    stray(new Error('Its threads do not start here.'));
  };
  const release = () => removeEventListener('error', catchError);
  addEventListener('error', catchError);
  try {
    await Promise.race([work(), failed]);
    release();
  } catch (error) {
    // The other threads of the pool fail one after the other.
    setTimeout(release, START_LIMIT_MS);
    throw error;
  }
}

/** Threads first where the page is isolated; a policy that forbids their workers must not cost the whole backend. */
async function activateWasm(): Promise<void> {
  try {
    await withoutStrayErrors(() => withWantedThreads(() => activate('wasm')));
  } catch (error) {
    if (!(await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'))) throw error;
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    await activate('wasm');
  }
}

async function tryBackend(backend: BackendName, allowSoftware: boolean, now: () => number): Promise<Trial> {
  const leftOut = (adapter: AdapterFacts, reason: string): Trial => ({
    adapter,
    probe: { backend, probeMs: null, reason },
  });
  const adapter = await readAdapter(backend).catch(() => null);
  if (adapter === null) return leftOut(NO_ADAPTER, 'This browser offers no graphics device for it.');
  if (adapter.software && !allowSoftware) {
    return leftOut(adapter, 'Only a software adapter was found, which is slower than the processor alone.');
  }
  try {
    await (backend === 'wasm' ? activateWasm() : activate(backend));
    const measured = measureProbe(adapter.software ? 1 : PROBE_BATCH_SIZES[backend], now);
    const probeMs = await withTimeLimit(measured, PROBE_LIMIT_MS, 'It did not answer in time.');
    return { adapter, probe: { backend, probeMs, reason: null } };
  } catch (error) {
    return leftOut(adapter, error instanceof Error ? error.message : String(error));
  }
}

const notTried = (backend: BackendName, reason: string): Trial => ({
  adapter: NO_ADAPTER,
  probe: { backend, probeMs: null, reason },
});

/** Tries every backend but those to avoid; cpu only where wasm fails, software adapters only when nothing else is left. */
async function tryAll(avoid: readonly BackendName[], now: () => number): Promise<Trial[]> {
  const trials: Trial[] = [];
  const works = (backend: BackendName) =>
    trials.some(({ probe }) => probe.backend === backend && probe.probeMs !== null);
  for (const backend of ORDER) {
    if (avoid.includes(backend)) trials.push(notTried(backend, 'Left out because it failed a moment ago.'));
    else if (backend === 'cpu' && works('wasm')) trials.push(notTried(backend, 'Not tried: wasm works and is faster.'));
    else trials.push(await tryBackend(backend, false, now));
  }
  if (ORDER.some(works)) return trials;
  return Promise.all(
    trials.map(({ adapter, probe }) => (adapter.software ? tryBackend(probe.backend, true, now) : { adapter, probe })),
  );
}

function fastest(trials: readonly Trial[]): Trial | null {
  const working = trials.filter(({ probe }) => probe.probeMs !== null);
  working.sort((a, b) => (a.probe.probeMs ?? 0) - (b.probe.probeMs ?? 0));
  return working[0] ?? null;
}

/** Frees the contexts and threads of the backends that lost. */
function releaseOthers(kept: BackendName, trials: readonly Trial[]): void {
  for (const { probe } of trials) {
    // Asking tfjs for a backend would start it; what has a time was started.
    if (probe.backend !== kept && probe.probeMs !== null) tf.removeBackend(probe.backend);
  }
}

/** Resolves when the device of the backend in use is lost. tfjs itself does not listen. */
function watchDevice(): Promise<RemoteError> {
  const lost = (detail: string) => new RemoteError('device-lost', `The graphics device went away. ${detail}`.trim());
  return new Promise((resolve) => {
    const backend = tf.backend();
    if (backend instanceof tf.WebGPUBackend) {
      void backend.device.lost.then((info) => resolve(lost(info.message)));
    } else if (backend instanceof tf.MathBackendWebGL) {
      const { gl } = backend.gpgpu;
      // The compiler's WebGL types for workers leave the canvas out.
      if ('canvas' in gl && gl.canvas instanceof EventTarget) {
        gl.canvas.addEventListener('webglcontextlost', () => resolve(lost('')));
      }
    }
  });
}

/**
 * Starts tfjs on the wanted backend, or, when that does not work or none is wanted, on the fastest that does.
 * To be called once in the life of a worker.
 *
 * @param avoid backends that are not tried unless wanted.
 * @throws RemoteError 'no-backend' with every reason when none works.
 */
export async function startBackend(
  wanted: BackendName | null,
  avoid: readonly BackendName[],
  now: () => number,
): Promise<StartedBackend> {
  installWasmPaths();
  for (const backend of ORDER) letKernelsBeat(backend);
  tf.env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', WEBGL_KEPT_BYTES);
  const asked = wanted === null ? null : await tryBackend(wanted, true, now);
  const chosenByUser = asked !== null && asked.probe.probeMs !== null;
  const trials = chosenByUser
    ? ORDER.map((backend) => (backend === wanted ? asked : notTried(backend, `Not tried: you chose ${wanted}.`)))
    : await tryAll(wanted === null ? avoid : [...avoid, wanted], now);
  const probes = trials.map(({ probe }) => (!chosenByUser && probe.backend === wanted && asked ? asked.probe : probe));
  const best = fastest(trials);
  if (best === null) {
    throw new RemoteError('no-backend', probes.map(({ backend, reason }) => `${backend}: ${reason}`).join(' '));
  }
  const { backend } = best.probe;
  if (tf.getBackend() !== backend) await activate(backend);
  releaseOthers(backend, trials);
  const report: DeviceReport = {
    backend,
    adapter: best.adapter.name,
    softwareAdapter: best.adapter.software,
    threadCount: backend === 'wasm' ? tf.getThreadsCount() : 1,
    probes,
    chosenByUser,
  };
  return { report, lost: watchDevice() };
}
