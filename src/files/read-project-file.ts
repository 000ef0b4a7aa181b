import type { FileEntry, ZipReader } from '@zip.js/zip.js';
import type { BackboneManifest } from '../domain/backbone.ts';
import { CodedError } from '../domain/coded-error.ts';
import type { ContentHash } from '../domain/dataset.ts';
import { NETWORK_LIMIT_BYTES } from '../domain/found-network.ts';
import type { Project } from '../domain/project.ts';
import type { Run, RunArtifacts } from '../domain/run.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import { unpackArtifacts } from '../schemas/artifacts-document.ts';
import { readBackboneManifest } from '../schemas/backbone-manifest.ts';
import { parseJson } from '../schemas/checked.ts';
import { type FilePlace, type NetworkPlace, readProjectFileManifest } from '../schemas/project-file-manifest.ts';
import { readRun } from '../schemas/run-document.ts';
import { boundedBlob } from './bounded-blob.ts';
import { imageTypeOf } from './media-types.ts';
import { loadZipLibrary } from './zip-library.ts';

const DOCUMENT_LIMIT_BYTES = 512 * 2 ** 20;
const IMAGE_LIMIT_BYTES = 256 * 2 ** 20;
const THUMBNAILS_LIMIT_BYTES = 2 ** 31;
/** A thumbnail is held in memory, and a real one has a few kilobytes. */
const THUMBNAIL_LIMIT_BYTES = 2 ** 20;

/** One photo of a project file. Its bytes were checked against the hash. */
interface OpenedOriginal {
  readonly hash: ContentHash;
  readonly original: Blob;
  /** null when the file has none: look at the original again. */
  readonly thumbnail: ThumbnailFile | null;
}

interface OpenedRun {
  readonly run: Run;
  readonly artifacts: RunArtifacts | null;
}

/** A network the user brought. Its bytes are not yet checked against the manifest. */
interface OpenedNetwork {
  readonly manifest: BackboneManifest;
  /** null when one of them is damaged or missing. */
  readonly files: readonly { readonly name: string; readonly blob: Blob }[] | null;
}

/** A project file that was found to be one. Ids are those of the machine it was saved on. */
export interface OpenedProjectFile {
  readonly project: Project;
  readonly originalCount: number;
  /** Image records that could not be read and are left out of `project`. */
  readonly droppedImageCount: number;
  /** Runs one by one; a damaged one is passed over. */
  runs(): AsyncIterable<OpenedRun>;
  /** Photos one by one; a damaged one is passed over, so its items have no original. */
  originals(): AsyncIterable<OpenedOriginal>;
  /** Networks one by one; one whose manifest cannot be read is passed over. */
  networks(): AsyncIterable<OpenedNetwork>;
  close(): Promise<void>;
}

type Entries = ReadonlyMap<string, FileEntry>;

/** @throws CodedError 'file-unreadable' when it is no project file, or its heart is damaged. */
export async function readProjectFile(file: Blob): Promise<OpenedProjectFile> {
  const { ZipReader, BlobReader } = await loadZipLibrary();
  const reader = new ZipReader(new BlobReader(file));
  try {
    const entries = await entriesByPath(reader);
    const manifest = readProjectFileManifest(parseJson(await textOf(entries, 'project.json'), 'project.json'));
    return {
      project: manifest.project,
      originalCount: manifest.files.length,
      droppedImageCount: manifest.droppedImageCount,
      runs: () => readRuns(entries, manifest.runCount),
      originals: () => readOriginals(entries, manifest.files),
      networks: () => readNetworks(entries, manifest.networks),
      close: () => reader.close(),
    };
  } catch (error) {
    await reader.close();
    throw unreadable('project file', error);
  }
}

function unreadable(what: string, cause: unknown): CodedError {
  if (cause instanceof CodedError) return cause;
  return new CodedError('file-unreadable', `${what}: damaged or no zip`, { cause });
}

