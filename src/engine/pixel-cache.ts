import type { ContentHash } from '../domain/dataset.ts';
import type { PixelWish } from './decode-calls.ts';

/** 1,337 squares of 224 px. */
const LIMIT_BYTES = 192 * 1024 * 1024;

/**
 * Squares of pictures that were just imported, so that computing their features need not decode them again.
 * For one side and resize mode at a time; beyond the limit the oldest go first.
 */
export class PixelCache {
  private readonly squares = new Map<ContentHash, Uint8Array>();
  private wish: PixelWish | null = null;
  private usedBytes = 0;

  constructor(private readonly limitBytes = LIMIT_BYTES) {}

  get sizeBytes(): number {
    return this.usedBytes;
  }

  /** @param pixels uint8 [side, side, 3] RGB, kept as it is. */
  put(hash: ContentHash, wish: PixelWish, pixels: Uint8Array): void {
    if (!this.isFor(wish)) {
      this.clear();
      this.wish = wish;
    }
    this.drop(hash);
    this.squares.set(hash, pixels);
    this.usedBytes += pixels.byteLength;
    for (const oldest of this.squares.keys()) {
      if (this.usedBytes <= this.limitBytes) return;
      this.drop(oldest);
    }
  }

  /** Hands a square over: features are computed once. @returns null when there is none of this side and mode. */
  take(hash: ContentHash, wish: PixelWish): Uint8Array | null {
    if (!this.isFor(wish)) return null;
    const pixels = this.squares.get(hash) ?? null;
    this.drop(hash);
    return pixels;
  }

  forget(hashes: ReadonlySet<ContentHash>): void {
    for (const hash of hashes) this.drop(hash);
  }

  /** Drops what is not of this side and mode: nothing will ask for it soon. */
  keepOnly(wish: PixelWish): void {
    if (!this.isFor(wish)) this.clear();
  }

  private isFor({ side, mode }: PixelWish): boolean {
    return this.wish?.side === side && this.wish.mode === mode;
  }

  private drop(hash: ContentHash): void {
    this.usedBytes -= this.squares.get(hash)?.byteLength ?? 0;
    this.squares.delete(hash);
  }

  private clear(): void {
    this.squares.clear();
    this.usedBytes = 0;
  }
}
