import { throwIfAborted } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { sha256Hex } from './sha256.ts';

/** A tfjs model as it is downloaded and kept. */
export interface TfjsFiles {
  readonly kind: 'tfjs';
  /** The bytes of model.json. */
  readonly modelBytes: Uint8Array<ArrayBuffer>;
  /** All binaries, joined in the order of the manifest. */
  readonly weightData: ArrayBuffer;
}

/** A network's files; a single one is a .safetensors or .h5, as its name says. */
export type ModelFiles = TfjsFiles | { readonly kind: 'single'; readonly name: string; readonly bytes: ArrayBuffer };

/** How a download reports: bytes so far, and the total, 0 while unknown. */
export type OnBytes = (loadedBytes: number, totalBytes: number) => void;

const MAX_MODEL_JSON_BYTES = 16 * 1024 * 1024;
const MAX_WEIGHT_BYTES = 1024 * 1024 * 1024;
const MAX_SHARDS = 2000;
const PARALLEL_SHARDS = 4;
const BACK_OFF_MS: readonly number[] = [500, 2000];

const unreachable = (message: string, cause?: unknown) => new RemoteError('backbone-unreachable', message, { cause });
const corrupt = (message: string, cause?: unknown) => new RemoteError('backbone-corrupt', message, { cause });

/** An answer that a second request may change: the server is busy or the line broke. */
class Passing extends Error {}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Waits, but not past a cancel. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

async function readBody(response: Response, limitBytes: number, onChunk: (bytes: number) => void) {
  const chunks: Uint8Array[] = [];
  let loadedBytes = 0;
  if (response.body === null) throw new Passing('The answer was empty.');
  for await (const chunk of response.body) {
    chunks.push(chunk);
    loadedBytes += chunk.byteLength;
    if (loadedBytes > limitBytes) throw corrupt(`${response.url} is larger than it may be.`);
    onChunk(chunk.byteLength);
  }
  return join(chunks);
}

async function fetchOnce(url: string, limitBytes: number, onChunk: (bytes: number) => void, signal: AbortSignal) {
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    throw new Passing(error instanceof Error ? error.message : String(error));
  });
  if (response.status === 429 || response.status >= 500) throw new Passing(`The server answered ${response.status}.`);
  if (!response.ok) throw unreachable(`${url} was answered with ${response.status}.`);
  return readBody(response, limitBytes, onChunk);
}

/** One file, tried three times. Progress of a failed try is taken back. */
async function fetchFile(url: string, limitBytes: number, onChunk: (bytes: number) => void, signal: AbortSignal) {
  for (const backOffMs of [...BACK_OFF_MS, null]) {
    throwIfAborted(signal);
    let loadedBytes = 0;
    const count = (bytes: number) => {
      loadedBytes += bytes;
      onChunk(bytes);
    };
    try {
      return await fetchOnce(url, limitBytes, count, signal);
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof RemoteError) throw error;
      onChunk(-loadedBytes);
      if (backOffMs === null) throw unreachable(`${url} could not be reached. ${String(error)}`, error);
      await pause(backOffMs, signal);
    }
  }
  throw unreachable(`${url} could not be reached.`);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.byteLength;
  }
  return joined;
}

/** @throws RemoteError 'backbone-corrupt' when the text is no JSON. */
export function parseModelJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw corrupt('model.json is not readable JSON.', error);
  }
}

/** Addresses of the binaries, in order. They lie beside model.json and keep its query, which some hosts ask for. */
function shardUrls(model: unknown, modelUrl: string): string[] {
  const groups = isObject(model) ? model.weightsManifest : null;
  if (!Array.isArray(groups)) throw corrupt('model.json has no list of weights.');
  const paths = groups.flatMap((group: unknown) => (isObject(group) && Array.isArray(group.paths) ? group.paths : []));
  if (paths.length > MAX_SHARDS) throw corrupt('model.json lists too many files.');
  const base = new URL(modelUrl);
  return paths.map((path: unknown) => {
    const url = typeof path === 'string' && URL.canParse(path, base) ? new URL(path, base) : null;
    if (url === null || url.origin !== base.origin) throw corrupt('model.json lists a file that is not beside it.');
    if (url.search === '') url.search = base.search;
    return url.href;
  });
}

const BYTES_OF_TYPE: Readonly<Record<string, number>> = { uint8: 1, bool: 1, uint16: 2, float16: 2 };

