import { isJunkPath } from '../domain/labels-from-paths.ts';
import type { DroppedFile } from './dropped-file.ts';
import { expandZips } from './expand-zips.ts';
import { PROJECT_FILE_ENDING } from './safe-names.ts';
import { type DroppedRoot, walkEntries } from './walk-entries.ts';

/**
 * Everything that was dropped: files, folders with all that is in them, and the contents of zips.
 * Call it inside the drop event: the browser forgets the list right after. The files are read later, one by one.
 */
export function collectDropped(transfer: DataTransfer): AsyncIterable<DroppedFile> {
  const roots = Array.from(transfer.items, rootOf).filter((root) => root !== null);
  return expandZips(walkEntries(roots));
}

/** The project file, when that alone was dropped: it is opened, not added as data. */
export function droppedProjectFile(transfer: DataTransfer): File | null {
  const [file, ...others] = transfer.files;
  return file !== undefined && others.length === 0 && file.name.endsWith(PROJECT_FILE_ENDING) ? file : null;
}

/** Images and files from the clipboard. Call it inside the paste event. */
export function collectPasted(clipboard: DataTransfer): AsyncIterable<DroppedFile> {
  return collectDropped(clipboard);
}

/** Files from a file or folder picker, or from a script; a folder's files carry their path. Zips are opened. */
export function collectPicked(files: Iterable<File>): AsyncIterable<DroppedFile> {
  // A picker's list is emptied when its input is reset, so it is copied at once.
  return expandZips(pickedFiles([...files]));
}

function rootOf(item: DataTransferItem): DroppedRoot | null {
  if (item.kind !== 'file') return null;
  return item.webkitGetAsEntry() ?? item.getAsFile();
}

async function* pickedFiles(files: readonly File[]): AsyncGenerator<DroppedFile> {
  for (const file of files) {
    const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    if (!isJunkPath(path)) yield { blob: file, path };
  }
}
