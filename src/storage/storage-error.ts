import { CodedError } from '../domain/coded-error.ts';

type StorageCode = 'disk-full' | 'storage-unavailable' | 'storage-blocked' | 'project-missing';

const MESSAGES: Readonly<Record<StorageCode, string>> = {
  'disk-full': 'The browser has no room left; nothing of this step was written.',
  'storage-unavailable': 'The database of this page cannot be used.',
  'storage-blocked': 'Another tab holds an older database of this page open.',
  'project-missing': 'There is no such project in this browser.',
};

/** A failure of storage; one that already has a code is passed on. */
export function storageError(code: StorageCode, cause?: unknown): CodedError {
  if (cause instanceof CodedError) return cause;
  return new CodedError(code, MESSAGES[code], { cause });
}

/**
 * Runs one piece of work on the database.
 * @throws CodedError 'disk-full' over quota, 'storage-unavailable' for anything else the database throws.
 */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageError(isQuota(error) ? 'disk-full' : 'storage-unavailable', error);
  }
}

function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}
