import type { BackboneEntry, BackboneManifest, BackboneReport } from '../domain/backbone.ts';
import type { FoldedGraph } from '../graph/folded-graph.ts';
import { parameterCountOf } from '../graph/parameter-count.ts';
import { trainableStagesOf } from '../graph/trainable-stages.ts';
import { isAbortError, throwIfAborted } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import {
  deleteCachedModel,
  readCachedModel,
  readProof,
  readSpeed,
  writeCachedModel,
  writeProof,
  writeSpeed,
} from './backbone-cache.ts';
import type { BackendName, DownloadProgress } from './contract.ts';
import { createEmbedder, type Embedder } from './embedder.ts';
import { FEATURE_VERSION } from './feature-version.ts';
import { fetchModelFiles, hashModelFiles, type ModelFiles, modelFilesBytes } from './model-files.ts';
import { type ReadNetwork, readNetwork } from './read-network.ts';
import * as tf from './tf.ts';
import { verifyAgainstUnfolded, verifyFolding } from './verify.ts';
import { warmUp } from './warm-up.ts';

/** A backbone that is ready. The owner disposes it. */
export interface LoadedBackbone {
  readonly graph: FoldedGraph;
  readonly embedder: Embedder;
  readonly report: BackboneReport;
  /** Names its features in the cache: id, contents and version of the pre-processing. */
  readonly featureKey: string;
  dispose(): void;
}

/** What loading needs of its surroundings. */
export interface LoadContext {
  readonly backend: BackendName;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly now: () => number;
}

interface CheckedFiles {
  readonly files: ModelFiles;
  readonly sha256: string;
}

/** To be raised when reading or folding changes, so that every network is proved again. */
const FOLDING_VERSION = 2;

/** @returns null when nothing is kept, or when what is kept is damaged; then it is deleted. */
async function fromCache(entry: BackboneEntry): Promise<CheckedFiles | null> {
  if (entry.origin !== 'official' && entry.origin !== 'own') return null;
  const { id } = entry.manifest;
  const cached = await readCachedModel(id);
  if (cached === null) return null;
  const sha256 = await hashModelFiles(cached.files);
  const wanted = entry.manifest.sha256 ?? cached.sha256;
  if (sha256 === wanted && sha256 === cached.sha256) return { files: cached.files, sha256 };
  await deleteCachedModel(id);
  return null;
}

async function fromAddress(url: string, manifest: BackboneManifest, context: LoadContext): Promise<CheckedFiles> {
  const onBytes = (loadedBytes: number, totalBytes: number) =>
    context.onProgress({ loadedBytes, totalBytes: Math.max(totalBytes, 0), stage: 'downloading' });
  const files = await fetchModelFiles(url, manifest.sizeBytes, onBytes, context.signal);
  const sha256 = await hashModelFiles(files);
  if (manifest.sha256 !== undefined && manifest.sha256 !== sha256) {
    throw new RemoteError('backbone-corrupt', `The files at ${url} are not the ones they should be.`);
  }
  return { files, sha256 };
}

