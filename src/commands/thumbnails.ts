import type { ContentHash } from '../domain/dataset.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import type { ThumbnailStore } from '../storage/thumbnail-store.ts';

/** Addresses kept, each as long as the picture; a screen shows a few hundred. */
const KEPT = 1500;
/** Thumbnails per read: were a screenful read at once, the first picture would come with the last. */
const READ_TOGETHER = 16;
/** Arguments of one call; browsers take at least 65,000. */
const BYTES_PER_CALL = 8192;

/**
 * Addresses of thumbnails, read in the order asked for, a few at a time; the oldest are forgotten. The address is the
 * picture itself (`data:`): for an object address the page would wait for the browser, up to milliseconds each.
 */
export class Thumbnails {
  readonly #store: ThumbnailStore;
  readonly #urls = new Map<ContentHash, string>();
  readonly #waiting = new Map<ContentHash, (() => void)[]>();
  #scheduled = false;

  constructor(store: ThumbnailStore) {
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
    const files = await this.#store.getMany([...waiting.keys()]).catch(() => new Map<ContentHash, ThumbnailFile>());
    for (const [hash, file] of files) this.#urls.set(hash, dataAddress(file));
    this.#forgetOldest();
    for (const hash of files.keys()) for (const onReady of waiting.get(hash) ?? []) onReady();
  }

  #forgetOldest(): void {
    for (const hash of this.#urls.keys()) {
      if (this.#urls.size <= KEPT) return;
      this.#urls.delete(hash);
    }
  }
}

function dataAddress({ bytes, mediaType }: ThumbnailFile): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += BYTES_PER_CALL) {
    binary += String.fromCharCode(...bytes.subarray(start, start + BYTES_PER_CALL));
  }
  return `data:${mediaType};base64,${btoa(binary)}`;
}
