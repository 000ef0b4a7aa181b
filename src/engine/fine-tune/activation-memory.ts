/** Values at all cuts together; 12,000 images of 14 x 14 x 96. */
const MEMORY_BYTES = 448 * 1024 * 1024;

/** Memory that activations at several cuts share. */
export class ActivationMemory {
  private usedBytes = 0;

  constructor(readonly limitBytes = MEMORY_BYTES) {}

  get freeBytes(): number {
    return this.limitBytes - this.usedBytes;
  }

  /** @returns false when there is no room for so many bytes; then none is taken. */
  take(bytes: number): boolean {
    if (bytes > this.freeBytes) return false;
    this.usedBytes += bytes;
    return true;
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    this.usedBytes -= bytes;
  }
}
