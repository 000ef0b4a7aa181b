/** At most ten batches a second: a chart can show no more, and the calling thread stays free. */
const BATCH_INTERVAL_MS = 100;

/**
 * Collects the events of one call and sends them in batches: one batch unacknowledged at a time, at least
 * `BATCH_INTERVAL_MS` apart. A slow receiver gets fewer, larger batches; nothing is dropped before `drain` or `close`.
 */
export class EventQueue {
  private queued: unknown[] = [];
  private acknowledged = true;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private closed = false;

  /** @param send posts one batch; called with at least one event. */
  constructor(private readonly send: (events: readonly unknown[]) => void) {}

  push(event: unknown): void {
    if (this.closed) return;
    this.queued.push(event);
    this.sendIfAllowed();
  }

  /** The receiver has handled the last batch. */
  acknowledge(): void {
    this.acknowledged = true;
    this.sendIfAllowed();
  }

  /** Ends the queue. @returns the events not yet sent, in order, for the closing message. */
  drain(): readonly unknown[] {
    const rest = this.queued;
    this.close();
    return rest;
  }

  /** Ends the queue and forgets what was not sent. */
  close(): void {
    this.closed = true;
    this.queued = [];
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private sendIfAllowed(): void {
    if (this.closed || !this.acknowledged || this.timer !== null || this.queued.length === 0) return;
    const batch = this.queued;
    this.queued = [];
    this.acknowledged = false;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.sendIfAllowed();
    }, BATCH_INTERVAL_MS);
    this.send(batch);
  }
}
