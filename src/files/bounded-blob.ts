import { breath } from './breath.ts';

/** More bytes arrived than were allowed. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Unpacked streams do not let the page draw by themselves: 12 MB took 450 ms at a stretch, and 32 ms with this. */
const BREATH_BYTES = 2 ** 20;

/** A sink that becomes a blob, and fails with `TooLargeError` instead of growing beyond `limitBytes`. */
export function boundedBlob(limitBytes: number, type: string) {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  let nextBreathBytes = BREATH_BYTES;
  const writable = new WritableStream<Uint8Array<ArrayBuffer>>({
    async write(piece) {
      sizeBytes += piece.length;
      if (sizeBytes > limitBytes) throw new TooLargeError(`more than ${limitBytes} bytes`);
      pieces.push(piece);
      if (sizeBytes < nextBreathBytes) return;
      nextBreathBytes = sizeBytes + BREATH_BYTES;
      await breath();
    },
  });
  return { writable, blob: () => new Blob(pieces, { type }) };
}
