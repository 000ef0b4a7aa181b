import type { DroppedFile } from '../../files/dropped-file.ts';

/** The first file of a drop, a paste or a pick; null when there is none. */
export async function firstFile(files: AsyncIterable<DroppedFile>): Promise<Blob | null> {
  for await (const file of files) return file.blob;
  return null;
}
