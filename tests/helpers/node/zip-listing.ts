import { readFileSync } from 'node:fs';
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';

/** Paths and sizes in bytes of the files in a zip. */
export async function sizesInZip(path: string): Promise<ReadonlyMap<string, number>> {
  const reader = new ZipReader(new Uint8ArrayReader(new Uint8Array(readFileSync(path))));
  const entries = await reader.getEntries();
  await reader.close();
  return new Map(entries.map(({ filename, uncompressedSize }) => [filename, uncompressedSize]));
}
