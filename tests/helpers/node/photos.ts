import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BlobReader, BlobWriter, Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';

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

const FLOWER_CLASSES = ['daisy', 'rose', 'sunflower'] as const;

interface LabelledZip {
  readonly zip: Buffer;
  readonly what: string;
  /** Images by class. */
  readonly counts: Record<string, number>;
}

/** A zip with one folder a class: real flowers when they are here, else the sample drawings; says which. */
export async function labelledZip(perClass: number): Promise<LabelledZip> {
  const files = hasPhotos() ? flowerPhotos(perClass, FLOWER_CLASSES) : await sampleDrawings(perClass);
  const what = hasPhotos() ? 'flower photos' : 'sample drawings';
  return { zip: await zipOf(files), what, counts: countByFolder(files.map(({ path }) => path)) };
}

/** The first drawings of each class of the bundled samples, and a word that they stand in for photos. */
async function sampleDrawings(perClass: number): Promise<NamedBytes[]> {
  console.warn('No real photos beside the checkout (../shared/datasets): using the sample drawings instead.');
  const reader = new ZipReader(new BlobReader(new Blob([readFileSync(DRAWINGS)])), { useWebWorkers: false });
  const taken: Record<string, number> = {};
  const files: NamedBytes[] = [];
  for (const entry of await reader.getEntries()) {
    if (entry.directory || !/\.(png|jpg|webp)$/.test(entry.filename)) continue;
    const name = entry.filename.split('/').at(-2) ?? '';
    taken[name] = (taken[name] ?? 0) + 1;
    if (taken[name] <= perClass)
      files.push({ path: entry.filename, bytes: await entry.getData(new Uint8ArrayWriter()) });
  }
  return files;
}

function countByFolder(paths: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const path of paths) {
    const name = path.split('/').at(-2) ?? '';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** A photo that no `labelledZip` of up to 400 photos a class holds. */
export function freshPhoto(): { name: string; mimeType: string; buffer: Buffer } {
  if (!hasPhotos()) return { name: 'grey.bmp', mimeType: 'image/bmp', buffer: greyBmp() };
  const file = readdirSync(join(FLOWERS, 'daisy'))
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .at(-1);
  return { name: 'new.jpg', mimeType: 'image/jpeg', buffer: readFileSync(join(FLOWERS, 'daisy', file ?? '')) };
}

/** 32 x 32 px of one grey, 24 bits. */
function greyBmp(grey = 128): Buffer {
  const side = 32;
  const bytes = Buffer.alloc(54 + side * side * 3, grey);
  bytes.fill(0, 0, 54);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(side, 18);
  bytes.writeInt32LE(side, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

/** An even number of pictures, half in the folder `first`, half in `second`: flowers when they are here, else grey squares. */
export function somePhotos(count: number): NamedBytes[] {
  const folderOf = (index: number) => (index % 2 === 0 ? 'first' : 'second');
  const flowers = hasPhotos() ? flowerPhotos(count, ['rose']) : null;
  return Array.from({ length: count }, (_, index) => ({
    path: `${folderOf(index)}/${index}.jpg`,
    bytes: flowers?.[index]?.bytes ?? greyBmp(100 + index),
  }));
}
