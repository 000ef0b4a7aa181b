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
const PAGE_BYTES = 65_536;
/** The library begins with 19 MB. It holds what it knows of the file, and one weight at a time. */
const BASE_BYTES = 48 * 2 ** 20;

const memory = limitMemory();

function post(message: KerasMessage, transfer: ArrayBuffer[] = []): void {
  self.postMessage(message, { transfer });
}

/** The library asks for memory through this one call, and fails as on a full machine when it is refused. */
function limitMemory(): { limitBytes: number; wasRefused: boolean } {
  const state = { limitBytes: BASE_BYTES, wasRefused: false };
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pageCount: number) {
    if (this.buffer.byteLength + pageCount * PAGE_BYTES > state.limitBytes) {
      state.wasRefused = true;
      throw new RangeError('No more memory is given for this file');
    }
    return grow.call(this, pageCount);
  };
  return state;
}

async function read(bytes: ArrayBuffer): Promise<void> {
  memory.limitBytes = BASE_BYTES + 2 * bytes.byteLength;
  const library = await ready;
  // Its own way is to print failures and to go on with whatever there is.
  library.activate_throwing_error_handler();
  post({ kind: 'progress' });
  try {
    library.FS.createDataFile('/', FILE_NAME, new Uint8Array(bytes), true, false, true);
    const file = new Hdf5File(`/${FILE_NAME}`, 'r');
    post({ kind: 'progress' });
    const contents = readKerasContents(file, bytes.byteLength, () => post({ kind: 'progress' }));
    const buffers = contents.layers.flatMap(({ weights }) => weights.map(({ weight }) => weight.values.buffer));
    post({ kind: 'done', contents }, buffers as ArrayBuffer[]);
  } catch (error) {
    if (error instanceof Refusal) return post({ kind: 'refused', code: error.code, detail: error.message });
    const reason = error instanceof Error ? error.message : String(error);
    const detail = memory.wasRefused
      ? 'The file is damaged: it asks for more memory than a file of its size can need.'
      : `The file is damaged, or no HDF5 file: ${reason}`;
    post({ kind: 'refused', code: 'backbone-corrupt', detail: detail.slice(0, MAX_DETAIL_LENGTH) });
  }
}

self.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => void read(data);
