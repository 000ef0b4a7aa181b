import { afterEach, describe, expect, it } from 'vitest';
import { isSoftwareName } from '../../../src/engine/adapters.ts';
import type { BackendName } from '../../../src/engine/contract.ts';
import { Session } from '../../../src/engine/session.ts';
import * as tf from '../../../src/engine/tf.ts';
import { differenceRatio } from '../../../src/engine/verify.ts';
import { wantedThreadCount } from '../../../src/engine/wasm-threads.ts';
import type { EngineClient } from '../../../src/engine-client/engine-client.ts';
import { createTestEngine, endEngine, noiseImage, startTestEngine } from '../../helpers/browser/engine.ts';

const open: Pick<EngineClient, 'close'>[] = [];

afterEach(() => {
  for (const client of open.splice(0)) endEngine(client);
});

async function start(wanted: BackendName | null, avoid: readonly BackendName[] = []) {
  const { client } = createTestEngine();
  open.push(client);
  return client.call('start', { wanted, avoid });
}

/** A head that passes the features on as probabilities would be: a softmax over the first three. */
const HEAD = {
  layers: [
    {
      kernel: Float32Array.from({ length: 24 }, (_, index) => (index % 4 === 0 ? 1 : 0)),
      bias: Float32Array.of(0, 0.1, 0.2),
      inputLength: 8,
      outputLength: 3,
      activation: 'softmax',
    },
  ],
} as const;

async function classifyOn(backend: BackendName, image: Blob): Promise<Float32Array> {
  const client = await startTestEngine(backend);
  open.push(client);
  await client.call('useHead', { key: 'run', head: HEAD });
  const { probabilities } = await client.call('classify', { key: 'run', image, resizeMode: 'crop' });
  return probabilities;
}

describe('the backend', () => {
  it('is the one asked for when that works', async () => {
    for (const wanted of ['cpu', 'wasm'] as const) {
      const report = await start(wanted);
      expect(report).toMatchObject({ backend: wanted, chosenByUser: true, softwareAdapter: false });
      expect(report.probes.find(({ backend }) => backend === wanted)?.probeMs).toBeGreaterThan(0);
    }
  });

  it('is chosen by measuring when none is asked for, and a software adapter does not win', async () => {
    const report = await start(null);
    expect(report.chosenByUser).toBe(false);
    expect(report.softwareAdapter).toBe(false);
    expect(report.probes.map(({ backend }) => backend)).toEqual(['webgpu', 'webgl', 'wasm', 'cpu']);
    const chosen = report.probes.find(({ backend }) => backend === report.backend);
    for (const { probeMs, reason } of report.probes) {
      if (probeMs === null) expect(reason).toMatch(/\w/);
      else expect(probeMs).toBeGreaterThanOrEqual(chosen?.probeMs ?? Number.POSITIVE_INFINITY);
    }
  });

  it('is another one when those that failed are to be avoided', async () => {
    const report = await start(null, ['webgpu', 'webgl', 'wasm']);
    expect(report.backend).toBe('cpu');
  });

  it('computes the same on cpu, wasm and webgpu', async (context) => {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) {
      console.warn('Skipped: this browser has no WebGPU adapter, not even a software one.');
      context.skip();
    }
    const image = await noiseImage(5);
    const wanted = await classifyOn('cpu', image);
    expect(wanted.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    for (const backend of ['wasm', 'webgpu'] as const) {
      expect(differenceRatio(await classifyOn(backend, image), wanted), backend).toBeLessThan(1e-4);
    }
  });
});

describe('a lost device', () => {
  it('fails the call that runs and every later one', async (context) => {
    if ((await navigator.gpu?.requestAdapter()) === null) {
      console.warn('Skipped: this browser has no WebGPU adapter, not even a software one.');
      context.skip();
    }
    const session = new Session(() => performance.now());
    await session.start('webgpu', []);
    const running = session.guard(() => new Promise(() => {}));
    const backend = tf.backend();
    if (!(backend instanceof tf.WebGPUBackend)) throw new Error('WebGPU did not start');
    backend.device.destroy();
    await expect(running).rejects.toMatchObject({ code: 'device-lost' });
    await expect(session.guard(async () => 'late')).rejects.toMatchObject({ code: 'device-lost' });
    await expect(session.whenLost()).resolves.toContain('went away');
  });
});

describe('a lost WebGL context', () => {
  it('fails the call that runs and every later one, as a lost WebGPU device does', async (context) => {
    const session = new Session(() => performance.now());
    const report = await session.start('webgl', []);
    if (report.backend !== 'webgl') {
      console.warn('Skipped: this browser has no WebGL, not even in software.');
      context.skip();
    }
    const running = session.guard(() => new Promise(() => {}));
    const backend = tf.backend();
    if (!(backend instanceof tf.MathBackendWebGL)) throw new Error('WebGL did not start');
    const extension = backend.gpgpu.gl.getExtension('WEBGL_lose_context');
    expect(extension).not.toBeNull();
    extension?.loseContext();
    await expect(running).rejects.toMatchObject({ code: 'device-lost' });
    await expect(session.guard(async () => 'late')).rejects.toMatchObject({ code: 'device-lost' });
  });
});

describe('the number of wasm threads', () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 3],
    [6, 4],
    [8, 4],
    [12, 6],
    [64, 8],
  ])('on %i logical cores is %i', (coreCount, threadCount) => {
    expect(wantedThreadCount(coreCount)).toBe(threadCount);
  });
});

describe('a software adapter', () => {
  it.each([
    ['Google SwiftShader', true],
    ['ANGLE (Mesa, llvmpipe (LLVM 15.0.7, 256 bits), OpenGL 4.5)', true],
    ['Microsoft Basic Render Driver', true],
    ['ANGLE (NVIDIA, NVIDIA GeForce RTX 4090)', false],
    ['apple common-3d', false],
    ['intel gen-12lp', false],
  ])('named %s is recognised: %s', (name, software) => {
    expect(isSoftwareName(name)).toBe(software);
  });
});
