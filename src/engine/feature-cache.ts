import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ContentHash } from '../domain/dataset.ts';
import type { ResizeMode } from '../domain/project.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { PackedRow } from './packed-row.ts';

type FeatureKey = [featureKey: string, resizeMode: ResizeMode, hash: ContentHash];

interface FeatureDatabase extends DBSchema {
  features: { key: FeatureKey; value: PackedRow };
}

/** Features on disk: one row per backbone, resize mode and image. The only owner of the database 'graft-features'. */
export interface FeatureCache {
  /** Hashes that have a row. */
  list(featureKey: string, mode: ResizeMode): Promise<ReadonlySet<ContentHash>>;
  /** Rows in the order asked for; undefined where there is none. */
  read(featureKey: string, mode: ResizeMode, hashes: readonly ContentHash[]): Promise<(PackedRow | undefined)[]>;
  /** All or nothing. @throws RemoteError 'disk-full'. */
  write(featureKey: string, mode: ResizeMode, rows: readonly StoredRow[]): Promise<void>;
  /** Deletes these images' rows of every backbone and mode. */
  forget(hashes: ReadonlySet<ContentHash>): Promise<void>;
  /** Deletes all rows of feature keys that begin with `prefix`, but not with `keptPrefix`, which itself begins with it. */
  forgetKeys(prefix: string, keptPrefix: string): Promise<void>;
  close(): void;
}

/** Features of one image as they are computed. */
export interface FeatureRow {
  readonly hash: ContentHash;
  /** float32 [featureLength], with a buffer of its own: a view would be stored with all of what it looks at. */
  readonly values: Float32Array;
}

/** Features of one image as they are kept. */
interface StoredRow {
  readonly hash: ContentHash;
  readonly packed: PackedRow;
}

/** Rows per request of a scan: 2.5 MB at 1,280 features. */
const SCAN_CHUNK = 1000;

const rangeOf = (featureKey: string, mode: ResizeMode) =>
  IDBKeyRange.bound([featureKey, mode, ''], [featureKey, mode, '\uffff']);

function translate(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'QuotaExceededError') return error;
  return new RemoteError('disk-full', 'The disk space of this browser is used up. Features computed so far are kept.', {
    cause: error,
  });
}

type Database = IDBPDatabase<FeatureDatabase>;

/** One request a row: right for few rows among many. */
function readSingly(database: Database, featureKey: string, mode: ResizeMode, hashes: readonly ContentHash[]) {
  const { store } = database.transaction('features');
  return Promise.all(hashes.map((hash) => store.get([featureKey, mode, hash])));
}

/** All rows in large requests: over twice as fast by row as single ones, measured at 10,000 rows of 1,280. */
async function scan(database: Database, featureKey: string, mode: ResizeMode) {
  const rows = new Map<ContentHash, PackedRow>();
  let range = rangeOf(featureKey, mode);
  for (;;) {
    const { store } = database.transaction('features');
    const [keys, values] = await Promise.all([store.getAllKeys(range, SCAN_CHUNK), store.getAll(range, SCAN_CHUNK)]);
    keys.forEach(([, , hash], index) => {
      const value = values[index];
      if (value !== undefined) rows.set(hash, value);
    });
    const last = keys.at(-1);
    if (last === undefined || keys.length < SCAN_CHUNK) return rows;
    range = IDBKeyRange.bound(last, range.upper, true);
  }
}

/** 2: rows may be halves, which a page of the first version would take for whole numbers. */
const LAYOUT_VERSION = 2;

/** Opens, or makes, the database. Rows of the first layout, float32 all of them, stay as they are. */
export async function openFeatureCache(name = 'graft-features'): Promise<FeatureCache> {
  const database = await openDB<FeatureDatabase>(name, LAYOUT_VERSION, {
    upgrade(database, oldVersion) {
      if (oldVersion < 1) database.createObjectStore('features');
    },
    // Another tab wants a newer layout: let go rather than block it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return {
    async list(featureKey, mode) {
      const keys = await database.getAllKeys('features', rangeOf(featureKey, mode));
      return new Set(keys.map(([, , hash]) => hash));
    },
    async read(featureKey, mode, hashes) {
      const storedCount = await database.count('features', rangeOf(featureKey, mode));
      if (hashes.length * 2 < storedCount) return readSingly(database, featureKey, mode, hashes);
      const rows = await scan(database, featureKey, mode);
      return hashes.map((hash) => rows.get(hash));
    },
    async write(featureKey, mode, rows) {
      try {
        const transaction = database.transaction('features', 'readwrite', { durability: 'relaxed' });
        for (const { hash, packed } of rows) void transaction.store.put(packed, [featureKey, mode, hash]);
        await transaction.done;
      } catch (error) {
        throw translate(error);
      }
    },
    async forget(hashes) {
      const transaction = database.transaction('features', 'readwrite');
      const keys = await transaction.store.getAllKeys();
      for (const key of keys) if (hashes.has(key[2])) void transaction.store.delete(key);
      await transaction.done;
    },
    async forgetKeys(prefix, keptPrefix) {
      // An array sorts behind every text, so that these ranges take in all modes and hashes of a key.
      await database.delete('features', IDBKeyRange.bound([prefix], [keptPrefix], false, true));
      await database.delete('features', IDBKeyRange.bound([`${keptPrefix}\uffff`], [`${prefix}\uffff`]));
    },
    close: () => database.close(),
  };
}
