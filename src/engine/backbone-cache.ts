import type { ModelFiles } from './model-files.ts';

const CACHE_NAME = 'graft-backbones';
/** Keys of a cache must look like addresses; nothing is ever asked of this host. */
const KEY_BASE = 'https://backbones.graft.invalid/';

const fileKey = (id: string, file: 'model.json' | 'weights.bin' | 'record.json') =>
  `${KEY_BASE}files/${encodeURIComponent(id)}/${file}`;
const proofKey = (name: string) => `${KEY_BASE}proofs/${encodeURIComponent(name)}`;

/** A downloaded network as kept in this browser. */
export interface CachedModel {
  readonly files: ModelFiles;
  /** The SHA-256 recorded when it was downloaded. */
  readonly sha256: string;
}

/** @returns null where the browser has no cache for this page (no secure context, or storage is forbidden). */
async function open(): Promise<Cache | null> {
  if (!('caches' in globalThis)) return null;
  return caches.open(CACHE_NAME).catch(() => null);
}

async function readText(cache: Cache, key: string, field: string): Promise<unknown> {
  const response = await cache.match(key);
  const record: unknown = await response?.json().catch(() => null);
  return typeof record === 'object' && record !== null && field in record ? Reflect.get(record, field) : null;
}

/** @returns a network downloaded before, not yet checked, or null. */
export async function readCachedModel(id: string): Promise<CachedModel | null> {
  const cache = await open();
  if (cache === null) return null;
  const sha256 = await readText(cache, fileKey(id, 'record.json'), 'sha256');
  const model = await cache.match(fileKey(id, 'model.json'));
  const weights = await cache.match(fileKey(id, 'weights.bin'));
  if (typeof sha256 !== 'string' || model === undefined || weights === undefined) return null;
  const modelBytes = new Uint8Array(await model.arrayBuffer());
  return { sha256, files: { modelBytes, weightData: await weights.arrayBuffer() } };
}

/** Keeps a download. The record goes in last, so half a download never counts. A full disk only means no copy is kept. */
export async function writeCachedModel(id: string, { files, sha256 }: CachedModel): Promise<void> {
  const cache = await open();
  if (cache === null) return;
  try {
    await cache.put(fileKey(id, 'model.json'), new Response(files.modelBytes));
    await cache.put(fileKey(id, 'weights.bin'), new Response(files.weightData));
    await cache.put(fileKey(id, 'record.json'), Response.json({ sha256 }));
  } catch {
    await deleteCachedModel(id);
  }
}

export async function deleteCachedModel(id: string): Promise<void> {
  const cache = await open();
  for (const file of ['record.json', 'model.json', 'weights.bin'] as const) await cache?.delete(fileKey(id, file));
}

/** Ids of every network kept in this browser. */
export async function listCachedModels(): Promise<string[]> {
  const cache = await open();
  const keys = (await cache?.keys()) ?? [];
  const prefix = `${KEY_BASE}files/`;
  return keys
    .map((request) => request.url)
    .filter((url) => url.startsWith(prefix) && url.endsWith('/record.json'))
    .map((url) => decodeURIComponent(url.slice(prefix.length, -'/record.json'.length)));
}

/** @returns the folding error proved earlier under this name, or null. */
export async function readProof(name: string): Promise<number | null> {
  const cache = await open();
  const error = cache === null ? null : await readText(cache, proofKey(name), 'foldingErrorRatio');
  return typeof error === 'number' ? error : null;
}

/** Keeps a proof so that the next start need not repeat it. */
export async function writeProof(name: string, foldingErrorRatio: number): Promise<void> {
  const cache = await open();
  await cache?.put(proofKey(name), Response.json({ foldingErrorRatio })).catch(() => null);
}

const batchSizeKey = (name: string) => `${KEY_BASE}batch-sizes/${encodeURIComponent(name)}`;

/** @returns the batch size found earlier under this name, or null. */
export async function readBatchSize(name: string): Promise<number | null> {
  const cache = await open();
  const size = cache === null ? null : await readText(cache, batchSizeKey(name), 'batchSize');
  return typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= 64 ? size : null;
}

/** Keeps a batch size so that the next start need not measure again. */
export async function writeBatchSize(name: string, batchSize: number): Promise<void> {
  const cache = await open();
  await cache?.put(batchSizeKey(name), Response.json({ batchSize })).catch(() => null);
}
