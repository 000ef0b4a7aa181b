import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHdf5Start } from '../../../src/engine/hdf5-superblock.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/keras');

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, name))).buffer;

/** A superblock of version 2 or 3, of a file that should have so many bytes. */
function superblock(version: number, endBytes: bigint): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(100));
  for (const [index, byte] of [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].entries()) view.setUint8(index, byte);
  view.setUint8(8, version);
  view.setUint8(9, 8);
  view.setBigUint64(28, endBytes, true);
  return view.buffer;
}

describe('the start of an HDF5 file', () => {
  it('finds every whole file whole, and any part of it cut short', () => {
    const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.h5'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const bytes = bytesOf(name);
      expect(readHdf5Start(bytes)).toBe('whole');
      for (const length of [8, 51, 52, 1000, bytes.byteLength - 1]) {
        expect(readHdf5Start(bytes.slice(0, length))).toBe('cut-short');
      }
    }
  });

  it('knows the newer form too', () => {
    expect(readHdf5Start(superblock(2, 100n))).toBe('whole');
    expect(readHdf5Start(superblock(3, 101n))).toBe('cut-short');
    expect(readHdf5Start(superblock(3, 2n ** 64n - 1n))).toBe('cut-short');
  });

  it('leaves a version it does not know to the library', () => {
    expect(readHdf5Start(superblock(9, 101n))).toBe('whole');
  });

  it('knows what is no such file', () => {
    expect(readHdf5Start(new ArrayBuffer(0))).toBe('not-hdf5');
    expect(readHdf5Start(new TextEncoder().encode('{"format": "layers-model"}').buffer)).toBe('not-hdf5');
  });
});
