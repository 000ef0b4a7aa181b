import { describe, expect, it } from 'vitest';
import type { BackendName } from '../../../src/engine/contract.ts';
import type { Embedder } from '../../../src/engine/embedder.ts';
import { type WarmedUp, warmUp } from '../../../src/engine/warm-up.ts';

/** A device that takes `batchMs(size)` for a batch, on a clock that only its work moves. */
function device(batchMs: (batchSize: number) => number) {
  let nowMs = 0;
  let batchSize = 1;
  const tried: number[] = [];
  const embedder: Embedder = {
    inputSide: 2,
    featureLength: 1,
    get batchSize() {
      return batchSize;
    },
    setBatchSize(wanted) {
      batchSize = wanted;
    },
    async embed(images) {
      nowMs += batchMs(images.length);
      if (images.length > 1 && tried.at(-1) !== images.length) tried.push(images.length);
      return new Float32Array(images.length);
    },
    dispose: () => undefined,
  };
  const { signal } = new AbortController();
  const run = (backend: BackendName, known: WarmedUp | null = null) =>
    warmUp(embedder, { backend, known, now: () => nowMs, signal });
  return { embedder, run, tried, now: () => nowMs };
}

describe('the batch size', () => {
  it('is the largest where calls are costly and images are cheap', async () => {
    const { run, embedder } = device((size) => 40 + size);
    expect(await run('webgpu')).toEqual({ batchSize: 32, millisecondsPerImage: 72 / 32 });
    expect(embedder.batchSize).toBe(32);
  });

  it('stays the smallest where a larger one brings under a twentieth', async () => {
    const { run, embedder } = device((size) => 0.1 + 20 * size);
    expect((await run('wasm')).batchSize).toBe(8);
    expect(embedder.batchSize).toBe(8);
  });

  it('falls back to a smaller one where the larger is slower', async () => {
    expect((await device((size) => (size > 8 ? 50 * size : 20 + size)).run('webgl')).batchSize).toBe(8);
  });

  it('is not looked for where it would take long: a slow device tries one size', async () => {
    const slow = device((size) => 3000 * size);
    await slow.run('webgpu');
    expect(slow.tried).toEqual([8]);
  });

  it('costs one batch for the buffers and one for the speed where there is no time to compare sizes', async () => {
    const slow = device((size) => 50 * size);
    expect(await slow.run('wasm')).toEqual({ batchSize: 8, millisecondsPerImage: 50 });
    expect(slow.now()).toBe(50 * (1 + 8 + 8));
  });

  it('known from before is not measured again; a graphics device only compiles what that size needs', async () => {
    const found: WarmedUp = { batchSize: 16, millisecondsPerImage: 2 };
    const graphics = device((size) => 40 + size);
    expect(await graphics.run('webgpu', found)).toEqual(found);
    expect(graphics.tried).toEqual([16]);
    const processor = device((size) => 40 + size);
    expect(await processor.run('wasm', found)).toEqual(found);
    expect(processor.embedder.batchSize).toBe(16);
    expect(processor.tried).toEqual([]);
  });

  it('is one on cpu, so that a cancel is heard', async () => {
    expect((await device((size) => size).run('cpu')).batchSize).toBe(1);
  });
});