async function entriesByPath(reader: ZipReader<Blob>): Promise<Entries> {
  const entries = new Map<string, FileEntry>();
  for await (const entry of reader.getEntriesGenerator()) {
    if (!entry.directory) entries.set(entry.filename, entry);
  }
  return entries;
}

async function blobOf(entries: Entries, path: string, limitBytes: number, type: string): Promise<Blob> {
  const entry = entries.get(path);
  if (entry === undefined) throw new CodedError('file-unreadable', `${path} is missing`);
  const { writable, blob } = boundedBlob(limitBytes, type);
  await entry.getData(writable, { checkCrc32: true });
  return blob();
}

async function textOf(entries: Entries, path: string): Promise<string> {
  return (await blobOf(entries, path, DOCUMENT_LIMIT_BYTES, '')).text();
}

async function* readRuns(entries: Entries, runCount: number): AsyncGenerator<OpenedRun> {
  for (let index = 0; index < runCount; index += 1) {
    const opened = await readOneRun(entries, index).catch(() => null);
    if (opened !== null) yield opened;
  }
}

async function readOneRun(entries: Entries, index: number): Promise<OpenedRun> {
  const path = `runs/${index}.json`;
  const document = parseJson(await textOf(entries, path), path);
  if (typeof document !== 'object' || document === null || !('run' in document)) {
    throw new CodedError('file-unreadable', `${path}: no run`);
  }
  const run = readRun(document.run);
  if (!('artifacts' in document) || document.artifacts === null) return { run, artifacts: null };
  const numbers = await blobOf(entries, `runs/${index}-numbers.bin`, DOCUMENT_LIMIT_BYTES, '');
  const artifacts = unpackArtifacts(document.artifacts, new Uint8Array(await numbers.arrayBuffer()));
  return { run, artifacts };
}

async function* readOriginals(entries: Entries, files: readonly FilePlace[]): AsyncGenerator<OpenedOriginal> {
  const thumbnails = await blobOf(entries, 'thumbnails.bin', THUMBNAILS_LIMIT_BYTES, '').catch(() => new Blob());
  for (const { hash, path, thumbnail } of files) {
    const original = await blobOf(entries, path, IMAGE_LIMIT_BYTES, imageTypeOf(path)).catch(() => null);
    if (original === null || (await sha256(original)) !== hash) continue;
    yield { hash, original, thumbnail: await cutThumbnail(thumbnails, thumbnail) };
  }
}

async function* readNetworks(entries: Entries, places: readonly NetworkPlace[]): AsyncGenerator<OpenedNetwork> {
  for (const { manifest: raw, paths } of places) {
    const manifest = manifestOrNull(raw);
    if (manifest === null) continue;
    yield { manifest, files: await networkFiles(entries, paths).catch(() => null) };
  }
}

function manifestOrNull(raw: unknown): BackboneManifest | null {
  try {
    return readBackboneManifest(raw);
  } catch {
    return null;
  }
}

async function networkFiles(entries: Entries, paths: readonly string[]) {
  const files: { name: string; blob: Blob }[] = [];
  let leftBytes = NETWORK_LIMIT_BYTES;
  for (const path of paths) {
    const blob = await blobOf(entries, path, leftBytes, '');
    leftBytes -= blob.size;
    files.push({ name: path.slice(path.lastIndexOf('/') + 1), blob });
  }
  return files;
}

async function cutThumbnail(thumbnails: Blob, place: FilePlace['thumbnail']): Promise<ThumbnailFile | null> {
  if (place === null || place.end > thumbnails.size || place.start >= place.end) return null;
  if (place.end - place.start > THUMBNAIL_LIMIT_BYTES) return null;
  const bytes = new Uint8Array(await thumbnails.slice(place.start, place.end).arrayBuffer());
  return { bytes, mediaType: place.type };
}

async function sha256(blob: Blob): Promise<ContentHash> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
