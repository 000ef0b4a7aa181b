import type { ContentHash } from '../domain/dataset.ts';
import type { BlobStore } from '../storage/blob-store.ts';

/** Addresses kept; a screen shows a few hundred. */
const KEPT = 3000;
/**
 * Thumbnails per read. The page waits for the browser while an address is made, up to milliseconds each on a busy
 * machine: a screenful at once would hold it, and the first picture would come with the last.
 */
const READ_TOGETHER = 16;

/** Object addresses of thumbnails, read in the order asked for, a few at a time; the oldest are revoked. */
export class Thumbnails {
  readonly #store: BlobStore;
  readonly #urls = new Map<ContentHash, string>();
  readonly #waiting = new Map<ContentHash, (() => void)[]>();
  #scheduled = false;

  constructor(store: BlobStore) {
    this.#store = store;
  }

  /** The address, or null; then `onReady` is called once it is there. */
  url(hash: ContentHash, onReady: () => void): string | null {
    const known = this.#urls.get(hash);
    if (known !== undefined) {
      this.#urls.delete(hash);
      this.#urls.set(hash, known);
      return known;
    }
    const waiting = this.#waiting.get(hash);
    if (waiting === undefined) this.#waiting.set(hash, [onReady]);
    else waiting.push(onReady);
    this.#schedule();
    return null;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (let start = 0; start < waiting.length; start += READ_TOGETHER) {
        void this.#read(new Map(waiting.slice(start, start + READ_TOGETHER)));
      }
    });
  }

  async #read(waiting: ReadonlyMap<ContentHash, readonly (() => void)[]>): Promise<void> {
    // A thumbnail that cannot be read leaves its tile blank; the image itself is not touched.
    const blobs = await this.#store.getMany([...waiting.keys()]).catch(() => new Map<ContentHash, Blob>());
    for (const [hash, blob] of blobs) this.#urls.set(hash, URL.createObjectURL(blob));
    this.#forgetOldest();
    for (const hash of blobs.keys()) for (const onReady of waiting.get(hash) ?? []) onReady();
  }

  #forgetOldest(): void {
    for (const [hash, url] of this.#urls) {
      if (this.#urls.size <= KEPT) return;
      this.#urls.delete(hash);
      URL.revokeObjectURL(url);
    }
  }
}
