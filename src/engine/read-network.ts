import type { BackboneManifest } from '../domain/backbone.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { AnyModel, ModelContents } from '../graph/model-proposal.ts';
import { readAnyModel } from '../graph/read-any-model.ts';
import { readModel } from '../graph/read-model.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { readKerasFile } from './keras-file.ts';
import { type ModelFiles, parseModelJson } from './model-files.ts';

/** A folded network, and a tfjs model that computes the same, to check it against; null where there is none. */
export type ReadNetwork = Pick<AnyModel, 'graph' | 'reference'>;

/**
 * The one place that tells formats of single files apart.
 * @param bytes stay the caller's.
 */
export async function contentsOf(name: string, bytes: ArrayBuffer, signal: AbortSignal): Promise<ModelContents> {
  if (!isKerasFile(name)) return { kind: 'files', files: [{ name, bytes }] };
  // The reader's worker takes what it is given.
  return { kind: 'keras', name, contents: await readKerasFile(bytes.slice(0), signal) };
}

/** True for a file whose name says that it is one of Keras in HDF5. */
export function isKerasFile(name: string): boolean {
  return /\.(h5|hdf5)$/i.test(name);
}

/**
 * Reads, folds and cuts a network as its manifest says.
 * @throws RemoteError 'backbone-unsupported' | 'backbone-corrupt', naming the node or tensor; DOMException 'AbortError'.
 */
export async function readNetwork(
  files: ModelFiles,
  manifest: BackboneManifest,
  signal: AbortSignal,
): Promise<ReadNetwork> {
  if (files.kind === 'single') {
    const contents = await contentsOf(files.name, files.bytes, signal);
    return withRemoteErrors(() => readAnyModel(contents, manifest));
  }
  const modelJson = parseModelJson(files.modelBytes);
  const graph = withRemoteErrors(() => readModel(modelJson, files.weightData, manifest));
  return { graph, reference: { modelJson, weightData: files.weightData } };
}

/** Runs work of the graph reader; its errors get a form that crosses to the page with their code. */
export function withRemoteErrors<R>(work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (error instanceof GraphError) throw new RemoteError(error.code, error.message, { cause: error });
    throw error;
  }
}
