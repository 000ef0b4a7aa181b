import { afterAll, describe, expect, it } from 'vitest';
import type { ResizeMode } from '../../../src/domain/project.ts';
import { randomStream } from '../../../src/domain/random.ts';
import type { ThumbnailFile } from '../../../src/domain/thumbnail-file.ts';
import { createDecodeWorker } from '../../../src/engine/create-decode-worker.ts';
import { decodePixels, RejectedImage } from '../../../src/engine/decode.ts';
import { DecodePool } from '../../../src/engine/decode-pool.ts';
import { inspectFile } from '../../../src/engine/inspect.ts';
import { PictureDesk } from '../../../src/engine/picture-desk.ts';
import { fixtureFile, hashOf } from '../../helpers/browser/engine.ts';

const RED = [200, 40, 40];
const BLUE = [40, 40, 200];
const WHITE = [255, 255, 255];

/** The colour at a place of the square, RGB. */
function colorAt(pixels: Uint8Array, side: number, x: number, y: number): number[] {
  const start = (y * side + x) * 3;
  return [...pixels.subarray(start, start + 3)];
}

function expectNear(color: readonly number[], wanted: readonly number[], tolerance: number) {
  color.forEach((value, channel) => {
    expect(Math.abs(value - (wanted[channel] ?? 0)), `${color} is not near ${wanted}`).toBeLessThanOrEqual(tolerance);
  });
}

async function decodeFixture(name: string, side = 16, mode: ResizeMode = 'squash') {
  const pixels = await decodePixels(await fixtureFile(name), side, mode);
  expect(pixels).toHaveLength(side * side * 3);
  return pixels;
}

const reasonOf = (file: Blob) =>
  decodePixels(file, 16, 'crop').then(
    () => 'accepted',
    (error: unknown) => (error instanceof RejectedImage ? error.reason : error),
  );

describe('decoding', () => {
  it.each([
    ['halves.jpg', 8],
    ['halves-cmyk.jpg', 60],
    ['halves-turned.jpg', 8],
    ['halves.png', 0],
    ['halves.gif', 1],
    ['halves.bmp', 0],
    ['halves-lossy.webp', 12],
    ['halves-lossless.webp', 0],
    ['halves.avif', 2],
  ])('gives the red left and the blue right half of %s', async (name, tolerance) => {
    const pixels = await decodeFixture(name);
    expectNear(colorAt(pixels, 16, 2, 8), RED, tolerance);
    expectNear(colorAt(pixels, 16, 13, 8), BLUE, tolerance);
  });

  it('gives grey as three equal channels', async () => {
    const pixels = await decodeFixture('grey-100.jpg');
    const [red = 0, green = 0, blue = 0] = colorAt(pixels, 16, 8, 8);
    expectNear([red], [100], 2);
    expect([green, blue]).toEqual([red, red]);
  });

  it.each(['right-half-clear.png', 'right-half-clear.webp'])('puts the clear part of %s on white', async (name) => {
    const pixels = await decodeFixture(name);
    expect(colorAt(pixels, 16, 2, 8)).toEqual([255, 0, 0]);
    expect(colorAt(pixels, 16, 13, 8)).toEqual(WHITE);
  });

  it('takes the first picture of a moving GIF', async () => {
    expectNear(colorAt(await decodeFixture('red-then-blue.gif'), 16, 13, 8), RED, 2);
  });

  it('leaves nothing of one picture in the next', async () => {
    const before = await decodeFixture('right-half-clear.png', 16, 'pad');
    await decodeFixture('halves.png');
    expect(await decodeFixture('right-half-clear.png', 16, 'pad')).toEqual(before);
  });
});

