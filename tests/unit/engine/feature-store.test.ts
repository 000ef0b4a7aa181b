import { describe, expect, it } from 'vitest';
import type { FeatureCache, FeatureRow } from '../../../src/engine/feature-cache.ts';
import { FeatureStore } from '../../../src/engine/feature-store.ts';
import type { PackedRow } from '../../../src/engine/packed-row.ts';
import { RemoteError } from '../../../src/rpc/remote-error.ts';

const LENGTH = 2;

/** A disk that holds `room` rows and refuses more, as a browser does whose quota is used up. */
function smallDisk(room: number, rows = new Map<string, PackedRow>()): FeatureCache {
  return {
    list: async () => new Set(rows.keys()),
    read: async (_key, _mode, hashes) => hashes.map((hash) => rows.get(hash)),
    write: async (_key, _mode, added) => {
      if (rows.size + added.length > room) throw new RemoteError('disk-full', 'No space.');
      for (const { hash, packed } of added) rows.set(hash, packed);
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
  return new FeatureStore(disk, 'key', 'crop', LENGTH, memoryRows * LENGTH * Uint16Array.BYTES_PER_ELEMENT);
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

describe('features in half precision', () => {
  /** 0.1 has no exact half; the nearest is 0.0999755859375. */
  const rounded = 0.0999755859375;

  it('are the same from memory, from the disk, and from a row that an earlier version wrote', async () => {
    const rows = new Map<string, PackedRow>([['old', Float32Array.of(0.1, 3)]]);
    const store = openStore(smallDisk(9, rows), 1);
    await store.put([rowOf('held', 0.1), rowOf('written', 0.1)]);
    expect(rows.get('written')).toBeInstanceOf(Uint16Array);
    const gathered = await store.gather(['held', 'written', 'old']);
    expect([...gathered]).toEqual([rounded, -rounded, rounded, -rounded, rounded, 3]);
    expect([...(await openStore(smallDisk(9, rows), 0).gather(['held', 'written', 'old']))]).toEqual([...gathered]);
  });

  it('take two bytes a number of the memory, and give them back when they are forgotten', async () => {
    const store = openStore(smallDisk(0), 2);
    await store.put([rowOf('a', 1), rowOf('b', 2)]);
    await expect(store.put([rowOf('c', 3)])).rejects.toMatchObject({ code: 'disk-full' });
    store.forget(new Set(['a']));
    expect(await store.put([rowOf('c', 3)])).toBe(false);
    expect([...(await store.gather(['b', 'c']))]).toEqual([2, -2, 3, -3]);
  });

  it.for([
    ['tiny throughout', [1e-5, -3e-6]],
    ['too large for halves', [70_000, 1.1]],
    ['infinite', [Number.POSITIVE_INFINITY, 1.1]],
    ['no number', [Number.NaN, 1.1]],
  ] as const)('stay float32 where a row is %s', async ([, values]) => {
    const store = openStore(smallDisk(9), 9);
    await store.put([{ hash: 'a', values: Float32Array.from(values) }]);
    expect(await store.gather(['a'])).toEqual(Float32Array.from(values));
  });

  it('round every number by at most 1 part in 2,048 of itself or in 32,768 of the largest', async () => {
    const values = Float32Array.from({ length: 4000 }, (_, index) => Math.sin(index) * 2 ** -(index % 30));
    for (const factor of [2 ** -9, 1, 60_000]) {
      const scaled = values.map((value) => value * factor);
      const store = new FeatureStore(smallDisk(9), 'key', 'crop', values.length);
      await store.put([{ hash: 'a', values: scaled }]);
      const gathered = await store.gather(['a']);
      const peak = Math.max(...scaled.map(Math.abs));
      scaled.forEach((value, index) => {
        const bound = Math.max(Math.abs(value) / 2048, peak / 32_768);
        expect(Math.abs((gathered[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(bound);
      });
    }
  });
});
