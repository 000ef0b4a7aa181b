import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import { randomStream, shuffledIndices } from '../../src/domain/random.ts';

/** Photos and networks lie beside the checkout, or where `GRAFT_SHARED` says. */
const SHARED_DIR = resolve(process.env.GRAFT_SHARED ?? '../shared');
export const DATASETS_DIR = join(SHARED_DIR, 'datasets');
export const BACKBONES_DIR = join(SHARED_DIR, 'backbones');

/** True when the photos lie beside the checkout; says so when they do not. */
export function haveDataset(name: string): boolean {
  if (existsSync(join(DATASETS_DIR, name))) return true;
  console.log(`not measured: ../shared/datasets/${name} is not there`);
  return false;
}

interface LabelledPhoto {
  readonly className: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** The photos of a folder-per-class data set, in order. @param limitPerClass null for all photos. */
export function* readPhotos(name: string, limitPerClass: number | null): Generator<LabelledPhoto> {
  for (const className of readdirSync(join(DATASETS_DIR, name)).sort()) {
    const photos = readdirSync(join(DATASETS_DIR, name, className)).sort();
    for (const fileName of photos.slice(0, limitPerClass ?? photos.length)) {
      yield { className, fileName, bytes: readFileSync(join(DATASETS_DIR, name, className, fileName)) };
    }
  }
}

/**
 * Packs a folder-per-class data set into a stored zip in a temporary folder.
 * @param limitPerClass null for all photos.
 */
export async function zipDataset(name: string, limitPerClass: number | null): Promise<string> {
  function* entries() {
    for (const { className, fileName, bytes } of readPhotos(name, limitPerClass)) {
      yield { path: `${className}/${fileName}`, bytes };
    }
  }
  return zipFile(name, entries());
}

/**
 * The same with few photos to learn from: `perClass` of every class, drawn by seed, under `train/`, and `testedPerClass`
 * others under `test/`, which are the same photos for every seed.
 */
export async function zipFewPhotos(
  name: string,
  {
    perClass,
    testedPerClass,
    seed,
  }: { readonly perClass: number; readonly testedPerClass: number; readonly seed: number },
): Promise<string> {
  function* entries() {
    for (const className of readdirSync(join(DATASETS_DIR, name)).sort()) {
      const folder = join(DATASETS_DIR, name, className);
      const photos = readdirSync(folder).sort();
      const others = photos.slice(testedPerClass);
      const order = shuffledIndices(others.length, randomStream(seed, `photos of ${className}`));
      const learnt = [...order].slice(0, perClass).map((index) => others[index] ?? '');
      for (const fileName of photos.slice(0, testedPerClass)) {
        yield { path: `test/${className}/${fileName}`, bytes: readFileSync(join(folder, fileName)) };
      }
      for (const fileName of learnt) {
        yield { path: `train/${className}/${fileName}`, bytes: readFileSync(join(folder, fileName)) };
      }
    }
  }
  return zipFile(name, entries());
}

async function zipFile(
  name: string,
  entries: Iterable<{ readonly path: string; readonly bytes: Buffer }>,
): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'graft-data-')), `${name}.zip`);
  const writer = new ZipWriter(Writable.toWeb(createWriteStream(file)), { level: 0, useWebWorkers: false });
  for (const { path, bytes } of entries) await writer.add(path, new Uint8ArrayReader(new Uint8Array(bytes)));
  await writer.close();
  return file;
}
