import type { ContentHash } from '../domain/dataset.ts';
import { RejectedImage } from './decode.ts';
import type { PixelWish } from './decode-calls.ts';
import type { EmbedItem } from './embed-images.ts';
import type { PictureDesk } from './picture-desk.ts';

interface SamplePicture {
  readonly hash: ContentHash;
  /** uint8 [side, side, 3] RGB. */
  readonly pixels: Uint8Array;
}

/** Keeps the pixels of the pictures shown last, so that a slider decodes nothing. */
export class SamplePictures {
  private kept = new Map<string, Uint8Array>();

  constructor(private readonly desk: PictureDesk) {}

  /** @returns those that can be decoded, in order. @throws DOMException 'AbortError'. */
  async take(images: readonly EmbedItem[], wish: PixelWish, signal: AbortSignal): Promise<SamplePicture[]> {
    const before = this.kept;
    const next = new Map<string, Uint8Array>();
    const taken = await Promise.all(
      images.map(async ({ hash, blob }) => {
        const key = `${wish.side}/${wish.mode}/${hash}`;
        const pixels = before.get(key) ?? (await this.decode(hash, blob, wish, signal));
        if (pixels === null) return [];
        next.set(key, pixels);
        return [{ hash, pixels }];
      }),
    );
    this.kept = next;
    return taken.flat();
  }

  private async decode(hash: ContentHash, blob: Blob, wish: PixelWish, signal: AbortSignal) {
    try {
      return await this.desk.pixels(hash, blob, wish, signal);
    } catch (error) {
      if (!(error instanceof RejectedImage)) throw error;
      return null;
    }
  }
}
