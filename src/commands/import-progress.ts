import type { ImportState, RejectedFile } from '../state/app-state.ts';
import type { CommandContext } from './context.ts';
import { progressRate } from './progress-rate.ts';

/** The page is told at most this often, ms. */
const SHOWN_EVERY_MS = 200;

/** Counts one import and shows the counts. */
export class ImportProgress {
  readonly #ctx: CommandContext;
  readonly #startedAtMs: number;
  #shownAtMs = 0;
  /** Copied when shown: a folder of 10,000 text files is 10,000 rejections. */
  readonly #rejected: RejectedFile[] = [];
  #state: ImportState = {
    id: '',
    kind: 'reading',
    foundCount: 0,
    totalKnown: false,
    doneCount: 0,
    addedCount: 0,
    duplicateCount: 0,
    conflictCount: 0,
    almostBlackCount: 0,
    overlaps: [],
    rejected: [],
    filesPerSecond: 0,
    secondsLeft: null,
    message: null,
  };

  /** @param keepsEarlier true to leave the summary of the import before it on the page. */
  constructor(ctx: CommandContext, id: string, keepsEarlier: boolean) {
    this.#ctx = ctx;
    this.#startedAtMs = ctx.now();
    this.#state = { ...this.#state, id };
    ctx.store.setState(({ import: before, earlierImports }) => ({
      earlierImports: keepsEarlier && before !== null ? [...earlierImports, before] : [],
    }));
    this.#show();
  }

  found(): void {
    this.#change({ foundCount: this.#state.foundCount + 1 });
  }

  allFound(): void {
    this.#change({ totalKnown: true });
  }

  reject(path: string, reason: string): void {
    this.#rejected.push({ path, reason });
    this.#change({ doneCount: this.#state.doneCount + 1 });
  }

  /** Counts a chunk whose new images are on disk. Rejected files of the chunk are already counted as done. */
  keep(counts: { readonly addedCount: number; readonly duplicateCount: number; readonly conflictCount: number }): void {
    const { addedCount, duplicateCount, conflictCount } = counts;
    this.#change({
      doneCount: this.#state.doneCount + addedCount + duplicateCount,
      addedCount: this.#state.addedCount + addedCount,
      duplicateCount: this.#state.duplicateCount + duplicateCount,
      conflictCount: this.#state.conflictCount + conflictCount,
    });
  }

  /** Counts images that were added and taken out again. @param conflictCount how many of them had their photo in another class. */
  takeOut(paths: readonly string[], conflictCount: number, reason: string): void {
    for (const path of paths) this.#rejected.push({ path, reason });
    this.#change({
      addedCount: this.#state.addedCount - paths.length,
      conflictCount: this.#state.conflictCount - conflictCount,
    });
  }

  almostBlack(count: number): void {
    if (count > 0) this.#change({ almostBlackCount: this.#state.almostBlackCount + count });
  }

  overlap(overlaps: ImportState['overlaps']): void {
    this.#change({ overlaps });
  }

  /** @returns the final counts. */
  end(kind: 'done' | 'cancelled' | 'failed', message: string | null): ImportState {
    this.#state = { ...this.#state, kind, message, secondsLeft: null, rejected: [...this.#rejected] };
    this.#show();
    return this.#state;
  }

  #change(change: Partial<ImportState>): void {
    const state = { ...this.#state, ...change };
    const total = state.totalKnown ? state.foundCount : null;
    const rate = progressRate(state.doneCount, total, this.#ctx.now() - this.#startedAtMs);
    this.#state = { ...state, filesPerSecond: rate.perSecond, secondsLeft: rate.secondsLeft };
    if (this.#ctx.now() - this.#shownAtMs >= SHOWN_EVERY_MS) this.#show();
  }

  #show(): void {
    this.#shownAtMs = this.#ctx.now();
    this.#ctx.store.setState({ import: { ...this.#state, rejected: [...this.#rejected] } });
  }
}
