import type { ModelContents, NamedBytes } from '../graph/model-proposal.ts';
import { isHdf5, readKerasFile } from './keras-file.ts';

/**
 * Makes of the files a person chose what `readAnyModel` reads. A Keras file is opened with the HDF5 library, which only
 * a worker has; everything else is passed on. A file is known by its first bytes, not by its name.
 *
 * @param files their bytes; those of a Keras file are empty afterwards.
 * @throws RemoteError 'backbone-corrupt' | 'backbone-unsupported'; DOMException 'AbortError'.
 */
export async function openModelFiles(files: readonly NamedBytes[], signal: AbortSignal): Promise<ModelContents> {
  const keras = files.find(({ name, bytes }) => isHdf5(bytes) || /\.(h5|hdf5)$/i.test(name));
  if (keras === undefined) return { kind: 'files', files };
  return { kind: 'keras', name: keras.name, contents: await readKerasFile(keras.bytes, signal) };
}
