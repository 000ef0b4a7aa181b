import type { FoundNetwork } from '../domain/found-network.ts';
import { NETWORK_LIMIT_BYTES } from '../domain/found-network.ts';
import type { AnyModel, ModelContents, NamedBytes } from '../graph/model-proposal.ts';
import { readAnyModel } from '../graph/read-any-model.ts';
import { throwIfAborted } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { BroughtFile } from './contract.ts';
import { hashModelFiles, type ModelFiles, modelFilesBytes, withOneBinary } from './model-files.ts';
import { contentsOf, isKerasFile, withRemoteErrors } from './read-network.ts';

/** A network as the user brought it, read, and its files in the form in which they are kept. */
export interface BroughtNetwork {
  readonly found: FoundNetwork;
  readonly files: ModelFiles;
}

const isSafetensors = (name: string) => /\.safetensors$/i.test(name);
const lastName = (name: string) => name.slice(name.lastIndexOf('/') + 1);

/**
 * Reads files a user chose: a model.json with its binaries, of tfjs or Teachable Machine, a Keras .h5 or a .safetensors.
 * Nothing in them is trusted, and nothing is read of files beyond 1 GB.
 *
 * @throws RemoteError 'backbone-unsupported' | 'backbone-corrupt' | 'backbone-too-large'; DOMException 'AbortError'.
 */
export async function readBroughtNetwork(files: readonly BroughtFile[], signal: AbortSignal): Promise<BroughtNetwork> {
  const sizeBytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
  if (sizeBytes > NETWORK_LIMIT_BYTES) {
    throw new RemoteError('backbone-too-large', 'The files have more than 1 GB together.');
  }
  const single = files.find(({ name }) => isKerasFile(name) || isSafetensors(name));
  const read = await readBytes(single === undefined ? files : [single], signal);
  const contents =
    single === undefined ? filesContents(read) : await contentsOf(lastName(single.name), firstBytes(read), signal);
  const model = withRemoteErrors(() => readAnyModel(contents));
  throwIfAborted(signal);
  const kept = single === undefined ? tfjsFiles(model) : singleFile(lastName(single.name), firstBytes(read));
  return { found: await describe(model, kept), files: kept };
}

async function readBytes(files: readonly BroughtFile[], signal: AbortSignal): Promise<NamedBytes[]> {
  const read: NamedBytes[] = [];
  for (const { name, blob } of files) {
    throwIfAborted(signal);
    const bytes = await blob.arrayBuffer().catch((error: unknown) => {
      throw new RemoteError('backbone-corrupt', `${name} could not be read.`, { cause: error });
    });
    read.push({ name, bytes });
  }
  throwIfAborted(signal);
  return read;
}

function filesContents(files: readonly NamedBytes[]): ModelContents {
  return { kind: 'files', files };
}

function firstBytes([first]: readonly NamedBytes[]): ArrayBuffer {
  if (first === undefined) throw new RemoteError('backbone-unsupported', 'No file was chosen.');
  return first.bytes;
}

/** A .safetensors or .h5 stays as it is; only its name is made one that every place can take. */
function singleFile(name: string, bytes: ArrayBuffer): ModelFiles {
  return { kind: 'single', name: isSafetensors(name) ? 'model.safetensors' : 'model.h5', bytes };
}

/** The binaries are joined, as those of a download are, and model.json says so. */
function tfjsFiles({ reference }: AnyModel): ModelFiles {
  const model = reference?.modelJson;
  if (reference === null || typeof model !== 'object' || model === null || !('weightsManifest' in model)) {
    throw new RemoteError('backbone-unsupported', 'The network cannot be kept in this browser.');
  }
  return withOneBinary(model, reference.weightData);
}

async function describe({ graph, proposal }: AnyModel, files: ModelFiles): Promise<FoundNetwork> {
  return {
    ...proposal,
    featureLength: graph.featureLength,
    sizeBytes: modelFilesBytes(files),
    sha256: await hashModelFiles(files),
  };
}