describe('making it square', () => {
  it('crop takes the middle square', async () => {
    const pixels = await decodeFixture('halves.png', 16, 'crop');
    // 32 x 16, cut to columns 8 to 23: the edge is in the middle, and no pixel is blended.
    expect(colorAt(pixels, 16, 7, 0)).toEqual(RED);
    expect(colorAt(pixels, 16, 8, 15)).toEqual(BLUE);
  });

  it('squash keeps every column and the whole height', async () => {
    const pixels = await decodeFixture('halves.png', 32, 'squash');
    expect(colorAt(pixels, 32, 0, 0)).toEqual(RED);
    expect(colorAt(pixels, 32, 31, 31)).toEqual(BLUE);
  });

  it('pad keeps the shape and fills with white above and below', async () => {
    const pixels = await decodeFixture('halves.png', 32, 'pad');
    expect(colorAt(pixels, 32, 0, 0)).toEqual(WHITE);
    expect(colorAt(pixels, 32, 31, 31)).toEqual(WHITE);
    expect(colorAt(pixels, 32, 2, 16)).toEqual(RED);
    expect(colorAt(pixels, 32, 29, 16)).toEqual(BLUE);
  });

  it('shrinks by averaging, not by picking pixels', async () => {
    const canvas = new OffscreenCanvas(512, 512);
    const context = canvas.getContext('2d');
    for (let y = 0; y < 512; y += 2) {
      for (let x = y % 4; x < 512; x += 4) context?.fillRect(x, y, 2, 2);
    }
    const checks = await canvas.convertToBlob({ type: 'image/png' });
    const pixels = await decodePixels(checks, 16, 'crop');
    // Half of the surface is black on a white ground.
    for (const value of pixels) expect(Math.abs(value - 127.5)).toBeLessThan(20);
  });
});

interface Noise {
  readonly picture: Blob;
  /** Mean of the grey bytes of a square of the picture. */
  readonly mean: (x: number, y: number, side: number) => number;
}

/** A picture of random greys, each pixel its own. */
async function greyNoise(widthPx: number, heightPx: number): Promise<Noise> {
  const random = randomStream(7, 'greys');
  const greys = Uint8ClampedArray.from({ length: widthPx * heightPx }, () => random.below(256));
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const rgba = Uint8ClampedArray.from({ length: greys.length * 4 }, (_, at) =>
    at % 4 === 3 ? 255 : (greys[at >> 2] ?? 0),
  );
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, widthPx, heightPx), 0, 0);
  const mean = (x: number, y: number, side: number) => {
    let sum = 0;
    for (let row = y; row < y + side; row++) {
      for (let column = x; column < x + side; column++) sum += greys[row * widthPx + column] ?? 0;
    }
    return sum / side ** 2;
  };
  return { picture: await canvas.convertToBlob({ type: 'image/png' }), mean };
}

/** What a canvas of smoothing quality "low" makes of a picture, RGB. */
async function drawnLow(picture: Blob, side: number): Promise<Uint8Array> {
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('No canvas');
  context.drawImage(await createImageBitmap(picture), 0, 0, side, side);
  return Uint8Array.from(context.getImageData(0, 0, side, side).data.filter((_, index) => index % 4 !== 3));
}

describe('how a picture is shrunk', () => {
  it.each([2, 4, 16])('to the means of all its pixels when it is %i times as large', async (ratio) => {
    const { picture, mean } = await greyNoise(16 * ratio, 16 * ratio);
    // Each rounds to whole bytes.
    const halvings = Math.log2(ratio);
    const pixels = await decodePixels(picture, 16, 'crop');
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        const wanted = mean(x * ratio, y * ratio, ratio);
        for (const byte of colorAt(pixels, 16, x, y)) expect(Math.abs(byte - wanted)).toBeLessThanOrEqual(halvings);
      }
    }
  });

  it.each([33, 50, 62])('from %i to 32 px, less than a half, in one step', async (side) => {
    const { picture } = await greyNoise(side, side);
    expect(await decodePixels(picture, 32, 'crop')).toEqual(await drawnLow(picture, 32));
  });

  it('along one side only where the other is small enough', async () => {
    const { picture, mean } = await greyNoise(64, 16);
    const pixels = await decodePixels(picture, 16, 'squash');
    for (let x = 0; x < 16; x++) {
      const wanted = (mean(x * 4, 8, 1) + mean(x * 4 + 1, 8, 1) + mean(x * 4 + 2, 8, 1) + mean(x * 4 + 3, 8, 1)) / 4;
      expect(Math.abs((colorAt(pixels, 16, x, 8)[0] ?? 0) - wanted)).toBeLessThanOrEqual(2);
    }
  });
});

