import { expect, test } from 'vitest';
import { inspectFile } from '../../../src/engine/inspect.ts';

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = new Uint8Array([...new TextEncoder().encode(type), ...data]);
  const bytes = new Uint8Array(body.length + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return bytes;
}

/** A grey PNG of 300 x 300 px whose values are given as a share of the largest of 16 bits. */
async function greyPng(bitDepth: 8 | 16, valueAt: (index: number) => number): Promise<Blob> {
  const side = 300;
  const bytesEach = bitDepth / 8;
  const rows = new Uint8Array(side * (1 + side * bytesEach));
  const view = new DataView(rows.buffer);
  for (let index = 0; index < side * side; index += 1) {
    const at = Math.floor(index / side) * (1 + side * bytesEach) + 1 + (index % side) * bytesEach;
    if (bitDepth === 16) view.setUint16(at, valueAt(index));
    else view.setUint8(at, valueAt(index) >> 8);
  }
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'));
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, side);
  new DataView(header.buffer).setUint32(4, side);
  header.set([bitDepth, 0, 0, 0, 0], 8);
  const parts = [
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', new Uint8Array(await new Response(packed).arrayBuffer())),
    chunk('IEND', new Uint8Array()),
  ];
  return new Blob(
    parts.map((part) => new Uint8Array(part)),
    { type: 'image/png' },
  );
}

const isAlmostBlack = async (file: Blob) => {
  const { result } = await inspectFile(file, null);
  return result.kind === 'image' ? result.isAlmostBlack : result.detail;
};

test('a 16-bit PNG with 12-bit values is recognised as almost black', async () => {
  expect(await isAlmostBlack(await greyPng(16, (index) => index % 4096))).toBe(true);
});

test('a 16-bit PNG with one bright pixel in its last row is not', async () => {
  expect(await isAlmostBlack(await greyPng(16, (index) => (index === 300 * 300 - 1 ? 60_000 : 100)))).toBe(false);
});

test('a dark 8-bit PNG is dark because it was taken so', async () => {
  expect(await isAlmostBlack(await greyPng(8, () => 1000))).toBe(false);
});
