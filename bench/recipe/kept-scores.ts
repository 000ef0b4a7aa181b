import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Scores of earlier runs of the bench, by their key; a score is kept as soon as it is there. */
export class KeptScores<Score> {
  private readonly scores = new Map<string, Score>();

  /** @param fresh true leaves aside what is kept. */
  constructor(
    private readonly file: string,
    fresh: boolean,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    if (fresh || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) this.take(line);
  }

  get(key: string): Score | undefined {
    return this.scores.get(key);
  }

  set(key: string, score: Score): void {
    this.scores.set(key, score);
    appendFileSync(this.file, `\n${JSON.stringify({ key, score })}`);
  }

  private take(line: string): void {
    if (line === '') return;
    try {
      const { key, score } = JSON.parse(line) as { readonly key: string; readonly score: Score };
      this.scores.set(key, score);
    } catch (error) {
      // The last line of a run that was ended while it wrote.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
}
