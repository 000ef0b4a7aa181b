import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PixelCache } from '../../../src/engine/pixel-cache.ts';

const CROP = { side: 2, mode: 'crop' } as const;
const square = (value = 0) => new Uint8Array(12).fill(value);

describe('pixels of imported pictures', () => {
  it('are handed over once', () => {
    const cache = new PixelCache(100);
    cache.put('a', CROP, square(7));
    expect(cache.take('a', CROP)).toEqual(square(7));
    expect(cache.take('a', CROP)).toBeNull();
    expect(cache.sizeBytes).toBe(0);
  });

  it('never take more than the limit, and the oldest go first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (ids) => {
        const cache = new PixelCache(5 * 12);
        for (const id of ids) {
          cache.put(String(id), CROP, square(id));
          expect(cache.sizeBytes).toBeLessThanOrEqual(5 * 12);
        }
        // Putting one again makes it the latest.
        const latest = [...new Set(ids.toReversed())].slice(0, 5);
        const kept = [...new Set(ids)].filter((id) => cache.take(String(id), CROP) !== null);
        expect(new Set(kept)).toEqual(new Set(latest));
        expect(cache.sizeBytes).toBe(0);
      }),
    );
  });

  it('are of one side and resize mode at a time', () => {
    const cache = new PixelCache(100);
    cache.put('a', CROP, square());
    expect(cache.take('a', { side: 2, mode: 'pad' })).toBeNull();
    expect(cache.take('a', { side: 3, mode: 'crop' })).toBeNull();
    cache.keepOnly(CROP);
    expect(cache.sizeBytes).toBe(12);
    cache.put('b', { side: 2, mode: 'pad' }, square());
    expect(cache.take('a', CROP)).toBeNull();
    cache.keepOnly(CROP);
    expect(cache.sizeBytes).toBe(0);
  });

  it('are dropped with their pictures', () => {
    const cache = new PixelCache(100);
    cache.put('a', CROP, square());
    cache.put('b', CROP, square());
    cache.forget(new Set(['a', 'other']));
    expect(cache.take('a', CROP)).toBeNull();
    expect(cache.sizeBytes).toBe(12);
  });
});
