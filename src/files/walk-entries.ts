import { isJunkPath } from '../domain/labels-from-paths.ts';
import type { DroppedFile } from './dropped-file.ts';

/** A dropped file, or the entry of a dropped file or folder. */
export type DroppedRoot = File | FileSystemEntry;

/**
 * Files of dropped folders, depth first and by name, read as they are asked for.
 * What cannot be read becomes a file with a problem; junk of operating systems is skipped.
 */
export async function* walkEntries(roots: readonly DroppedRoot[]): AsyncGenerator<DroppedFile> {
  const pending: DroppedRoot[] = roots.toReversed();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next instanceof File) {
      yield { blob: next, path: next.name };
      continue;
    }
    const path = next.fullPath.replace(/^\/+/, '');
    if (isJunkPath(path)) continue;
    if (isDirectory(next)) {
      const children = await childrenOf(next);
      if (children === null) yield unreadable(path);
      else for (const child of children.reverse()) pending.push(child);
    } else if (isFile(next)) {
      yield await readFile(next, path);
    }
  }
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function unreadable(path: string): DroppedFile {
  return { blob: new Blob(), path, problem: 'unreadable' };
}

function readFile(entry: FileSystemFileEntry, path: string): Promise<DroppedFile> {
  return new Promise((resolve) => {
    entry.file(
      (blob) => resolve({ blob, path }),
      () => resolve(unreadable(path)),
    );
  });
}

/** All entries of a folder by name, or null when it cannot be read. Browsers give at most 100 a time. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[] | null> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  try {
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (batch.length === 0) break;
      for (const child of batch) children.push(child);
    }
  } catch {
    return null;
  }
  return children.sort((one, other) => (one.name < other.name ? -1 : 1));
}
