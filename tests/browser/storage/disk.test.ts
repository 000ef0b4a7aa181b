import { expect, onTestFinished, test, vi } from 'vitest';
import { detachedCopy } from '../../../src/storage/detached-copy.ts';
import { openStorage, type Storage } from '../../../src/storage/storage.ts';
import { chunkOf, freshStorage, hashOf, itemOf, projectOf } from './storage-fixture.ts';

/** Chromium's storage buckets: a real database with room of its own. */
interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<{ readonly indexedDB: IDBFactory }>;
  delete(name: string): Promise<void>;
}

declare global {
  interface Navigator {
    readonly storageBuckets: StorageBuckets;
  }
}

/** Storage on a disk with room for so many bytes. */
async function smallStorage(quota: number): Promise<Storage> {
  const { indexedDB } = await navigator.storageBuckets.open('small', { quota });
  vi.stubGlobal('indexedDB', indexedDB);
  const storage = await openStorage({ databaseName: 'small' });
  vi.unstubAllGlobals();
  onTestFinished(async () => {
    storage.close();
    await navigator.storageBuckets.delete('small');
  });
  return storage;
}

function bigChunk(serials: readonly number[], bytesEach: number) {
  const items = serials.map((serial) => itemOf(serial));
  const chunk = chunkOf(items);
  for (const { hash } of items) chunk.originals.set(hash, new Blob([new Uint8Array(bytesEach)]));
  return chunk;
}

test('a full disk is told as such, nothing of the chunk is written, and what was there stays', async () => {
  const storage = await smallStorage(2 ** 20);
  await storage.images.addChunk(projectOf([itemOf(0)]), bigChunk([0], 10));
  const items = [itemOf(0), itemOf(1), itemOf(2), itemOf(3)];
  const adding = storage.images.addChunk(projectOf(items), bigChunk([1, 2, 3], 2 ** 20));
  await expect(adding).rejects.toMatchObject({ code: 'disk-full' });
  const { project } = await storage.projects.load('p1');
  expect([...project.dataset.images.keys()]).toEqual([itemOf(0).id]);
  const originals = await storage.originals.getMany(items.map(({ hash }) => hash));
  expect([...originals.keys()]).toEqual([hashOf(0)]);
  expect(originals.get(hashOf(0))?.size).toBe(10);
});

test('use, quota and persistence are reported', async () => {
  const { storage } = await freshStorage();
  const { usedBytes, quotaBytes, persistent } = await storage.quota();
  expect(quotaBytes).toBeGreaterThan(usedBytes);
  expect(typeof persistent).toBe('boolean');
});

test('what is stored of a file are bytes of its own', async () => {
  const file = new File(['pixels'], 'a.jpg', { type: 'image/jpeg' });
  const copy = await detachedCopy(file);
  expect(copy).not.toBeInstanceOf(File);
  expect(copy?.type).toBe('image/jpeg');
  expect(await copy?.text()).toBe('pixels');
});

test('a file that vanished from the disk is reported, and the rest of its chunk is written', async () => {
  const { storage } = await freshStorage();
  const chunk = chunkOf([itemOf(0), itemOf(1)]);
  const vanished = new File(['x'], 'gone.jpg');
  vanished.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
  chunk.originals.set(hashOf(1), vanished);
  const { unreadable } = await storage.images.addChunk(projectOf([itemOf(0), itemOf(1)]), chunk);
  expect(unreadable).toEqual([hashOf(1)]);
  expect([...(await storage.projects.load('p1')).project.dataset.images.keys()]).toEqual([itemOf(0).id]);
});
