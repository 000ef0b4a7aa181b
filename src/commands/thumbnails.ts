import type { ContentHash } from '../domain/dataset.ts';
import type { BlobStore } from '../storage/blob-store.ts';

/** Addresses kept; a screen shows a few hundred. */
const KEPT = 3000;

/** Object addresses of thumbnails, read in one go per frame, the oldest revoked. */
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
      void this.#read();
    });
  }

  async #read(): Promise<void> {
    const waiting = new Map(this.#waiting);
    this.#waiting.clear();
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
