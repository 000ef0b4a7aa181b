import type { BackboneManifest } from '../domain/backbone.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { ModelFiles } from './model-files.ts';
import type { WarmedUp } from './warm-up.ts';

const CACHE_NAME = 'graft-backbones';
/** Keys of a cache must look like addresses; nothing is ever asked of this host. */
const KEY_BASE = 'https://backbones.graft.invalid/';

const fileKey = (id: string, file: string) => `${KEY_BASE}files/${encodeURIComponent(id)}/${encodeURIComponent(file)}`;
const proofKey = (name: string) => `${KEY_BASE}proofs/${encodeURIComponent(name)}`;
const RECORD = 'record.json';

/** A network as kept in this browser. */
export interface CachedModel {
  readonly files: ModelFiles;
  /** The SHA-256 recorded when it was kept. */
  readonly sha256: string;
}

/** @returns null where the browser has no cache for this page (no secure context, or storage is forbidden). */
async function open(): Promise<Cache | null> {
  if (!('caches' in globalThis)) return null;
  return caches.open(CACHE_NAME).catch(() => null);
}

async function readRecord(cache: Cache, key: string): Promise<object> {
  const response = await cache.match(key);
  const record: unknown = await response?.json().catch(() => null);
  return typeof record === 'object' && record !== null ? record : {};
}

const fieldOf = (record: object, field: string): unknown => (field in record ? Reflect.get(record, field) : null);

/** @returns a network kept before, not yet checked, or null. */
export async function readCachedModel(id: string): Promise<CachedModel | null> {
  const cache = await open();
  if (cache === null) return null;
  const record = await readRecord(cache, fileKey(id, RECORD));
  const sha256 = fieldOf(record, 'sha256');
  const name = fieldOf(record, 'file');
  const files = typeof name === 'string' ? await readSingle(cache, id, name) : await readTfjs(cache, id);
  return typeof sha256 === 'string' && files !== null ? { sha256, files } : null;
}

async function readSingle(cache: Cache, id: string, name: string): Promise<ModelFiles | null> {
  const file = await cache.match(fileKey(id, name));
  return file === undefined ? null : { kind: 'single', name, bytes: await file.arrayBuffer() };
}

async function readTfjs(cache: Cache, id: string): Promise<ModelFiles | null> {
  const model = await cache.match(fileKey(id, 'model.json'));
  const weights = await cache.match(fileKey(id, 'weights.bin'));
  if (model === undefined || weights === undefined) return null;
  const modelBytes = new Uint8Array(await model.arrayBuffer());
  return { kind: 'tfjs', modelBytes, weightData: await weights.arrayBuffer() };
}

/**
 * Keeps a network. The record goes in last, so half a network never counts.
 *
 * @param manifest of a network the user brought: it is then listed by `listOwnModels`.
 * @throws RemoteError 'disk-full' | 'storage-unavailable'. Nothing is left behind then.
 */
export async function writeCachedModel(
  id: string,
  { files, sha256 }: CachedModel,
  manifest?: BackboneManifest,
): Promise<void> {
  const cache = await open();
  if (cache === null) throw new RemoteError('storage-unavailable', 'This browser keeps no files for this page.');
  const parts: [string, BodyInit][] =
    files.kind === 'single'
      ? [[files.name, files.bytes]]
      : [
          ['model.json', files.modelBytes],
          ['weights.bin', files.weightData],
        ];
  const file = files.kind === 'single' ? { file: files.name } : {};
  try {
    for (const [name, body] of parts) await cache.put(fileKey(id, name), new Response(body));
    await cache.put(fileKey(id, RECORD), Response.json({ sha256, ...file, ...(manifest && { manifest }) }));
  } catch (error) {
    await deleteCachedModel(id);
    throw new RemoteError('disk-full', 'There is no room for the network in this browser.', { cause: error });
  }
}

export async function deleteCachedModel(id: string): Promise<void> {
  const cache = await open();
  const prefix = `${KEY_BASE}files/${encodeURIComponent(id)}/`;
  const keys = (await cache?.keys()) ?? [];
  // The record first: without it the rest no longer counts.
  await cache?.delete(fileKey(id, RECORD));
  for (const { url } of keys) if (url.startsWith(prefix)) await cache?.delete(url);
}

/** Manifests of the networks the user brought, as they were given; to be checked by whoever uses them. */
export async function listOwnModels(): Promise<unknown[]> {
  const cache = await open();
  if (cache === null) return [];
  const records = (await listCachedModels()).map((id) => readRecord(cache, fileKey(id, RECORD)));
  return (await Promise.all(records)).map((record) => fieldOf(record, 'manifest')).filter((found) => found !== null);
}

/** Ids of every network kept in this browser. */
export async function listCachedModels(): Promise<string[]> {
  const cache = await open();
  const keys = (await cache?.keys()) ?? [];
  const prefix = `${KEY_BASE}files/`;
  return keys
    .map((request) => request.url)
    .filter((url) => url.startsWith(prefix) && url.endsWith(`/${RECORD}`))
    .map((url) => decodeURIComponent(url.slice(prefix.length, -`/${RECORD}`.length)));
}

/** @returns the folding error proved earlier under this name, or null. */
export async function readProof(name: string): Promise<number | null> {
  const cache = await open();
  const error = cache === null ? null : fieldOf(await readRecord(cache, proofKey(name)), 'foldingErrorRatio');
  return typeof error === 'number' ? error : null;
}

/** Keeps a proof so that the next start need not repeat it. */
export async function writeProof(name: string, foldingErrorRatio: number): Promise<void> {
  const cache = await open();
  await cache?.put(proofKey(name), Response.json({ foldingErrorRatio })).catch(() => null);
}

const speedKey = (name: string) => `${KEY_BASE}speeds/${encodeURIComponent(name)}`;

/** @returns what warming up found earlier under this name, or null. */
export async function readSpeed(name: string): Promise<WarmedUp | null> {
  const cache = await open();
  if (cache === null) return null;
  const record = await readRecord(cache, speedKey(name));
  const batchSize = fieldOf(record, 'batchSize');
  const millisecondsPerImage = fieldOf(record, 'millisecondsPerImage');
  if (typeof batchSize !== 'number' || !Number.isInteger(batchSize) || batchSize < 1 || batchSize > 64) return null;
  if (typeof millisecondsPerImage !== 'number' || !(millisecondsPerImage >= 0)) return null;
  return { batchSize, millisecondsPerImage };
}

/** Keeps what warming up found so that the next start need not measure again. */
export async function writeSpeed(name: string, found: WarmedUp): Promise<void> {
  const cache = await open();
  await cache?.put(speedKey(name), Response.json(found)).catch(() => null);
}
