import type { ContentHash } from '../domain/dataset.ts';
import { type GraftDatabase, together } from './database.ts';
import { guarded } from './storage-error.ts';

/** Originals by content. Writing happens with the images, see `image-store.ts`. */
export interface BlobStore {
  get(hash: ContentHash): Promise<Blob | null>;
  /** Those that are there, by hash. */
  getMany(hashes: readonly ContentHash[]): Promise<Map<ContentHash, Blob>>;
}

export function blobStore(database: GraftDatabase): BlobStore {
  return {
    get: (hash) => guarded(async () => (await database.get('originals', hash)) ?? null),
    getMany: (hashes) =>
      guarded(async () => {
        const blobs = await together(database, ['originals'], (transaction) => {
          const store = transaction.objectStore('originals');
          return Promise.all(hashes.map(async (hash) => [hash, await store.get(hash)] as const));
        });
        return new Map(blobs.flatMap(([hash, blob]) => (blob === undefined ? [] : [[hash, blob]])));
      }),
  };
}
