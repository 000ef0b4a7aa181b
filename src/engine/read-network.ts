import type { BackboneManifest } from '../domain/backbone.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { AnyModel, ModelContents } from '../graph/model-proposal.ts';
import { readAnyModel } from '../graph/read-any-model.ts';
import { readModel } from '../graph/read-model.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { type ModelFiles, parseModelJson } from './model-files.ts';

/** A folded network, and a tfjs model that computes the same, to check it against; null where there is none. */
export type ReadNetwork = Pick<AnyModel, 'graph' | 'reference'>;

/** The one place that tells formats of single files apart. */
export function contentsOf(name: string, bytes: ArrayBuffer): ModelContents {
  if (isKerasFile(name)) throw new RemoteError('backbone-unsupported', `${name}: Keras files cannot be read yet.`);
  return { kind: 'files', files: [{ name, bytes }] };
}

/** True for a file whose name says that it is one of Keras in HDF5. */
export function isKerasFile(name: string): boolean {
  return /\.(h5|hdf5)$/i.test(name);
}

/**
 * Reads, folds and cuts a network as its manifest says.
 * @throws RemoteError 'backbone-unsupported' | 'backbone-corrupt', naming the node or tensor.
 */
export function readNetwork(files: ModelFiles, manifest: BackboneManifest): ReadNetwork {
  return withRemoteErrors(() => {
    if (files.kind === 'tfjs') {
      const modelJson = parseModelJson(files.modelBytes);
      const graph = readModel(modelJson, files.weightData, manifest);
      return { graph, reference: { modelJson, weightData: files.weightData } };
    }
    return readAnyModel(contentsOf(files.name, files.bytes), manifest);
  });
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