/** Tries the addresses in order. @throws the failure of the last one. */
async function fromAddresses(entry: BackboneEntry, context: LoadContext): Promise<CheckedFiles> {
  let failure: unknown = new RemoteError('backbone-unreachable', `${entry.manifest.name} has no address.`);
  for (const url of entry.urls) {
    try {
      return await fromAddress(url, entry.manifest, context);
    } catch (error) {
      if (isAbortError(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** How a conversion was proved, as the report says it. */
type Speed = Pick<BackboneReport, 'millisecondsPerImage' | 'speedMeasured'>;
type Proof = Pick<BackboneReport, 'foldingErrorRatio' | 'provedAgainst'>;

/**
 * Against the original as tfjs runs it; where tfjs cannot, which is so for its own format at times and for single files
 * always, against the network unfolded. The reading of these is held by the tests against the frameworks that write them.
 */
async function prove(entry: BackboneEntry, sha256: string, { graph, reference }: ReadNetwork): Promise<Proof> {
  if (entry.origin === 'bundled') return { foldingErrorRatio: null };
  const { featureLayer, pixels } = entry.manifest;
  const name = [sha256, featureLayer ?? 'output', pixels, FOLDING_VERSION].join(' ');
  const original = await proved(name, async () => {
    return reference && (await verifyFolding(reference.modelJson, reference.weightData, entry.manifest, graph));
  });
  if (original !== null) return { foldingErrorRatio: original, provedAgainst: 'original' };
  const unfolded = await proved(`${name} unfolded`, () => verifyAgainstUnfolded(graph, entry.manifest.name));
  return { foldingErrorRatio: unfolded, provedAgainst: 'unfolded' };
}

/** A proof made earlier under this name, or made and kept now. */
async function proved(name: string, verify: () => Promise<number | null>): Promise<number | null> {
  const kept = await readProof(name);
  if (kept !== null) return kept;
  const errorRatio = await verify();
  if (errorRatio !== null) await writeProof(name, errorRatio);
  return errorRatio;
}

/** What stays: it crosses to the page, and does not hold the network as it was read. */
function foldedOnly({ inputSide, pixels, nodes, featureLength }: FoldedGraph): FoldedGraph {
  return { inputSide, pixels, nodes, featureLength };
}

/** Warms up; batch size and speed are measured once for each device and network and then remembered. */
async function warmUpTuned(embedder: Embedder, sha256: string, context: LoadContext): Promise<Speed> {
  const { backend } = context;
  const name = [backend, backend === 'wasm' ? tf.getThreadsCount() : 1, sha256].join(' ');
  const known = await readSpeed(name);
  const warmedUp = await warmUp(embedder, { ...context, known });
  if (known === null) await writeSpeed(name, warmedUp);
  const { batchSize, millisecondsPerImage } = warmedUp;
  return { millisecondsPerImage, speedMeasured: { batchSize, isFromEarlier: known !== null } };
}

/** Bytes that no picture has; the same ones every time. */
function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 48271) % 251);
}

/** @throws RemoteError 'features-not-finite' for weights that overflow, which no folding error shows. */
async function checkFeatures(embedder: Embedder, name: string): Promise<void> {
  const features = await embedder.embed([noise(embedder.inputSide ** 2 * 3)]);
  if (features.every(Number.isFinite)) return;
  throw new RemoteError('features-not-finite', `${name} turns a picture into features that are not numbers.`);
}

async function fetchChecked(entry: BackboneEntry, context: LoadContext): Promise<CheckedFiles> {
  const cached = await fromCache(entry);
  if (cached !== null) return cached;
  if (entry.origin === 'own') {
    throw new RemoteError('backbone-missing-file', `The file of ${entry.manifest.name} is not in this browser.`);
  }
  const fetched = await fromAddresses(entry, context);
  // A full disk only means that it is downloaded again next time.
  if (entry.origin === 'official') await writeCachedModel(entry.manifest.id, fetched).catch(() => null);
  return fetched;
}

/**
 * Downloads (or takes from this browser), checks, folds, proves and warms up a backbone.
 *
 * @throws RemoteError 'backbone-unreachable' | 'backbone-corrupt' | 'backbone-unsupported' | 'folding-failed';
 * DOMException 'AbortError'. Nothing is left on the device then.
 */
export async function loadBackbone(entry: BackboneEntry, context: LoadContext): Promise<LoadedBackbone> {
  const { manifest } = entry;
  const checked = await fetchChecked(entry, context);
  const sizeBytes = modelFilesBytes(checked.files);
  const stage = (name: DownloadProgress['stage']) => {
    throwIfAborted(context.signal);
    context.onProgress({ loadedBytes: sizeBytes, totalBytes: sizeBytes, stage: name });
  };
  stage('folding');
  const network = await readNetwork(checked.files, manifest, context.signal);
  const graph = foldedOnly(network.graph);
  stage('checking');
  const proof = await prove(entry, checked.sha256, network);
  stage('warming-up');
  const embedder = createEmbedder(graph, context.backend);
  try {
    await checkFeatures(embedder, manifest.name);
    const speed = await warmUpTuned(embedder, checked.sha256, context);
    throwIfAborted(context.signal);
    return {
      graph,
      embedder,
      featureKey: `${manifest.id} ${checked.sha256.slice(0, 16)} v${FEATURE_VERSION}`,
      report: {
        id: manifest.id,
        name: manifest.name,
        inputSide: graph.inputSide,
        featureLength: graph.featureLength,
        parameterCount: parameterCountOf(graph.nodes),
        stages: trainableStagesOf(graph),
        sizeBytes,
        sha256: checked.sha256,
        licence: manifest.licence,
        source: manifest.source,
        ...proof,
        ...speed,
      },
      dispose: () => embedder.dispose(),
    };
  } catch (error) {
    embedder.dispose();
    throw error;
  }
}
