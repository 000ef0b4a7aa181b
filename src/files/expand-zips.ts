import type { DroppedFile } from './dropped-file.ts';
import { extensionOf, imageTypeOf } from './media-types.ts';

const ZIP_EXTENSIONS: ReadonlySet<string> = new Set(['zip', 'tm']);

/** "PK" and the kind of record: a file, or the end of an empty archive. */
const ZIP_SIGNATURES: readonly string[] = ['PK\x03\x04', 'PK\x05\x06'];

/** Passes files on and puts the contents of zips in their place. The zip reader is loaded with the first zip. */
export async function* expandZips(files: AsyncIterable<DroppedFile>): AsyncGenerator<DroppedFile> {
  for await (const file of files) {
    if (file.problem !== undefined || !(await isZip(file))) {
      yield file;
      continue;
    }
    const { readZip } = await import('./read-zip.ts');
    yield* readZip(file, folderOf(file.path));
  }
}

async function isZip({ blob, path }: DroppedFile): Promise<boolean> {
  if (ZIP_EXTENSIONS.has(extensionOf(path))) return true;
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
