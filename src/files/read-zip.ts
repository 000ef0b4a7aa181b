import type { FileEntry } from '@zip.js/zip.js';
import { isJunkPath } from '../domain/labels-from-paths.ts';
import { boundedBlob, TooLargeError } from './bounded-blob.ts';
import { breath } from './breath.ts';
import type { DroppedFile, FileProblem } from './dropped-file.ts';
import { imageTypeOf, isZipName } from './media-types.ts';
import { windowedReader } from './windowed-reader.ts';
import { loadZipLibrary } from './zip-library.ts';

const ENTRY_LIMIT = 100_000;
const ENTRY_LIMIT_BYTES = 256 * 2 ** 20;

/**
 * Files in a zip, one unpacked at a time as they are asked for. A damaged entry is a file with a problem and does not
 * stop the rest; a zip that cannot be read at all is one such file under its own path.
 *
 * @param zip the zip as it was dropped.
 * @param folder goes before every path in the zip.
 */
export async function* readZip(zip: DroppedFile, folder: string): AsyncGenerator<DroppedFile> {
  const library = await loadZipLibrary();
  const reader = new library.ZipReader(windowedReader(library, zip.blob), { strictness: 'tolerant' });
  let entryCount = 0;
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue;
      const path = `${folder}/${safePath(entry.filename)}`;
      if (isJunkPath(path)) continue;
      entryCount += 1;
      if (entryCount > ENTRY_LIMIT) {
        yield failed(zip.path, 'zip-too-many-entries');
        return;
      }
      yield await unpack(entry, path);
      // What is in the window needs no waiting, and each blob holds the page until the browser has taken note of it.
      await breath();
    }
  } catch {
    yield failed(zip.path, 'zip-broken');
  } finally {
    await reader.close();
  }
}

function failed(path: string, problem: FileProblem): DroppedFile {
  return { blob: new Blob(), path, problem };
}

/** Windows tools write backslashes; ".." and a leading slash lead nowhere here. */
function safePath(name: string): string {
  return name
    .split(/[/\\]/)
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .join('/');
}

async function unpack(entry: FileEntry, path: string): Promise<DroppedFile> {
  if (entry.encrypted) return failed(path, 'zip-encrypted');
  const tooLarge = isZipName(path) ? 'zip-in-zip-too-large' : 'zip-entry-too-large';
  if (entry.uncompressedSize > ENTRY_LIMIT_BYTES) return failed(path, tooLarge);
  // The size in the directory may lie, so the bytes are counted too.
  const { writable, blob } = boundedBlob(ENTRY_LIMIT_BYTES, imageTypeOf(path));
  try {
    await entry.getData(writable, { checkCrc32: true });
    return { blob: blob(), path };
  } catch (error) {
    return failed(path, error instanceof TooLargeError ? tooLarge : 'zip-entry-broken');
  }
}
