import type { InspectedFile } from './contract.ts';
import { isBrighterThan, RejectedImage, toPixels, toPreview, withImage } from './decode.ts';
import type { InspectedPicture, PixelWish } from './decode-calls.ts';
import { isDeepPng } from './image-header.ts';
import { sha256Hex } from './sha256.ts';

/** What 13 of 16 bits come to in 8. A picture that is stretched to its own maximum would no longer compare with others, so it is told. */
const DARK_LEVEL = 31;

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
      const bytes = await file.arrayBuffer();
      const isAlmostBlack = isDeepPng(new Uint8Array(bytes)) && !isBrighterThan(bitmap, DARK_LEVEL);
      const [hash, preview] = await Promise.all([sha256Hex(bytes), toPreview(bitmap)]);
      const facts = { mediaType, takenAtMs, isAlmostBlack };
      return { result: { kind: 'image', hash, widthPx, heightPx, ...facts, ...preview }, pixels };
    });
  } catch (error) {
    return { result: rejected(error), pixels: null };
  }
}
