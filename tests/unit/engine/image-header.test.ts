import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../../src/engine/image-header.ts';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../../fixtures/engine', name)));
const text = (value: string) => new TextEncoder().encode(value);

const PICTURES: readonly (readonly [name: string, mediaType: string, widthPx: number, heightPx: number])[] = [
  ['halves.jpg', 'image/jpeg', 32, 16],
  ['halves-cmyk.jpg', 'image/jpeg', 32, 16],
  ['halves-turned.jpg', 'image/jpeg', 16, 32],
  ['halves.png', 'image/png', 32, 16],
  ['halves.gif', 'image/gif', 32, 16],
  ['halves.bmp', 'image/bmp', 32, 16],
  ['halves-lossy.webp', 'image/webp', 32, 16],
  ['halves-lossless.webp', 'image/webp', 32, 16],
  ['halves.avif', 'image/avif', 32, 16],
];

describe('reading an image header', () => {
  it.each(PICTURES)('tells type and size of %s', (name, mediaType, widthPx, heightPx) => {
    expect(readImageHeader(fixture(name))).toEqual({ kind: 'image', mediaType, widthPx, heightPx });
  });

  it('reads the size of an extended WebP', () => {
    const bytes = new Uint8Array(40);
    bytes.set(text('RIFF----WEBPVP8X'));
    bytes.set([0x0f, 0x27, 0x00, 0x87, 0x13, 0x00], 24);
    expect(readImageHeader(bytes)).toMatchObject({ mediaType: 'image/webp', widthPx: 10_000, heightPx: 5_000 });
  });

  it('reads a bitmap whose rows run from the top', () => {
    const bytes = fixture('halves.bmp').slice();
    new DataView(bytes.buffer).setInt32(22, -16, true);
    expect(readImageHeader(bytes)).toMatchObject({ widthPx: 32, heightPx: 16 });
  });

  it('finds the size behind long segments of a JPEG', () => {
    const jpeg = fixture('halves.jpg');
    const segment = new Uint8Array(50_002);
    segment.set([0xff, 0xe1, 50_000 >> 8, 50_000 & 255]);
    const bytes = new Uint8Array([...jpeg.subarray(0, 2), ...segment, ...segment, ...jpeg.subarray(2)]);
    expect(readImageHeader(bytes)).toMatchObject({ widthPx: 32, heightPx: 16 });
    expect(readImageHeader(bytes.subarray(0, 65_536))).toMatchObject({ kind: 'image', widthPx: 0, heightPx: 0 });
  });

  it('believes a header that claims a huge picture, so that it can be refused before decoding', () => {
    const bytes = fixture('halves.png').slice();
    new DataView(bytes.buffer).setUint32(16, 65_000);
    new DataView(bytes.buffer).setUint32(20, 65_000);
    expect(readImageHeader(bytes)).toMatchObject({ widthPx: 65_000, heightPx: 65_000 });
  });

  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'svg'],
    ['\ufeff<?xml version="1.0"?>\n<!-- drawn -->\n<svg viewBox="0 0 1 1"/>', 'svg'],
    ['<!DOCTYPE svg PUBLIC "x"><svg/>', 'svg'],
    ['<!doctype html><html><body><svg/></body></html>', 'not-an-image'],
    ['<?xml version="1.0"?><catalogue/>', 'not-an-image'],
    ['BMX racing results 2024, a text that begins like a bitmap', 'not-an-image'],
    ['%PDF-1.7', 'not-an-image'],
    ['II*\0', 'not-an-image'],
    ['\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'not-an-image'],
    ['a', 'not-an-image'],
    ['', 'empty'],
  ])('says of %j that it is %s', (content, reason) => {
    expect(readImageHeader(text(content))).toMatchObject({ kind: 'not-read', reason });
  });

  it('gives an answer to any bytes, whole or cut', () => {
    const start = fc.constantFrom(...PICTURES.map(([name]) => fixture(name)));
    fc.assert(
      fc.property(start, fc.nat(2000), fc.uint8Array({ maxLength: 64 }), (picture, length, tail) => {
        const header = readImageHeader(new Uint8Array([...picture.subarray(0, length), ...tail]));
        if (header.kind === 'image') {
          expect(header.widthPx).toBeGreaterThanOrEqual(0);
          expect(header.heightPx).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
