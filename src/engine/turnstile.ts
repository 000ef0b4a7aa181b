/** Lets a fixed number of pieces of work run at a time, in order of arrival. */
export class Turnstile {
  private freeCount: number;
  private readonly waiting: (() => void)[] = [];

  constructor(concurrency: number) {
    this.freeCount = concurrency;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.freeCount > 0) this.freeCount -= 1;
    else await new Promise<void>((begin) => this.waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place is handed on rather than freed, so that nobody slips in between.
      if (next === undefined) this.freeCount += 1;
      else next();
    }
  }
}
