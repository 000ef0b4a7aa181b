import { abortError } from '../rpc/abort-error.ts';

/**
 * Passes items on until cancelled, even while the source keeps it waiting, as a slow disk does.
 * @throws DOMException named 'AbortError' once cancelled.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  // One wait at a time: racing each item against one long promise would keep every item alive until the end.
  let interrupt = () => {};
  const abort = () => interrupt();
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      if (signal.aborted) throw abortError();
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        interrupt = () => reject(abortError());
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Not waited for: a source that is stuck would hold up the cancelling as well.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
