import type { ContentHash } from '../domain/dataset.ts';
import { throwIfAborted } from '../rpc/abort-error.ts';
import type { InspectedFile } from './contract.ts';
import type { PixelWish } from './decode-calls.ts';
import type { DecodePool } from './decode-pool.ts';
import { PixelCache } from './pixel-cache.ts';

/** Where files become pixels: in the pool, and only once for a picture that is imported and then embedded. */
export class PictureDesk {
  private readonly prepared = new PixelCache();

  constructor(private readonly pool: DecodePool) {}

  /**
   * @param wish pixels the loaded network will want, prepared beside; null while that is unknown.
   * @returns one result per file, in order; a bad file is a result, never an error.
   * @throws DOMException 'AbortError' once cancelled.
   */
  async inspect(files: readonly Blob[], wish: PixelWish | null, signal: AbortSignal): Promise<InspectedFile[]> {
    throwIfAborted(signal);
    return Promise.all(
      files.map(async (file) => {
        const { result, pixels } = await this.pool.inspect(file, wish, signal);
        if (result.kind === 'image' && wish !== null && pixels !== null) this.prepared.put(result.hash, wish, pixels);
        return result;
      }),
    );
  }

  /**
   * @returns uint8 [side, side, 3] RGB.
   * @throws RejectedImage; DOMException 'AbortError'.
   */
  async pixels(hash: ContentHash, file: Blob, wish: PixelWish, signal: AbortSignal): Promise<Uint8Array> {
    return this.prepared.take(hash, wish) ?? (await this.pool.decode(file, wish, signal));
  }

  /** To be called when another network or resize mode comes into use. */
  keepOnly(wish: PixelWish): void {
    this.prepared.keepOnly(wish);
  }

  forget(hashes: ReadonlySet<ContentHash>): void {
    this.prepared.forget(hashes);
  }
}
