import type { ContentHash, ImageItem } from '../domain/dataset.ts';
import type { ImageChanges } from '../domain/dataset-changes.ts';
import type { Project } from '../domain/project.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import { projectDocument } from '../schemas/project-document.ts';
import { atomically, type GraftDatabase } from './database.ts';
import { detachedCopy } from './detached-copy.ts';
import { guarded } from './storage-error.ts';

/** A chunk of an import, as the page has it. */
interface ImageChunk {
  readonly items: readonly ImageItem[];
  /** One for each hash in `items`; files on disk are copied. */
  readonly originals: ReadonlyMap<ContentHash, Blob>;
  readonly thumbnails: ReadonlyMap<ContentHash, ThumbnailFile>;
}

/** Files that vanished from the disk before their bytes could be copied. */
interface ChunkOutcome {
  /** Nothing was written under these hashes: neither originals nor items. */
  readonly unreadable: readonly ContentHash[];
}

/** Labelled images of all projects. */
export interface ImageStore {
  /**
   * Writes a chunk of an import and the project's document in one transaction: all of it or nothing.
   * @param project as it will be with the chunk in it: its classes are what the items refer to.
   * @throws CodedError 'disk-full'
   */
  addChunk(project: Project, chunk: ImageChunk): Promise<ChunkOutcome>;
  /**
   * Follows an edit: the project's document and the images that changed, in one transaction.
   * @throws CodedError 'disk-full'
   */
  applyChange(project: Project, changes: ImageChanges): Promise<void>;
}

export function imageStore(database: GraftDatabase): ImageStore {
  return {
    addChunk: (project, chunk) => guarded(() => addChunk(database, project, chunk)),
    applyChange: (project, changes) => guarded(() => applyChange(database, project, changes)),
  };
}

async function addChunk(database: GraftDatabase, project: Project, chunk: ImageChunk): Promise<ChunkOutcome> {
  const { items, originals, thumbnails } = chunk;
  const wanted = new Set(items.map(({ hash }) => hash));
  // Bytes are read before the transaction opens: one that waits for a disk would close on its own.
  const copies = await Promise.all(Array.from(wanted, (hash) => copyOf(hash, originals)));
  const readable = new Map(copies.flatMap(([hash, copy]) => (copy === null ? [] : [[hash, copy]])));

  await atomically(database, ['projects', 'images', 'originals', 'thumbnails'], (transaction, write) => {
    const images = transaction.objectStore('images');
    write(transaction.objectStore('projects').put(projectDocument(project), project.id));
    for (const item of items) if (readable.has(item.hash)) write(images.put(item, [project.id, item.id]));
    for (const [hash, blob] of readable) write(transaction.objectStore('originals').put(blob, hash));
    for (const [hash, thumbnail] of thumbnails) {
      if (readable.has(hash)) write(transaction.objectStore('thumbnails').put(thumbnail, hash));
    }
  });
  return { unreadable: [...wanted].filter((hash) => !readable.has(hash)) };
}

function applyChange(database: GraftDatabase, project: Project, changes: ImageChanges): Promise<void> {
  return atomically(database, ['projects', 'images'], (transaction, write) => {
    const images = transaction.objectStore('images');
    write(transaction.objectStore('projects').put(projectDocument(project), project.id));
    for (const item of changes.put) write(images.put(item, [project.id, item.id]));
    for (const id of changes.delete) write(images.delete([project.id, id]));
  });
}

async function copyOf(
  hash: ContentHash,
  originals: ReadonlyMap<ContentHash, Blob>,
): Promise<readonly [ContentHash, Blob | null]> {
  const original = originals.get(hash);
  return [hash, original === undefined ? null : await detachedCopy(original)];
}
