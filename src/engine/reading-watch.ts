const LOOK_EVERY_MS = 100;
/** Looks without a sign of progress, and looks in all, that a small file may take; reading one takes a few of them. */
const SILENT_LOOKS = 8;
const LOOKS_IN_ALL = 50;
/** A look more for so many bytes: the largest weight is read in one go. */
const BYTES_PER_SILENT_LOOK = 10_000_000;
const BYTES_PER_LOOK = 1_000_000;

/**
 * Watches a worker that reads a file which may be made to keep it busy for ever. It counts its own looks and not the time:
 * a busy machine holds up the looks as it holds up the worker.
 */
export class ReadingWatch {
  private timer: ReturnType<typeof setInterval> | null = null;
  private silentCount = 0;
  private lookCount = 0;

  /**
   * @param fileBytes size of the file; a large one is given longer.
   * @param giveUp called once, after about a second of silence or five seconds in all for a small file.
   */
  constructor(
    private readonly fileBytes: number,
    private readonly giveUp: () => void,
  ) {}

  /** The worker gave a sign. The watch begins with the first. */
  gotOn(): void {
    this.silentCount = 0;
    this.timer ??= setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  end(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private look(): void {
    this.silentCount += 1;
    this.lookCount += 1;
    const isSilent = this.silentCount > SILENT_LOOKS + this.fileBytes / BYTES_PER_SILENT_LOOK;
    if (!isSilent && this.lookCount <= LOOKS_IN_ALL + this.fileBytes / BYTES_PER_LOOK) return;
    this.end();
    this.giveUp();
  }
}
