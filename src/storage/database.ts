import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { openDB } from 'idb';
import type { ContentHash, ImageId } from '../domain/dataset.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import { storageError } from './storage-error.ts';

/** 2: thumbnails are no longer blobs. They are not rewritten; who reads one takes both. */
const DATABASE_VERSION = 2;

/** What is in the database 'graft'. Documents are parsed on the way out, hence `unknown`. */
export interface GraftSchema extends DBSchema {
  projects: { key: string; value: unknown };
  /** Without the project's id; keys sort images of one project in order of arrival. */
  images: { key: [projectId: string, imageId: ImageId]; value: unknown };
  /** Bytes as they were dropped; shared by all projects. */
  originals: { key: ContentHash; value: Blob };
  thumbnails: { key: ContentHash; value: ThumbnailFile | Blob };
  runs: { key: [projectId: string, runId: string]; value: unknown };
  artifacts: { key: [projectId: string, runId: string]; value: unknown };
  /** Small facts about the page itself: last project, chosen backend. */
  meta: { key: string; value: unknown };
}

export type GraftDatabase = IDBPDatabase<GraftSchema>;

/** Why a connection ended on its own. */
export type ConnectionEnd = 'newer-page' | 'closed-by-browser';

/**
 * Opens the database, making it on the first visit. The connection closes by itself when a newer Graft in another tab
 * needs to change the database; `onEnd` is told.
 *
 * @throws CodedError 'storage-unavailable', or 'storage-blocked' when another tab holds an older database open.
 */
export async function openDatabase(name: string, onEnd: (end: ConnectionEnd) => void): Promise<GraftDatabase> {
  try {
    return await new Promise<GraftDatabase>((resolve, reject) => {
      const opening = openDB<GraftSchema>(name, DATABASE_VERSION, {
        upgrade: createStores,
        blocked: () => reject(storageError('storage-blocked')),
        blocking: (_current, _blocked, event) => {
          if (event.target instanceof IDBDatabase) event.target.close();
          onEnd('newer-page');
        },
        terminated: () => onEnd('closed-by-browser'),
      });
      opening.then(resolve, reject);
    });
  } catch (error) {
    throw storageError('storage-unavailable', error);
  }
}

function createStores(database: GraftDatabase, oldVersion: number): void {
  if (oldVersion >= 1) return;
  for (const name of ['projects', 'images', 'originals', 'thumbnails', 'runs', 'artifacts', 'meta'] as const) {
    database.createObjectStore(name);
  }
}

/** Key range of everything that belongs to one project in a store keyed by [projectId, id]. */
export function rangeOf(projectId: string): IDBKeyRange {
  // An array sorts after every string, so this is the end of the project's keys.
  return IDBKeyRange.bound([projectId], [projectId, []]);
}

type Reading<Names extends StoreNames<GraftSchema>[]> = IDBPTransaction<GraftSchema, Names, 'readonly'>;
type Writing<Names extends StoreNames<GraftSchema>[]> = IDBPTransaction<GraftSchema, Names, 'readwrite'>;

/** Reads several things as they are at one moment. */
export function together<Names extends StoreNames<GraftSchema>[], Result>(
  database: GraftDatabase,
  storeNames: Names,
  read: (transaction: Reading<Names>) => Promise<Result>,
): Promise<Result> {
  const transaction = database.transaction(storeNames);
  // Each read tells its own failure.
  transaction.done.catch(() => undefined);
  return read(transaction);
}

/**
 * Does all of `work` in one transaction, or nothing: the transaction is taken back when work throws. The writes it asks
 * for need not be awaited; one that fails makes the whole fail.
 *
 * @returns what `work` returns, once everything is written.
 * @throws what work threw, or the transaction's own error, such as QuotaExceededError.
 */
export async function atomically<Names extends StoreNames<GraftSchema>[], Result>(
  database: GraftDatabase,
  storeNames: Names,
  work: (transaction: Writing<Names>, write: (request: Promise<unknown>) => void) => Result | Promise<Result>,
): Promise<Result> {
  const transaction = database.transaction(storeNames, 'readwrite');
  // Its failure is awaited below; until then it must not count as unhandled. The same holds for single writes.
  transaction.done.catch(() => undefined);
  try {
    const result = await work(transaction, (request) => void request.catch(() => undefined));
    await transaction.done;
    return result;
  } catch (error) {
    if (transaction.error === null) abortIfOpen(transaction);
    throw transaction.error ?? error;
  }
}

function abortIfOpen(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}
