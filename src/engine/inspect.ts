import { throwIfAborted } from '../rpc/abort-error.ts';
import type { InspectedFile } from './contract.ts';
import { RejectedImage, toThumbnail, withImage } from './decode.ts';
import { sha256Hex } from './sha256.ts';

/** Decoding runs on threads of the browser's own: a few at once keep them and this one busy. */
const CONCURRENCY = 3;

async function inspectOne(file: Blob): Promise<InspectedFile> {
  try {
    return await withImage(file, async ({ bitmap, mediaType }) => {
      const [hash, thumbnail] = await Promise.all([sha256Hex(await file.arrayBuffer()), toThumbnail(bitmap)]);
      return { kind: 'image', hash, widthPx: bitmap.width, heightPx: bitmap.height, mediaType, thumbnail };
    });
  } catch (error) {
    if (error instanceof RejectedImage) return { kind: 'rejected', reason: error.reason, detail: error.detail };
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: 'rejected', reason: 'unreadable', detail };
  }
}

/**
 * Looks at files: hash, type, upright size and thumbnail of images, the reason for everything else.
 *
 * @returns one result per file, in order; a bad file is a result, never an error.
 * @throws DOMException 'AbortError' once cancelled.
 */
export async function inspectFiles(files: readonly Blob[], signal: AbortSignal): Promise<InspectedFile[]> {
  const results = new Array<InspectedFile>(files.length);
  const waiting = files.entries();
  const work = async () => {
    for (const [index, file] of waiting) {
      throwIfAborted(signal);
      results[index] = await inspectOne(file);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}
