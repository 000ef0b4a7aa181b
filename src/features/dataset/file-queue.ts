import type { DroppedFile } from '../../files/dropped-file.ts';

/** Files that come one by one, read by an import that has begun already. */
export interface FileQueue {
  readonly files: AsyncIterable<DroppedFile>;
  push(file: DroppedFile): void;
  /** Ends `files` once everything pushed has been read. */
  close(): void;
}

/** A queue with one reader. */
export function createFileQueue(): FileQueue {
  const waiting: DroppedFile[] = [];
  let isClosed = false;
  let wake = () => {};
  async function* read(): AsyncGenerator<DroppedFile> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (isClosed) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    files: read(),
    push: (file) => {
      waiting.push(file);
      wake();
    },
    close: () => {
      isClosed = true;
      wake();
    },
  };
}
