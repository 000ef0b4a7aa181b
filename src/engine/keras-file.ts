import type { KerasContents } from '../graph/model-proposal.ts';
import { abortError, throwIfAborted } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { KerasMessage } from './keras-worker.ts';
import KerasWorker from './keras-worker.ts?worker&url';
import { startInnerWorker } from './start-inner-worker.ts';

/** Silence after which the library is taken to be caught in a loop. Reading one layer takes milliseconds. */
const SILENCE_LIMIT_MS = 3000;
/** The library itself comes over the network the first time. */
const START_LIMIT_MS = 60_000;

/** The first bytes of every HDF5 file that starts with one; a user block in front is not something Keras writes. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** True when the bytes are those of an HDF5 file. */
function isHdf5(bytes: ArrayBuffer): boolean {
  const start = new Uint8Array(bytes, 0, Math.min(SIGNATURE.length, bytes.byteLength));
  return SIGNATURE.every((byte, index) => start[index] === byte);
}

/**
 * Opens a Keras `.h5`. The HDF5 library is fetched only now, and runs in a worker of its own that is ended afterwards.
 *
 * @param bytes of the file; they go to that worker and are empty afterwards.
 * @throws RemoteError 'backbone-corrupt' | 'backbone-unsupported'; DOMException 'AbortError'.
 */
export async function readKerasFile(bytes: ArrayBuffer, signal: AbortSignal): Promise<KerasContents> {
  throwIfAborted(signal);
  if (!isHdf5(bytes)) throw new RemoteError('backbone-corrupt', 'This is not an HDF5 file, although its name says so.');
  const worker = startInnerWorker(KerasWorker, 'graft-keras');
  const ended = new AbortController();
  try {
    return await new Promise<KerasContents>((resolve, reject) => {
      let timer = setTimeout(() => reject(silent()), START_LIMIT_MS);
      ended.signal.addEventListener('abort', () => clearTimeout(timer));
      signal.addEventListener('abort', () => reject(abortError()), { signal: ended.signal });
      worker.onerror = (event) => {
        // Unhandled here, the error of a helper would count as one of the engine and end it.
        event.preventDefault();
        reject(new RemoteError('backbone-corrupt', `The file could not be read: ${event.message}`));
      };
      worker.onmessage = ({ data }: MessageEvent<KerasMessage>) => {
        clearTimeout(timer);
        if (data.kind === 'done') resolve(data.contents);
        else if (data.kind === 'refused') reject(new RemoteError(data.code, data.detail));
        else timer = setTimeout(() => reject(silent()), SILENCE_LIMIT_MS);
      };
      worker.postMessage(bytes, [bytes]);
    });
  } finally {
    ended.abort();
    worker.terminate();
  }
}

function silent(): RemoteError {
  return new RemoteError('backbone-corrupt', 'Reading the file did not come to an end, so it was given up.');
}
