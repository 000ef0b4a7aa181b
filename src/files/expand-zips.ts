import type { DroppedFile } from './dropped-file.ts';
import { imageTypeOf, isZipName } from './media-types.ts';

/** "PK" and the kind of record: a file, or the end of an empty archive. */
const ZIP_SIGNATURES: readonly string[] = ['PK\x03\x04', 'PK\x05\x06'];

/** A zip in a zip is how some data sets come; deeper ones are more likely made to do harm. */
const DEEPEST_ZIP = 2;

/**
 * Passes files on and puts the contents of zips, and of zips in them, in their place. Zips deeper down are files with a
 * problem. The zip reader is loaded with the first zip.
 */
export async function* expandZips(files: AsyncIterable<DroppedFile>): AsyncGenerator<DroppedFile> {
  for await (const file of files) yield* expand(file, 1);
}

async function* expand(file: DroppedFile, depth: number): AsyncGenerator<DroppedFile> {
  if (file.problem !== undefined || !(await isZip(file))) {
    yield file;
    return;
  }
  if (depth > DEEPEST_ZIP) {
    yield { blob: new Blob(), path: file.path, problem: 'zip-too-deep' };
    return;
  }
  const { readZip } = await import('./read-zip.ts');
  for await (const entry of readZip(file, folderOf(file.path))) yield* expand(entry, depth + 1);
}

async function isZip({ blob, path }: DroppedFile): Promise<boolean> {
  if (isZipName(path)) return true;
  if (imageTypeOf(path) !== '') return false;
  try {
    return ZIP_SIGNATURES.includes(await blob.slice(0, 4).text());
  } catch {
    return false;
  }
}

/** A zip stands for a folder of its name, so that "roses.zip" full of photos becomes the class "roses". */
function folderOf(path: string): string {
  return path.replace(/\.(graft\.zip|zip|tm)$/i, '');
}
