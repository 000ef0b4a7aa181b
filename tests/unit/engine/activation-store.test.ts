import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import { ActivationMemory } from '../../../src/engine/fine-tune/activation-memory.ts';
import { ActivationStore, activationBytes, type SpillFile } from '../../../src/engine/fine-tune/activation-store.ts';
import { float32ToFloat16 } from '../../../src/engine/fine-tune/half.ts';
import { rowName } from '../../../src/engine/fine-tune/row-names.ts';
import { float16ToFloat32 } from '../../../src/graph/weights/float16.ts';
import { RemoteError } from '../../../src/rpc/remote-error.ts';

describe('half-precision numbers', () => {
  test('that are exact come back bit by bit, every one there is', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, half) => half).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(float32ToFloat16(float16ToFloat32(all))).toEqual(all);
  });

  test('are the nearest there are', () => {
    fc.assert(
      fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
        const [near = 0] = float16ToFloat32(float32ToFloat16(Float32Array.of(value)));
        expect(Math.abs(near - value)).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(value) * 2 ** -11));
      }),
    );
  });

  test('stay finite when they are too large, and NaN stays NaN', () => {
    const given = float16ToFloat32(float32ToFloat16(Float32Array.of(1e9, -1e9, Number.POSITIVE_INFINITY, Number.NaN)));
    expect([...given]).toEqual([65504, -65504, 65504, Number.NaN]);
  });
});

const PLAN = { strengths: strengthsOf('photos'), seed: 1, viewCount: 2 };

/** A scratch file in memory. */
function memoryFile(): SpillFile & { readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(4096);
  return {
    bytes,
    write: (part, at) => bytes.set(part, at),
    read: (part, at) => part.set(bytes.subarray(at, at + part.length)),
    close: () => bytes.fill(0),
  };
}

const row = (name: string, first: number) => ({ name, values: Float32Array.of(first, first + 0.5, -first) });

describe('the store of activations', () => {
  test('keeps in memory what fits there, the rest in a scratch file, and gives both in the order asked for', async () => {
    const file = memoryFile();
    let openedCount = 0;
    const open = async () => {
      openedCount += 1;
      return file;
    };
    const store = new ActivationStore('key', 3, open, new ActivationMemory(2 * activationBytes(3)));
    await store.put([row('a', 1), row('b', 2)]);
    expect(openedCount).toBe(0);
    await store.put([row('c', 3), row('d', 4), row('a', 9)]);
    expect(openedCount).toBe(1);
    expect(store.missing(['d', 'x', 'a', 'x'])).toEqual(['x']);
    expect([...store.gather(['d', 'a', 'c'])]).toEqual([4, 4.5, -4, 1, 1.5, -1, 3, 3.5, -3]);
    store.forget(new Set(['c', 'a']));
    expect(store.missing(['a', 'b', 'c', 'd'])).toEqual(['a', 'c']);
    expect(() => store.gather(['c'])).toThrow(expect.objectContaining({ code: 'features-missing' }));
    store.close();
    expect(store.missing(['b', 'd'])).toEqual(['b', 'd']);
    expect(file.bytes.every((byte) => byte === 0)).toBe(true);
  });

  test('forgets an image with all its views, and writes new rows where forgotten ones were', async () => {
    const file = memoryFile();
    const store = new ActivationStore('key', 3, async () => file, new ActivationMemory(activationBytes(3)));
    const view = { index: 0, plan: PLAN };
    await store.put([row('a', 1), row('b', 2), row(rowName('b', view), 3), row('c', 4)]);
    store.forget(new Set(['b']));
    expect(store.missing(['a', 'b', rowName('b', view), 'c'])).toEqual(['b', rowName('b', view)]);
    await store.put([row('d', 5), row('e', 6)]);
    expect([...store.gather(['c', 'e', 'd'])]).toEqual([4, 4.5, -4, 6, 6.5, -6, 5, 5.5, -5]);
    expect(file.bytes.findLastIndex((byte) => byte !== 0)).toBeLessThan(3 * activationBytes(3));
  });

  test('asks for a scratch file again after there was none to be had', async () => {
    let isFull = true;
    const open = async () => {
      if (isFull) throw new RemoteError('disk-full', 'no room');
      return memoryFile();
    };
    const store = new ActivationStore('key', 3, open, new ActivationMemory(activationBytes(3)));
    const rows = [row('a', 1), row('b', 2)];
    await expect(store.put(rows)).rejects.toMatchObject({ code: 'disk-full' });
    isFull = false;
    await store.put(rows);
    expect([...store.gather(['b', 'a'])]).toEqual([2, 2.5, -2, 1, 1.5, -1]);
  });

  test('drops views of other strengths, whatever their number, and keeps the images', async () => {
    const store = new ActivationStore('key', 3, async () => memoryFile(), new ActivationMemory(2 * activationBytes(3)));
    const other = { ...PLAN, seed: 2 };
    const names = [null, { index: 0, plan: PLAN }, { index: 1, plan: other }, { index: 12, plan: PLAN }].map((view) =>
      rowName('a', view),
    );
    await store.put(names.map((name, index) => row(name, index)));
    store.keepViewsOf({ ...PLAN });
    expect(store.missing(names)).toEqual([names[2]]);
  });
});
