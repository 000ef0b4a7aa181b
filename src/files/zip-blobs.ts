import { extensionOf } from './media-types.ts';
import { loadZipLibrary } from './zip-library.ts';

/** One file of a zip to be written; `path` uses `/`. Paths must differ. */
export interface ZipInput {
  readonly path: string;
  readonly content: Blob | Uint8Array<ArrayBuffer> | string;
  /** Whether it is worth compressing; by the path's ending when absent. */
  readonly deflate?: boolean;
}

/** Endings worth compressing; photos and weights hardly shrink and are stored. */
const TEXT_EXTENSIONS: ReadonlySet<string> = new Set(['css', 'csv', 'html', 'js', 'json', 'md', 'svg', 'txt']);

/**
 * Packs files into a zip, one after another in the order given.
 * @param entries asked for one at a time, so that only one file needs to be in memory.
 * @throws what `entries` throws, and AbortError.
 */
export async function zipBlobs(
  entries: AsyncIterable<ZipInput> | Iterable<ZipInput>,
  signal?: AbortSignal,
): Promise<Blob> {
  const { ZipWriter, BlobWriter, BlobReader } = await loadZipLibrary();
  const writer = new ZipWriter(new BlobWriter('application/zip'), { dataDescriptor: false, keepOrder: true });
  for await (const { path, content, deflate } of entries) {
    signal?.throwIfAborted();
    const level = (deflate ?? TEXT_EXTENSIONS.has(extensionOf(path))) ? 6 : 0;
    const blob = content instanceof Blob ? content : new Blob([content]);
    await writer.add(path, new BlobReader(blob), { level });
  }
  return writer.close();
}
