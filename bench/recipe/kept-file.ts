import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes of a file as a buffer of their own; empty where there is none. */
export function readKept(file: string): ArrayBuffer {
  try {
    return Uint8Array.from(readFileSync(file)).buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new ArrayBuffer(0);
    throw error;
  }
}

/** Writes a file that appears under its name only when it is whole. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  // Two runs at once may write the same file.
  const part = `${file}.${process.pid}.part`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(part, bytes);
  renameSync(part, file);
}
