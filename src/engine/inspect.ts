import type { InspectedFile } from './contract.ts';
import { RejectedImage, toPixels, toPreview, withImage } from './decode.ts';
import type { InspectedPicture, PixelWish } from './decode-calls.ts';
import { sha256Hex } from './sha256.ts';

function rejected(error: unknown): InspectedFile {
  if (error instanceof RejectedImage) return { kind: 'rejected', reason: error.reason, detail: error.detail };
  const detail = error instanceof Error ? error.message : String(error);
  return { kind: 'rejected', reason: 'unreadable', detail };
}

/**
 * Looks at a file: hash, type, upright size and thumbnail of an image, the reason for anything else.
 *
 * @param wish pixels to prepare from the same decoding, or null.
 */
export async function inspectFile(file: Blob, wish: PixelWish | null): Promise<InspectedPicture> {
  try {
    return await withImage(file, wish?.side ?? 0, async ({ bitmap, mediaType, widthPx, heightPx, takenAtMs }) => {
      const pixels = wish === null ? null : toPixels(bitmap, wish.side, wish.mode);
      const [hash, preview] = await Promise.all([sha256Hex(await file.arrayBuffer()), toPreview(bitmap)]);
      return { result: { kind: 'image', hash, widthPx, heightPx, mediaType, takenAtMs, ...preview }, pixels };
    });
  } catch (error) {
    return { result: rejected(error), pixels: null };
  }
}
