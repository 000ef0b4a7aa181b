import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';

const FLOWERS = resolve('../shared/datasets/flowers5');
const DRAWINGS = resolve('public/samples/drawings.zip');

interface NamedBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** True when the real photos lie beside the checkout. */
export function hasPhotos(): boolean {
  return existsSync(FLOWERS);
}

/** The first `perClass` photos of the wanted flowers, as `class/name.jpg`. */
export function flowerPhotos(perClass: number, classes: readonly string[]): NamedBytes[] {
  return classes.flatMap((name) =>
    readdirSync(join(FLOWERS, name))
      .filter((file) => file.endsWith('.jpg'))
      .sort()
      .slice(0, perClass)
      .map((file) => ({ path: `${name}/${file}`, bytes: new Uint8Array(readFileSync(join(FLOWERS, name, file))) })),
  );
}

/** A stored zip of these files. */
export async function zipOf(files: readonly NamedBytes[]): Promise<Buffer> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), { level: 0, useWebWorkers: false });
  for (const { path, bytes } of files) await writer.add(path, new Uint8ArrayReader(bytes));
  const blob = await writer.close();
  return Buffer.from(await blob.arrayBuffer());
}

/**
 * A zip with one folder a class: real flowers when they are here, else the sample drawings; says which.
 * @param perClass photos a class; the drawings are used whole.
 */
export async function labelledZip(perClass: number): Promise<{ zip: Buffer; what: string }> {
  if (hasPhotos()) {
    return { zip: await zipOf(flowerPhotos(perClass, ['daisy', 'rose', 'sunflower'])), what: 'flower photos' };
  }
  console.warn('No real photos beside the checkout (../shared/datasets): using the sample drawings instead.');
  return { zip: readFileSync(DRAWINGS), what: 'sample drawings' };
}
