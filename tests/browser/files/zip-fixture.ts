import { BlobReader, BlobWriter, ZipWriter } from '@zip.js/zip.js';
import type { DroppedFile } from '../../../src/files/dropped-file.ts';

export interface Packed {
  readonly path: string;
  /** Text, or a zip for a zip in a zip. */
  readonly text: string | Blob;
  readonly password?: string;
}

/** A zip as other programs write them: stored, in this order. */
export async function zipOf(entries: readonly Packed[]): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
  for (const { path, text, password } of entries) {
    const options = { level: 0, dataDescriptor: false, ...(password === undefined ? {} : { password }) };
    await writer.add(path, new BlobReader(new Blob([text])), options);
  }
  return writer.close();
}

/** Changes one byte of stored content. */
export async function damaged(zip: Blob, text: string): Promise<Blob> {
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const wanted = new TextEncoder().encode(text);
  const start = bytes.findIndex((_, index) => wanted.every((byte, offset) => bytes[index + offset] === byte));
  if (start < 0) throw new Error(`${text} is not in the zip`);
  bytes[start] = 0;
  return new Blob([bytes]);
}

/** What came out, in short: path and text, or path and problem. */
export async function outcome(files: AsyncIterable<DroppedFile>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { path, blob, problem } of files) lines.push(`${path}: ${problem ?? (await blob.text())}`);
  return lines;
}
