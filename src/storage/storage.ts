import type { ContentHash } from '../domain/dataset.ts';
import { type BlobStore, blobStore } from './blob-store.ts';
import { claimsFor, type ProjectClaim } from './claims.ts';
import { type ConnectionEnd, openDatabase } from './database.ts';
import { collectGarbage } from './garbage.ts';
import { type ImageStore, imageStore } from './image-store.ts';
import { type MetaStore, metaStore } from './meta-store.ts';
import { type ProjectStore, projectStore } from './project-store.ts';
import { type Quota, readQuota } from './quota.ts';
import { type RunStore, runStore } from './run-store.ts';
import { type ThumbnailStore, thumbnailStore } from './thumbnail-store.ts';

/**
 * Everything the page keeps. What a method resolves for is written.
 * Failures are CodedErrors: 'disk-full', 'storage-unavailable', 'project-missing', 'file-unreadable'.
 */
export interface Storage {
  readonly projects: ProjectStore;
  readonly images: ImageStore;
  readonly originals: BlobStore;
  readonly thumbnails: ThumbnailStore;
  readonly runs: RunStore;
  readonly meta: MetaStore;
  quota(): Promise<Quota>;
  /**
   * Asks the browser to keep this page's data when room gets short. Some ask the user, so only once there is something
   * to lose. @returns whether it promised.
   */
  persist(): Promise<boolean>;
  /**
   * Drops originals and thumbnails that no project refers to. Does nothing while another tab has a project open, whose
   * undo may need them.
   * @param inUse hashes to keep all the same: those an undo in this tab may bring back.
   * @returns the dropped hashes, so that their features can go too.
   */
  collectGarbage(inUse?: ReadonlySet<ContentHash>): Promise<readonly ContentHash[]>;
  /** Tells whether another tab has this project open already. */
  claim(projectId: string): Promise<ProjectClaim>;
  close(): void;
}

export interface StorageOptions {
  readonly databaseName?: string;
  /** The connection ended on its own; every later call fails until the page is reloaded. */
  readonly onEnd?: (end: ConnectionEnd) => void;
}

/** @throws CodedError 'storage-unavailable' | 'storage-blocked' */
export async function openStorage({ databaseName = 'graft', onEnd }: StorageOptions = {}): Promise<Storage> {
  const database = await openDatabase(databaseName, (end) => onEnd?.(end));
  const claims = claimsFor(databaseName);
  return {
    projects: projectStore(database),
    images: imageStore(database),
    originals: blobStore(database),
    thumbnails: thumbnailStore(database),
    runs: runStore(database),
    meta: metaStore(database),
    quota: readQuota,
    persist: () => navigator.storage.persist(),
    collectGarbage: async (inUse = new Set()) =>
      (await claims.heldElsewhere()) ? [] : collectGarbage(database, inUse),
    claim: claims.claim,
    close: () => database.close(),
  };
}
