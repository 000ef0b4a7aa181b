import type { Reader } from '@zip.js/zip.js';

/** One slice of a blob is a trip to another process: entries lie side by side, so many are read at once. */
const WINDOW_BYTES = 4 * 2 ** 20;

/** Reads a blob for the zip library through a window in memory; requests larger than the window go past it. */
export function windowedReader(library: { readonly Reader: typeof Reader }, blob: Blob): Reader<Blob> {
  let windowStart = 0;
  let windowBytes: Uint8Array = new Uint8Array(0);

  const bytesOf = async (start: number, end: number) => new Uint8Array(await blob.slice(start, end).arrayBuffer());

  class WindowedReader extends library.Reader<Blob> {
    override readonly size = blob.size;

    override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
      if (length > WINDOW_BYTES) return await bytesOf(index, index + length);
      const isInside = index >= windowStart && index + length <= windowStart + windowBytes.length;
      if (!isInside) {
        windowBytes = await bytesOf(index, Math.min(blob.size, index + WINDOW_BYTES));
        windowStart = index;
      }
      // A copy: the library may hand its chunk on to another owner.
      return windowBytes.slice(index - windowStart, index - windowStart + length);
    }
  }
  return new WindowedReader(blob);
}
