import { describe, expect, it } from 'vitest';
import type { FeatureCache, FeatureRow } from '../../../src/engine/feature-cache.ts';
import { FeatureStore } from '../../../src/engine/feature-store.ts';
import { RemoteError } from '../../../src/rpc/remote-error.ts';

const LENGTH = 2;

/** A disk that holds `room` rows and refuses more, as a browser does whose quota is used up. */
function smallDisk(room: number): FeatureCache {
  const rows = new Map<string, Float32Array>();
  return {
    list: async () => new Set(rows.keys()),
    read: async (_key, _mode, hashes) => hashes.map((hash) => rows.get(hash)),
    write: async (_key, _mode, added) => {
      if (rows.size + added.length > room) throw new RemoteError('disk-full', 'No space.');
      for (const { hash, values } of added) rows.set(hash, values);
    },
    forget: async (hashes) => {
      for (const hash of hashes) rows.delete(hash);
    },
    forgetKeys: async () => undefined,
    close: () => undefined,
  };
}

const rowOf = (hash: string, value: number): FeatureRow => ({ hash, values: Float32Array.of(value, -value) });

/** @param memoryRows rows kept beside the disk. */
function openStore(disk: FeatureCache, memoryRows: number): FeatureStore {
  return new FeatureStore(disk, 'key', 'crop', LENGTH, memoryRows * LENGTH * Float32Array.BYTES_PER_ELEMENT);
}

describe('features on a full disk', () => {
  it('are kept in memory and serve like any others', async () => {
    const store = openStore(smallDisk(1), 10);
    expect(await store.put([rowOf('a', 1)])).toBe(true);
    expect(await store.put([rowOf('b', 2), rowOf('c', 3)])).toBe(false);
    expect(await store.missing(['a', 'b', 'c', 'd'])).toEqual(['d']);
    expect([...(await store.gather(['c', 'a', 'b']))]).toEqual([3, -3, 1, -1, 2, -2]);
  });

  it('are refused where memory has no room either, and those kept before stay', async () => {
    const store = openStore(smallDisk(1), 2);
    await store.put([rowOf('a', 1)]);
    expect(await store.put([rowOf('b', 2)])).toBe(false);
    await expect(store.put([rowOf('c', 3)])).rejects.toMatchObject({ code: 'disk-full' });
    expect([...(await store.gather(['a', 'b']))]).toEqual([1, -1, 2, -2]);
  });

  it('any other failure of the disk is passed on', async () => {
    const store = openStore({ ...smallDisk(9), write: () => Promise.reject(new Error('gone')) }, 10);
    await expect(store.put([rowOf('a', 1)])).rejects.toThrow('gone');
  });
});
