/** Silence is counted in ticks of this length. */
const TICK_MS = 1000;
/** Silent ticks after a cancel until a worker counts as hung. */
const CANCEL_LIMIT_TICKS = 10;
/**
 * Silent ticks at work. Two minutes: compiling shaders on a software device holds a worker for over a minute and a half,
 * and killing one that would have come back costs more than waiting for one that will not.
 */
const WORK_LIMIT_TICKS = 120;
/** After a cancel a worker may be silent for this many times the longest silence it has come back from: it is slow, not dead. */
const KNOWN_SILENCE_FACTOR = 2;

export interface HeartbeatOptions {
  /** Resolves once the other side answers. */
  readonly ping: () => Promise<void>;
  /** Called once, when the other side has been silent too long. */
  readonly onHung: () => void;
  readonly tickMs?: number;
}

/**
 * Tells a worker that is slow from one that is dead: whatever comes from it, a beat from inside its work included, is a sign of
 * life. Silence is counted in ticks, not in time, and what waits is let in before a tick counts: neither a computer that
 * slept nor a busy page takes its own pause for silence. An idle worker is left alone.
 */
export class Heartbeat {
  private workCount = 0;
  private unheardCancels = 0;
  private cancelsHeard: Promise<unknown> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isPinging = false;
  private silentTicks = 0;
  private longestSilence = 0;

  constructor(private readonly options: HeartbeatOptions) {}

  /** Something came from the worker. */
  heard(): void {
    this.longestSilence = Math.max(this.longestSilence, this.silentTicks);
    this.silentTicks = 0;
  }

  /** Watches as long as `work` is under way. @returns what `work` resolves with. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.workCount += 1;
    this.watch();
    try {
      return await work;
    } finally {
      this.workCount -= 1;
      this.restIfIdle();
    }
  }

  /** To be called once a cancel is on its way: until the worker has heard it, silence is borne for a shorter time. */
  cancelled(): void {
    this.unheardCancels += 1;
    this.silentTicks = 0;
    this.watch();
    // A closed port rejects: whoever waits then looks for another worker.
    const heard = this.options
      .ping()
      .catch(() => null)
      .then(() => {
        this.unheardCancels -= 1;
        this.restIfIdle();
      });
    this.cancelsHeard = Promise.all([this.cancelsHeard, heard]);
  }

  /** Resolves when the worker has heard every cancel, or its port is closed. */
  async allCancelsHeard(): Promise<void> {
    while (this.unheardCancels > 0) await this.cancelsHeard;
  }

  private watch(): void {
    // Messages that wait since before the tick come in before it counts.
    this.timer ??= setTimeout(() => {
      this.timer = setTimeout(() => this.tick());
    }, this.options.tickMs ?? TICK_MS);
  }

  private tick(): void {
    this.timer = null;
    this.silentTicks += 1;
    if (this.silentTicks >= this.limit()) {
      this.rest();
      this.options.onHung();
      return;
    }
    this.ping();
    this.watch();
  }

  private limit(): number {
    if (this.unheardCancels === 0) return WORK_LIMIT_TICKS;
    return Math.min(WORK_LIMIT_TICKS, Math.max(CANCEL_LIMIT_TICKS, KNOWN_SILENCE_FACTOR * this.longestSilence));
  }

  private ping(): void {
    if (this.isPinging) return;
    this.isPinging = true;
    const answered = () => {
      this.isPinging = false;
    };
    // A closed port rejects: its work ends as well, and with it the watch.
    this.options.ping().then(answered, answered);
  }

  private restIfIdle(): void {
    if (this.workCount === 0 && this.unheardCancels === 0) this.rest();
  }

  private rest(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.silentTicks = 0;
  }
}
