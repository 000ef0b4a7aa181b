import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as hdf5 from 'h5wasm/node';
import { readKerasContents } from '../../../../src/engine/keras-contents.ts';
import type { KerasContents } from '../../../../src/graph/model-proposal.ts';

/** What the engine reads of a Keras file, read here by the same library, which on Node works on real files. */
export async function readKerasBytes(bytes: Uint8Array): Promise<KerasContents> {
  const library = await hdf5.ready;
  library.activate_throwing_error_handler();
  const folder = mkdtempSync(join(tmpdir(), 'graft-hdf5-'));
  let file: hdf5.File | null = null;
  try {
    const path = join(folder, 'model.h5');
    writeFileSync(path, bytes);
    file = new hdf5.File(path, 'r');
    return readKerasContents(file, bytes.byteLength, () => {});
  } finally {
    file?.close();
    rmSync(folder, { recursive: true });
  }
}