describe('what is refused', () => {
  it('an empty file, a web page, a text and a drawing, each with its own reason', async () => {
    expect(await reasonOf(new Blob([]))).toBe('empty');
    expect(await reasonOf(new Blob(['<!doctype html><p>404'], { type: 'image/jpeg' }))).toBe('not-an-image');
    expect(await reasonOf(new Blob(['Dear diary']))).toBe('not-an-image');
    expect(await reasonOf(new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/svg+xml' }))).toBe(
      'svg',
    );
  });

  it('a cut JPEG header and a PNG that ends after its header, as broken', async () => {
    const jpeg = await fixtureFile('halves.jpg');
    const png = await fixtureFile('halves.png');
    expect(await reasonOf(jpeg.slice(0, 40))).toBe('broken');
    expect(await reasonOf(png.slice(0, 33))).toBe('broken');
  });

  it('a picture that claims over 100 megapixels, before decoding it', async () => {
    const bytes = await (await fixtureFile('halves.png')).arrayBuffer();
    new DataView(bytes).setUint32(16, 65_000);
    new DataView(bytes).setUint32(20, 65_000);
    expect(await reasonOf(new Blob([bytes]))).toBe('too-large');
  });

  it('a wrong name or type does not matter where the bytes are a picture', async () => {
    const png = await fixtureFile('halves.png');
    expect(await reasonOf(new Blob([png], { type: 'text/html' }))).toBe('accepted');
  });
});

describe('inspecting files', () => {
  const pool = new DecodePool({ createWorker: createDecodeWorker, workerCount: 2 });
  afterAll(() => pool.close());
  const blobOf = ({ bytes, mediaType }: ThumbnailFile) => new Blob([bytes], { type: mediaType });
  const inspect = (files: Blob[], signal = new AbortController().signal) =>
    new PictureDesk(pool).inspect(files, null, signal);

  it('gives one result per file in order, good ones with hash, upright size and a thumbnail', async () => {
    const turned = await fixtureFile('halves-turned.jpg');
    const results = await inspect([new Blob([]), turned, new Blob(['no']), await fixtureFile('halves.png')]);
    expect(results.map((result) => (result.kind === 'image' ? result.mediaType : result.reason))).toEqual([
      'empty',
      'image/jpeg',
      'not-an-image',
      'image/png',
    ]);
    const [, image] = results;
    expect(image).toMatchObject({ kind: 'image', hash: await hashOf(turned), widthPx: 32, heightPx: 16 });
    if (image?.kind !== 'image') return;
    const thumbnail = await createImageBitmap(blobOf(image.thumbnail));
    expect([thumbnail.width, thumbnail.height]).toEqual([144, 144]);
  });

  it('keeps the thumbnails of files inspected side by side apart', async () => {
    const grounds = ['#ff0000', '#00ff00', '#0000ff', '#ffffff', '#000000', '#ff00ff'];
    const files = await Promise.all(
      grounds.map((color) => {
        const canvas = new OffscreenCanvas(40, 40);
        const context = canvas.getContext('2d');
        if (context !== null) context.fillStyle = color;
        context?.fillRect(0, 0, 40, 40);
        return canvas.convertToBlob({ type: 'image/png' });
      }),
    );
    const wanted = await Promise.all(files.map((file) => decodePixels(file, 2, 'crop')));
    const results = await inspect(files);
    for (const [index, result] of results.entries()) {
      if (result.kind !== 'image') throw new Error('rejected');
      const color = await decodePixels(blobOf(result.thumbnail), 2, 'crop');
      expectNear(colorAt(color, 2, 0, 0), colorAt(wanted[index] ?? new Uint8Array(), 2, 0, 0), 4);
    }
  });

  it('says of a file that can no longer be read that it is unreadable', async () => {
    const gone = new Blob(['x']);
    gone.slice = () => {
      const part = new Blob(['x']);
      part.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
      return part;
    };
    expect((await inspectFile(gone, null)).result).toMatchObject({ kind: 'rejected', reason: 'unreadable' });
  });

  it('prepares, with a wish, the very pixels that decoding gives', async () => {
    const file = await fixtureFile('halves-turned.jpg');
    const { result, pixels } = await inspectFile(file, { side: 12, mode: 'pad' });
    expect(result.kind).toBe('image');
    expect(pixels).toEqual(await decodePixels(file, 12, 'pad'));
  });

  it('ends when it is cancelled', async () => {
    await expect(inspect([new Blob([])], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
