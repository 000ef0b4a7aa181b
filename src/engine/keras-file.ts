import type { KerasContents } from '../graph/model-proposal.ts';
import { abortError, throwIfAborted } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { readHdf5Start } from './hdf5-superblock.ts';
import type { KerasMessage } from './keras-worker.ts';
import KerasWorker from './keras-worker.ts?worker&url';
import { ReadingWatch } from './reading-watch.ts';
import { startInnerWorker } from './start-inner-worker.ts';

/** The library itself comes over the network the first time. */
const START_LIMIT_MS = 60_000;

/**
 * Opens a Keras `.h5`. The HDF5 library is fetched only now, and runs in a worker of its own that is ended afterwards.
 *
 * @param bytes of the file; they go to that worker and are empty afterwards.
 * @throws RemoteError 'backbone-corrupt' | 'backbone-unsupported'; DOMException 'AbortError'.
 */
export async function readKerasFile(bytes: ArrayBuffer, signal: AbortSignal): Promise<KerasContents> {
  throwIfAborted(signal);
  const start = readHdf5Start(bytes);
  if (start === 'not-hdf5') throw corrupt('This is not an HDF5 file, although its name says so.');
  if (start === 'cut-short')
    throw corrupt('The file is incomplete: it ends before its data. Download or copy it again.');
  const worker = startInnerWorker(KerasWorker, 'graft-keras');
  const ended = new AbortController();
  try {
    return await new Promise<KerasContents>((resolve, reject) => {
      const startTimer = setTimeout(() => reject(endless()), START_LIMIT_MS);
      const watch = new ReadingWatch(bytes.byteLength, () => reject(endless()));
      ended.signal.addEventListener('abort', () => {
        clearTimeout(startTimer);
        watch.end();
      });
      signal.addEventListener('abort', () => reject(abortError()), { signal: ended.signal });
      worker.onerror = (event) => {
        // Unhandled here, the error of a helper would count as one of the engine and end it.
        event.preventDefault();
        reject(new RemoteError('backbone-corrupt', `The file could not be read: ${event.message}`));
      };
      worker.onmessage = ({ data }: MessageEvent<KerasMessage>) => {
        clearTimeout(startTimer);
        if (data.kind === 'done') resolve(data.contents);
        else if (data.kind === 'refused') reject(new RemoteError(data.code, data.detail));
        else watch.gotOn();
      };
      worker.postMessage(bytes, [bytes]);
    });
  } finally {
    ended.abort();
    worker.terminate();
  }
}

const corrupt = (message: string) => new RemoteError('backbone-corrupt', message);

function endless(): RemoteError {
  return corrupt('Reading the file did not come to an end, so it was given up.');
}
