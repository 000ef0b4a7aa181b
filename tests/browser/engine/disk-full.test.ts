import { expect, onTestFinished, test, vi } from 'vitest';
import { type FeatureCache, openFeatureCache } from '../../../src/engine/feature-cache.ts';
import { FeatureStore } from '../../../src/engine/feature-store.ts';

const LENGTH = 1280;
const BATCH_ROWS = 16;

/** Chromium's storage buckets: a real database with room of its own. */
interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<{ readonly indexedDB: IDBFactory }>;
  delete(name: string): Promise<void>;
}

/** Resolves when the last transaction has ended and the database is gone: a bucket taken away earlier would break it off. */
function emptied(indexedDB: IDBFactory): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('graft-features');
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** Opens the feature cache on a disk with room for 1 MB; what is there stays until the test ends. */
async function smallDisk(): Promise<() => Promise<FeatureCache>> {
  const { storageBuckets } = navigator as Navigator & { readonly storageBuckets: StorageBuckets };
  const { indexedDB } = await storageBuckets.open('small-features', { quota: 2 ** 20 });
  const opened: FeatureCache[] = [];
  onTestFinished(async () => {
    for (const cache of opened) cache.close();
    await emptied(indexedDB);
    await storageBuckets.delete('small-features');
  });
  return async () => {
    vi.stubGlobal('indexedDB', indexedDB);
    const cache = await openFeatureCache();
    vi.unstubAllGlobals();
    opened.push(cache);
    return cache;
  };
}

const hashesOf = (batch: number) => Array.from({ length: BATCH_ROWS }, (_, row) => `${batch}-${row}`);

/** Noise that differs from row to row, so that the disk cannot pack it; all of it multiples of 1/1024, which halves keep. */
function rowOf(hash: string) {
  const [batch = 0, row = 0] = hash.split('-').map(Number);
  const values = Float32Array.from({ length: LENGTH }, (_, at) => {
    return Math.round(Math.sin((batch * BATCH_ROWS + row) * LENGTH + at) * 1024) / 1024;
  });
  return { hash, values };
}

test('features beyond a full disk serve from memory; what was written stays, and after a reload only the rest is missing', async () => {
  const open = await smallDisk();
  const firstCache = await open();
  const store = new FeatureStore(firstCache, 'network', 'crop', LENGTH);
  const outcomes: boolean[] = [];
  // 40 kB a batch: 1.5 MB for 1 MB of room.
  for (let batch = 0; batch < 36; batch += 1) outcomes.push(await store.put(hashesOf(batch).map(rowOf)));
  expect(outcomes[0]).toBe(true);
  expect(outcomes).toContain(false);

  const all = outcomes.flatMap((_, batch) => hashesOf(batch));
  expect(await store.missing(all)).toEqual([]);
  const gathered = await store.gather(all);
  all.forEach((hash, row) => {
    expect(gathered.subarray(row * LENGTH, (row + 1) * LENGTH)).toEqual(rowOf(hash).values);
  });

  firstCache.close();
  const reopened = new FeatureStore(await open(), 'network', 'crop', LENGTH);
  const unwritten = all.filter((_, index) => outcomes[Math.floor(index / BATCH_ROWS)] === false);
  expect(await reopened.missing(all)).toEqual(unwritten);
  await expect(reopened.gather(all)).rejects.toMatchObject({ code: 'features-missing' });
  const written = all.filter((hash) => !unwritten.includes(hash));
  expect((await reopened.gather(written)).subarray(-LENGTH)).toEqual(rowOf(written.at(-1) ?? '').values);
});
