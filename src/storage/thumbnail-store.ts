import type { ContentHash } from '../domain/dataset.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import { type GraftDatabase, together } from './database.ts';
import { guarded } from './storage-error.ts';

/** Thumbnails by the content of the image. Writing happens with the images, see `image-store.ts`. */
export interface ThumbnailStore {
  get(hash: ContentHash): Promise<ThumbnailFile | null>;
  /** Those that are there, by hash. */
  getMany(hashes: readonly ContentHash[]): Promise<Map<ContentHash, ThumbnailFile>>;
}

export function thumbnailStore(database: GraftDatabase): ThumbnailStore {
  const getMany = async (hashes: readonly ContentHash[]) => {
    const stored = await together(database, ['thumbnails'], (transaction) => {
      const store = transaction.objectStore('thumbnails');
      return Promise.all(hashes.map(async (hash) => [hash, await store.get(hash)] as const));
    });
    const files = stored.map(async ([hash, value]) =>
      value === undefined ? [] : [[hash, await inMemory(value)] as const],
    );
    return new Map((await Promise.all(files)).flat());
  };
  return {
    get: (hash) => guarded(async () => (await getMany([hash])).get(hash) ?? null),
    getMany: (hashes) => guarded(() => getMany(hashes)),
  };
}

/** Graft 0.1 stored blobs. */
async function inMemory(stored: ThumbnailFile | Blob): Promise<ThumbnailFile> {
  if (!(stored instanceof Blob)) return stored;
  return { bytes: new Uint8Array(await stored.arrayBuffer()), mediaType: stored.type };
}
