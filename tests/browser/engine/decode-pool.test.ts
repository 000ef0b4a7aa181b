import { afterEach, describe, expect, it } from 'vitest';
import { createDecodeWorker } from '../../../src/engine/create-decode-worker.ts';
import { decodePixels } from '../../../src/engine/decode.ts';
import { DecodePool, decodeWorkerCount } from '../../../src/engine/decode-pool.ts';
import { noiseImage } from '../../helpers/browser/engine.ts';

const WISH = { side: 20, mode: 'crop' } as const;
const never = () => new AbortController().signal;
/** A file of this size ends the worker that gets it. */
const POISON = new Blob(['poison']);

/** A real decoding worker that throws outside of any call once it is handed the poison. */
function createFragileWorker(): Worker {
  const address = new URL('../../../src/engine/decode-worker.ts', import.meta.url).href;
  const script = `import ${JSON.stringify(address)};
    addEventListener('message', ({ data }) => {
      if (data.input?.file?.size === ${POISON.size}) setTimeout(() => { throw new Error('out of memory'); });
    });`;
  return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), { type: 'module' });
}

let pool: DecodePool | null = null;
const openPool = (createWorker: () => Worker, workerCount: number) => {
  pool = new DecodePool({ createWorker, workerCount });
  return pool;
};

afterEach(() => pool?.close());

const pictures = () => Promise.all(Array.from({ length: 12 }, (_, seed) => noiseImage(seed, 60, 44)));
const decodeHere = (files: readonly Blob[]) =>
  Promise.all(files.map((file) => decodePixels(file, WISH.side, WISH.mode)));

describe('the decoding pool', () => {
  it.each([1, 3])('of %i workers gives the pixels of this thread, each picture its own', async (workerCount) => {
    const files = await pictures();
    const opened = openPool(createDecodeWorker, workerCount);
    const decoded = await Promise.all(files.map((file) => opened.decode(file, WISH, never())));
    expect(decoded).toEqual(await decodeHere(files));
  });

  it('starts no more workers than there is work for, nor than it may', async () => {
    const files = await pictures();
    let startedCount = 0;
    const opened = openPool(() => {
      startedCount += 1;
      return createDecodeWorker();
    }, 3);
    for (const file of files.slice(0, 3)) await opened.decode(file, WISH, never());
    expect(startedCount).toBe(1);
    await Promise.all(files.map((file) => opened.decode(file, WISH, never())));
    expect(startedCount).toBe(3);
  });

  it('rejects a broken picture with its reason and decodes the others', async () => {
    const [good = new Blob()] = await pictures();
    const opened = openPool(createDecodeWorker, 2);
    const [broken, whole] = await Promise.allSettled([
      opened.decode(good.slice(0, 60), WISH, never()),
      opened.decode(good, WISH, never()),
    ]);
    expect(broken).toMatchObject({ status: 'rejected', reason: { name: 'RejectedImage', reason: 'broken' } });
    expect(whole.status).toBe('fulfilled');
  });

  it('survives a picture that ends its worker: that one is broken, its neighbours are decoded', async () => {
    const files = await pictures();
    const opened = openPool(createFragileWorker, 1);
    const mixed = [...files.slice(0, 5), POISON, ...files.slice(5)];
    const settled = await Promise.allSettled(mixed.map((file) => opened.decode(file, WISH, never())));
    expect(settled[5]).toMatchObject({ status: 'rejected', reason: { name: 'RejectedImage', reason: 'broken' } });
    const values = settled.filter((_, index) => index !== 5).map((end) => end.status === 'fulfilled' && end.value);
    expect(values).toEqual(await decodeHere(files));
    const looked = await opened.inspect(POISON, null, never());
    expect(looked.result).toMatchObject({ kind: 'rejected', reason: 'broken' });
  });

  it.each([
    [
      'cannot be made',
      () => {
        throw new Error('forbidden');
      },
    ],
    ['do not start', () => new Worker(URL.createObjectURL(new Blob(['import "./nowhere.js";'])), { type: 'module' })],
  ])('decodes in this thread where workers %s', async (_name, createWorker) => {
    const files = await pictures();
    const opened = openPool(createWorker, 2);
    const decoded = await Promise.all(files.map((file) => opened.decode(file, WISH, never())));
    expect(decoded).toEqual(await decodeHere(files));
  });

  it('ends at once when it is cancelled, and goes on with what comes after', async () => {
    const files = await pictures();
    const opened = openPool(createDecodeWorker, 1);
    const cancel = new AbortController();
    const cancelled = files.map((file) => opened.decode(file, WISH, cancel.signal));
    const other = opened.decode(files[0] ?? new Blob(), WISH, never());
    cancel.abort();
    for (const end of await Promise.allSettled(cancelled)) {
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    }
    expect(await other).toHaveLength(WISH.side ** 2 * 3);
  });

  it('takes all cores but one, at least one and at most six', () => {
    expect([1, 2, 4, 64].map(decodeWorkerCount)).toEqual([1, 1, 3, 6]);
  });
});
