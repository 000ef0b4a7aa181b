import type { ContentHash } from '../domain/dataset.ts';
import { atomically, type GraftDatabase } from './database.ts';
import { guarded } from './storage-error.ts';

/** The work behind `Storage.collectGarbage`, in one transaction. */
export function collectGarbage(
  database: GraftDatabase,
  inUse: ReadonlySet<ContentHash>,
): Promise<readonly ContentHash[]> {
  const work = atomically(database, ['images', 'originals', 'thumbnails'], async (transaction, write) => {
    const originals = transaction.objectStore('originals');
    const thumbnails = transaction.objectStore('thumbnails');
    const [images, originalKeys, thumbnailKeys] = await Promise.all([
      transaction.objectStore('images').getAll(),
      originals.getAllKeys(),
      thumbnails.getAllKeys(),
    ]);
    const referred = new Set(images.map(hashOf));
    const unwanted = new Set(
      [...originalKeys, ...thumbnailKeys].filter((hash) => !referred.has(hash) && !inUse.has(hash)),
    );
    for (const hash of unwanted) {
      write(originals.delete(hash));
      write(thumbnails.delete(hash));
    }
    return [...unwanted];
  });
  return guarded(() => work);
}

function hashOf(image: unknown): unknown {
  return typeof image === 'object' && image !== null && 'hash' in image ? image.hash : null;
}
