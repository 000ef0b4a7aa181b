import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';

export const DATASETS_DIR = resolve('../shared/datasets');
export const BACKBONES_DIR = resolve('../shared/backbones');

/** True when the photos lie beside the checkout; says so when they do not. */
export function haveDataset(name: string): boolean {
  if (existsSync(join(DATASETS_DIR, name))) return true;
  console.log(`not measured: ../shared/datasets/${name} is not there`);
  return false;
}

/**
 * Packs a folder-per-class data set into a stored zip in a temporary folder.
 * @param limitPerClass null for all photos.
 */
export async function zipDataset(name: string, limitPerClass: number | null): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'graft-data-')), `${name}.zip`);
  const writer = new ZipWriter(Writable.toWeb(createWriteStream(file)), { level: 0, useWebWorkers: false });
  for (const className of readdirSync(join(DATASETS_DIR, name)).sort()) {
    const photos = readdirSync(join(DATASETS_DIR, name, className)).sort();
    for (const photo of photos.slice(0, limitPerClass ?? photos.length)) {
      const bytes = new Uint8Array(readFileSync(join(DATASETS_DIR, name, className, photo)));
      await writer.add(`${className}/${photo}`, new Uint8ArrayReader(bytes));
    }
  }
  await writer.close();
  return file;
}
