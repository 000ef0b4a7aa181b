import { File as Hdf5File, ready } from 'h5wasm';
import type { KerasContents } from '../graph/model-proposal.ts';
import { Refusal, readKerasContents } from './keras-contents.ts';

/**
 * Reads one Keras file in a worker of its own: the HDF5 library may not come back from a file made to harm it, and then
 * the worker is ended. Every message tells that it is still getting on.
 */
export type KerasMessage =
  | { readonly kind: 'progress' }
  | { readonly kind: 'done'; readonly contents: KerasContents }
  /** `detail` names what is at fault. */
  | { readonly kind: 'refused'; readonly code: 'backbone-corrupt' | 'backbone-unsupported'; readonly detail: string };

const FILE_NAME = 'model.h5';
const MAX_DETAIL_LENGTH = 300;

function post(message: KerasMessage, transfer: ArrayBuffer[] = []): void {
  self.postMessage(message, { transfer });
}

async function read(bytes: ArrayBuffer): Promise<void> {
  const library = await ready;
  // Its own way is to print failures and to go on with whatever there is.
  library.activate_throwing_error_handler();
  post({ kind: 'progress' });
  try {
    library.FS.createDataFile('/', FILE_NAME, new Uint8Array(bytes), true, false, true);
    const file = new Hdf5File(`/${FILE_NAME}`, 'r');
    const contents = readKerasContents(file, bytes.byteLength, () => post({ kind: 'progress' }));
    const buffers = contents.layers.flatMap(({ weights }) => weights.map(({ weight }) => weight.values.buffer));
    post({ kind: 'done', contents }, buffers as ArrayBuffer[]);
  } catch (error) {
    if (error instanceof Refusal) return post({ kind: 'refused', code: error.code, detail: error.message });
    const detail = `The file is damaged, or no HDF5 file: ${error instanceof Error ? error.message : String(error)}`;
    post({ kind: 'refused', code: 'backbone-corrupt', detail: detail.slice(0, MAX_DETAIL_LENGTH) });
  }
}

self.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => void read(data);