/** Sum over the manifest's shapes; only for progress, so anything odd counts as nothing. */
function weightByteCount(model: unknown): number {
  const groups = isObject(model) && Array.isArray(model.weightsManifest) ? model.weightsManifest : [];
  let byteCount = 0;
  for (const group of groups) {
    for (const spec of isObject(group) && Array.isArray(group.weights) ? group.weights : []) {
      if (!isObject(spec) || !Array.isArray(spec.shape)) continue;
      const stored = isObject(spec.quantization) ? spec.quantization.dtype : spec.dtype;
      const elementCount = spec.shape.reduce((product: number, length: unknown) => product * Number(length), 1);
      byteCount += elementCount * (BYTES_OF_TYPE[String(stored)] ?? 4);
    }
  }
  return Number.isFinite(byteCount) ? byteCount : 0;
}

/** Formats that are one file. */
const SINGLE_FILE = /[^/]+\.(safetensors|h5|hdf5)$/;

/**
 * Downloads a model.json and the binaries it lists, or a single file. Every file is tried three times with growing pauses.
 *
 * @param modelUrl absolute; the ending of its path says which it is.
 * @param expectedBytes shown as the total of a single file; 0 when unknown.
 * @throws RemoteError 'backbone-unreachable' | 'backbone-corrupt'; DOMException 'AbortError'.
 */
export async function fetchModelFiles(
  modelUrl: string,
  expectedBytes: number,
  onBytes: OnBytes,
  signal: AbortSignal,
): Promise<ModelFiles> {
  const [name] = SINGLE_FILE.exec(new URL(modelUrl).pathname) ?? [];
  if (name === undefined) return fetchTfjsFiles(modelUrl, onBytes, signal);
  let loadedBytes = 0;
  const onChunk = (bytes: number) => {
    loadedBytes += bytes;
    onBytes(loadedBytes, expectedBytes === 0 ? 0 : Math.max(expectedBytes, loadedBytes));
  };
  const { buffer } = await fetchFile(modelUrl, MAX_WEIGHT_BYTES, onChunk, signal);
  return { kind: 'single', name, bytes: buffer };
}

/** As `fetchModelFiles`, for a model.json. */
export async function fetchTfjsFiles(modelUrl: string, onBytes: OnBytes, signal: AbortSignal): Promise<TfjsFiles> {
  let loadedBytes = 0;
  let totalBytes = 0;
  const onChunk = (bytes: number) => {
    loadedBytes += bytes;
    onBytes(loadedBytes, totalBytes === 0 ? 0 : Math.max(totalBytes, loadedBytes));
  };
  const modelBytes = await fetchFile(modelUrl, MAX_MODEL_JSON_BYTES, onChunk, signal);
  const model = parseModelJson(modelBytes);
  totalBytes = modelBytes.byteLength + weightByteCount(model);
  const shards = await fetchShards(shardUrls(model, modelUrl), onChunk, signal);
  return { kind: 'tfjs', modelBytes, weightData: join(shards).buffer };
}

/** Some at a time; the first failure ends the others. */
async function fetchShards(urls: readonly string[], onChunk: (bytes: number) => void, signal: AbortSignal) {
  const shards = new Array<Uint8Array>(urls.length);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const waiting = urls.entries();
  const work = async () => {
    for (const [index, url] of waiting) shards[index] = await fetchFile(url, MAX_WEIGHT_BYTES, onChunk, either);
  };
  const workers = Array.from({ length: PARALLEL_SHARDS }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(workers);
    throw error;
  }
  return shards;
}

/**
 * A tfjs model whose binaries are one file, `weights.bin`, as its model.json then says.
 *
 * @param model parsed model.json that the graph reader has accepted.
 * @param weightData its binaries, joined in the order of the manifest.
 */
export function withOneBinary(model: { readonly weightsManifest: unknown }, weightData: ArrayBuffer): TfjsFiles {
  // The reader has checked that this is a list of groups with weights.
  const groups = model.weightsManifest as readonly { readonly weights: readonly unknown[] }[];
  const weightsManifest = [{ paths: ['weights.bin'], weights: groups.flatMap(({ weights }) => weights) }];
  return {
    kind: 'tfjs',
    modelBytes: new TextEncoder().encode(JSON.stringify({ ...model, weightsManifest })),
    weightData,
  };
}

/** SHA-256 over model.json and the binaries in manifest order, or over the single file. */
export function hashModelFiles(files: ModelFiles): Promise<string> {
  if (files.kind === 'single') return sha256Hex(files.bytes);
  return sha256Hex(join([files.modelBytes, new Uint8Array(files.weightData)]));
}

export function modelFilesBytes(files: ModelFiles): number {
  return files.kind === 'single' ? files.bytes.byteLength : files.modelBytes.byteLength + files.weightData.byteLength;
}
