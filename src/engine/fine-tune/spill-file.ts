import { RemoteError } from '../../rpc/remote-error.ts';
import type { SpillFile } from './activation-store.ts';

const FOLDER = 'graft-activations';
/** Tabs that may spill at once. */
const MAX_FILES = 16;

/**
 * Opens an empty file in the browser's private file system. Files left behind by a tab that was closed are used again;
 * those of other tabs are locked by them and left alone.
 * @throws RemoteError 'disk-full' where there is no such file system or no room in it.
 */
export async function openSpillFile(): Promise<SpillFile> {
  const opened = await firstFree().catch(() => null);
  if (opened === null) throw noRoom(null);
  opened.truncate(0);
  return {
    write: (bytes, at) => {
      try {
        if (opened.write(bytes, { at }) < bytes.byteLength) throw noRoom(null);
      } catch (error) {
        throw error instanceof RemoteError ? error : noRoom(error);
      }
    },
    read: (bytes, at) => {
      if (opened.read(bytes, { at }) < bytes.byteLength) throw new Error('The scratch file is shorter than written');
    },
    close: () => {
      opened.truncate(0);
      opened.close();
    },
  };
}

async function firstFree(): Promise<FileSystemSyncAccessHandle | null> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  for (let index = 0; index < MAX_FILES; index += 1) {
    const file = await folder.getFileHandle(String(index), { create: true });
    const handle = await file.createSyncAccessHandle().catch(() => null);
    if (handle !== null) return handle;
  }
  return null;
}

function noRoom(cause: unknown): RemoteError {
  return new RemoteError(
    'disk-full',
    'The values between the frozen and the trained stages fit neither into memory nor on the disk of this browser.',
    { cause },
  );
}
