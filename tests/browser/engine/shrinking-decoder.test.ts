import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodePixels, toPixels } from '../../../src/engine/decode.ts';
import { inspectFile } from '../../../src/engine/inspect.ts';
import { decoderHalvings, decodeShrunk } from '../../../src/engine/shrinking-decoder.ts';
import { fixtureFile } from '../../helpers/browser/engine.ts';

const SIDE = 96;
/** Largest mean difference of a byte between a picture shrunk by the decoder and one shrunk by the canvas alone. */
const MEAN_TOLERANCE = 2;

/** A JPEG whose every corner and edge is another colour. */
async function largeJpeg(width = 2003, height = 1201): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const across = context.createLinearGradient(0, 0, width, height);
  across.addColorStop(0, '#e03020');
  across.addColorStop(0.5, '#f0f0e0');
  across.addColorStop(1, '#102060');
  context.fillStyle = across;
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#20a040';
  context.fillRect(width * 0.7, 0, width * 0.3, height * 0.2);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}

/** The same file with a note how to turn it upright. */
function turned(jpeg: Blob, orientation: number): Blob {
  // Little-endian TIFF with one entry: tag 0x112, one short.
  const entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
  const exif = [...new TextEncoder().encode('Exif'), 0, 0, 0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, ...entry, 0, 0, 0, 0];
  return new Blob([jpeg.slice(0, 2), Uint8Array.of(0xff, 0xe1, 0, exif.length + 2, ...exif), jpeg.slice(2)]);
}

/** What the canvas alone makes of the whole picture. */
async function wholePixels(jpeg: Blob, side: number): Promise<Uint8Array> {
  const typed = jpeg.slice(0, jpeg.size, 'image/jpeg');
  return toPixels(await createImageBitmap(typed, { imageOrientation: 'from-image' }), side, 'squash');
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
}

const STORED = { widthPx: 2003, heightPx: 1201 };
const HALVINGS = decoderHalvings(STORED, SIDE);

describe('halvings left to the decoder', () => {
  it.each([
    [1400, 1400, 224, 0],
    [1920, 1080, 224, 2],
    [2048, 1536, 224, 2],
    [4032, 3024, 224, 3],
    [3024, 4032, 224, 3],
    [12_000, 8000, 224, 3],
    [2400, 1000, 501, 0],
    [2400, 1001, 501, 1],
  ])('of %i x %i px wanted at %i: %i', (widthPx, heightPx, leastSidePx, wanted) => {
    expect(decoderHalvings({ widthPx, heightPx }, leastSidePx)).toBe(wanted);
  });
});

describe('a large JPEG', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'in orientation %i comes out upright, with the size of the whole',
    async (orientation) => {
      const file = turned(await largeJpeg(), orientation);
      const size = orientation < 5 ? STORED : { widthPx: 1201, heightPx: 2003 };
      const shrunk = await decodeShrunk(file, STORED, HALVINGS);
      expect(shrunk).toMatchObject({ ...size, bitmap: { width: Math.ceil(size.widthPx / 8) } });
      shrunk?.bitmap.close();
      const { result, pixels } = await inspectFile(file, { side: SIDE, mode: 'squash' });
      expect(result).toMatchObject({ kind: 'image', ...size });
      expect(meanDifference(pixels ?? new Uint8Array(), await wholePixels(file, SIDE))).toBeLessThan(MEAN_TOLERANCE);
      expect(pixels).toEqual(await decodePixels(file, SIDE, 'squash'));
    },
  );

  it.each(['large-progressive.jpg', 'large-cmyk.jpg', 'large-other-profile.jpg'])(
    'has its colours: %s',
    async (name) => {
      const file = await fixtureFile(name);
      expect(await decodeShrunk(file, { widthPx: 2048, heightPx: 1024 }, 3)).not.toBeNull();
      expect(meanDifference(await decodePixels(file, SIDE, 'squash'), await wholePixels(file, SIDE))).toBeLessThan(
        MEAN_TOLERANCE,
      );
    },
  );

  it('that is cut short is refused as broken, as a small one is', async () => {
    for (const whole of [await largeJpeg(), await fixtureFile('large-progressive.jpg')]) {
      for (const ratio of [0.3, 0.7, 0.99]) {
        const cut = whole.slice(0, Math.floor(whole.size * ratio));
        expect(await decodeShrunk(cut, STORED, HALVINGS)).toBeNull();
        await expect(decodePixels(cut, SIDE, 'crop')).rejects.toMatchObject({ reason: 'broken' });
      }
    }
  });
});

describe('where the decoder of a browser', () => {
  afterEach(() => void vi.unstubAllGlobals());

  let copyCount = 0;
  /** The module anew: it tries the decoder once in its life. */
  const withDecoder = async (decoder: unknown) => {
    vi.stubGlobal('ImageDecoder', decoder);
    const { href } = new URL('../../../src/engine/shrinking-decoder.ts', import.meta.url);
    const copy = `${href.split('?')[0]}?copy=${copyCount++}`;
    return (await import(/* @vite-ignore */ copy)) as typeof import('../../../src/engine/shrinking-decoder.ts');
  };

  it('is missing, whole pictures are decoded', async () => {
    const { decodeShrunk: decode } = await withDecoder(undefined);
    expect(await decode(await largeJpeg(), STORED, HALVINGS)).toBeNull();
  });

  it('leaves pictures lying on their side, whole ones are decoded', async () => {
    class WithoutExif extends ImageDecoder {
      constructor(init: ImageDecoderInit) {
        const bytes = new Uint8Array(init.data as ArrayBuffer);
        const exifEnd = bytes[3] === 0xe1 ? 4 + (bytes[5] ?? 0) : 2;
        super({ ...init, data: Uint8Array.from([...bytes.subarray(0, 2), ...bytes.subarray(exifEnd)]) });
      }
    }
    const { decodeShrunk: decode } = await withDecoder(WithoutExif);
    expect(await decode(await largeJpeg(), STORED, HALVINGS)).toBeNull();
  });

  it('does not shrink, whole pictures are decoded', async () => {
    class Whole extends ImageDecoder {
      constructor({ data, type }: ImageDecoderInit) {
        super({ data, type });
      }
    }
    const { decodeShrunk: decode } = await withDecoder(Whole);
    expect(await decode(await largeJpeg(), STORED, HALVINGS)).toBeNull();
  });
});
