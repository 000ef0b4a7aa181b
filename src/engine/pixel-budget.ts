const MEGA = 1_000_000;
/** Pixels of all pictures open at once in one worker: 96 MB decoded. Two of 12 megapixels, as phones take them. */
const BUDGET = 24 * MEGA;
/** A larger picture is opened alone. */
const LARGE = 20 * MEGA;

/**
 * Limits how many pixels are decoded at the same time, in order of arrival, whatever asks for them.
 * Small pictures overlap freely; one over 20 megapixels waits until it is alone.
 */
export class PixelBudget {
  private usedPixels = 0;
  private readonly waiting: { readonly pixels: number; readonly begin: () => void }[] = [];

  /** @param pixelCount 0 when unknown, which counts as much as is allowed beside others. */
  async use<T>(pixelCount: number, work: () => Promise<T>): Promise<T> {
    const pixels = pixelCount > LARGE ? BUDGET : pixelCount === 0 ? LARGE : pixelCount;
    await this.acquire(pixels);
    try {
      return await work();
    } finally {
      this.usedPixels -= pixels;
      this.admit();
    }
  }

  private acquire(pixels: number): Promise<void> {
    return new Promise((begin) => {
      this.waiting.push({ pixels, begin });
      this.admit();
    });
  }

  private admit(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      if (this.usedPixels + next.pixels > BUDGET) return;
      this.waiting.shift();
      this.usedPixels += next.pixels;
      next.begin();
    }
  }
}
