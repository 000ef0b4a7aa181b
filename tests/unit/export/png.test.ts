import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../../src/export/png.ts';

/** Chunks of a PNG by type, with their checksums checked by zlib. */
function chunksOf(bytes: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += length + 12;
  }
  return chunks;
}

describe('encodePng', () => {
  test('holds exactly the pixels it was given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }).chain((side) =>
          fc.record({
            side: fc.constant(side),
            pixels: fc.uint8Array({ minLength: side * side * 3, maxLength: side * side * 3 }),
          }),
        ),
        async ({ side, pixels }) => {
          const bytes = Buffer.from(await (await encodePng(pixels, side)).arrayBuffer());
          const chunks = chunksOf(bytes);
          expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
          expect(chunks.get('IHDR')?.readUInt32BE(0)).toBe(side);
          const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
          const unfiltered = Array.from({ length: side }, (_, y) => {
            const start = y * (side * 3 + 1);
            expect(rows[start]).toBe(0);
            return rows.subarray(start + 1, start + 1 + side * 3);
          });
          expect(new Uint8Array(Buffer.concat(unfiltered))).toEqual(pixels);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('refuses pixels that do not fit the side', async () => {
    await expect(encodePng(new Uint8Array(11), 2)).rejects.toThrow('not a 2 x 2 RGB image');
  });
});
