/** Stretches in which the device is left alone, so that what is timed is not disturbed. */
export class QuietTime {
  private current: Promise<unknown> = Promise.resolve();

  /** Runs what is to be timed. */
  keep<R>(work: () => Promise<R>): Promise<R> {
    const turn = work();
    this.current = turn.catch(() => null);
    return turn;
  }

  /** Resolves once nothing is being timed. */
  async over(): Promise<void> {
    await this.current;
  }
}
