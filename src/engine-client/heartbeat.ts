/** A worker at work is asked this often whether it still turns. */
const PING_EVERY_MS = 5000;
/**
 * Silent beats until a worker counts as hung. Two minutes: compiling shaders on a software device holds a worker for
 * over a minute and a half, and killing one that would have come back costs more than waiting for one that will not.
 */
const SILENT_BEATS_LIMIT = 24;

export interface HeartbeatOptions {
  /** Resolves once the other side answers. */
  readonly ping: () => Promise<void>;
  /** Called once, when the other side has been silent too long. */
  readonly onHung: () => void;
  readonly pingEveryMs?: number;
  readonly silentBeatsLimit?: number;
}

/**
 * Notices a worker that hangs in the middle of its work. It counts beats, not time, so that a computer that slept does not
 * take its sleep for silence. An idle worker is left alone.
 */
export class Heartbeat {
  private workCount = 0;
  private timer: ReturnType<typeof setInterval> | null = null;
  private waiting = false;
  private silentBeats = 0;

  constructor(private readonly options: HeartbeatOptions) {}

  /** Beats as long as `work` is under way. @returns what `work` resolves with. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.workCount += 1;
    this.timer ??= setInterval(() => this.beat(), this.options.pingEveryMs ?? PING_EVERY_MS);
    try {
      return await work;
    } finally {
      this.workCount -= 1;
      if (this.workCount === 0) this.stop();
    }
  }

  private beat(): void {
    if (this.waiting) {
      this.silentBeats += 1;
      if (this.silentBeats < (this.options.silentBeatsLimit ?? SILENT_BEATS_LIMIT)) return;
      this.stop();
      this.options.onHung();
      return;
    }
    this.waiting = true;
    const answered = () => {
      this.waiting = false;
      this.silentBeats = 0;
    };
    // A closed port rejects: its work ends as well, and with it the beats.
    this.options.ping().then(answered, answered);
  }

  private stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.silentBeats = 0;
  }
}
