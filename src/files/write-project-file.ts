import type { BackboneManifest } from '../domain/backbone.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { Project } from '../domain/project.ts';
import type { Run, RunArtifacts } from '../domain/run.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import { packArtifacts } from '../schemas/artifacts-document.ts';
import { type FilePlace, type NetworkPlace, projectFileManifest } from '../schemas/project-file-manifest.ts';
import { runDocument } from '../schemas/run-document.ts';
import { distinctPaths, PROJECT_FILE_ENDING, safeName } from './safe-names.ts';
import { type ZipInput, zipBlobs } from './zip-blobs.ts';

/** A network the user brought, as it lies in a project file. File names differ. */
export interface PackedNetwork {
  readonly manifest: BackboneManifest;
  readonly files: readonly { readonly name: string; readonly blob: Blob }[];
}

/** Where a project's parts come from; each is asked for when its turn comes. */
export interface ProjectFileSource {
  readonly project: Project;
  readonly runs: readonly Run[];
  /** Networks that nobody else has. */
  readonly networks: readonly PackedNetwork[];
  artifacts(runId: string): Promise<RunArtifacts | null>;
  original(hash: ContentHash): Promise<Blob | null>;
  thumbnail(hash: ContentHash): Promise<ThumbnailFile | null>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneCount: number, totalCount: number) => void;
}

/**
 * Packs a whole project into one zip: `project.json`, runs, thumbnails, and the originals as `images/<class>/<name>`, so
 * that other tools can use it as a folder for each class. Networks lie under `backbone/<id>/`. A photo in two classes lies there once, under the first.
 * Originals that storage no longer has are left out.
 *
 * @throws AbortError
 */
export function writeProjectFile(source: ProjectFileSource): Promise<Blob> {
  return zipBlobs(entriesOf(source), source.signal);
}

/** File name for the download. */
export function projectFileName(project: Project): string {
  return `${safeName(project.name, 'project')}${PROJECT_FILE_ENDING}`;
}

async function* entriesOf(source: ProjectFileSource): AsyncGenerator<ZipInput> {
  const { project, runs } = source;
  const files: FilePlace[] = [];
  const thumbnails: ThumbnailFile['bytes'][] = [];
  const paths = imagePaths(project);
  let thumbnailBytes = 0;
  let doneCount = 0;
  for (const [hash, path] of paths) {
    const original = await source.original(hash);
    const thumbnail = await source.thumbnail(hash);
    if (original !== null) {
      yield { path, content: original };
      files.push({ hash, path, thumbnail: thumbnail === null ? null : placeOf(thumbnail, thumbnailBytes) });
    }
    if (original !== null && thumbnail !== null) {
      thumbnails.push(thumbnail.bytes);
      thumbnailBytes += thumbnail.bytes.length;
    }
    doneCount += 1;
    source.onProgress?.(doneCount, paths.size);
  }
  yield { path: 'thumbnails.bin', content: new Blob(thumbnails) };
  for (const [index, run] of runs.entries()) yield* runEntries(index, run, await source.artifacts(run.id));
  const networks: NetworkPlace[] = [];
  for (const { manifest, files: parts } of source.networks) {
    const paths = parts.map(({ name }) => `backbone/${manifest.id}/${name}`);
    for (const { name, blob } of parts) yield { path: `backbone/${manifest.id}/${name}`, content: blob };
    networks.push({ manifest, paths });
  }
  const contents = { files, runCount: runs.length, networks };
  yield { path: 'project.json', content: JSON.stringify(projectFileManifest(project, contents)) };
}

function placeOf({ bytes, mediaType }: ThumbnailFile, start: number): FilePlace['thumbnail'] {
  return { start, end: start + bytes.length, type: mediaType };
}

function* runEntries(index: number, run: Run, artifacts: RunArtifacts | null): Generator<ZipInput> {
  const packed = artifacts === null ? null : packArtifacts(artifacts);
  const content = JSON.stringify({ run: runDocument(run), artifacts: packed?.description ?? null });
  yield { path: `runs/${index}.json`, content };
  if (packed !== null) yield { path: `runs/${index}-numbers.bin`, content: packed.numbers };
}

/** Path of every content, under the first class that has it. */
function imagePaths({ dataset }: Project): Map<ContentHash, string> {
  const distinctFolder = distinctPaths();
  const distinctFile = distinctPaths();
  const folders = new Map(
    dataset.classes.map(({ id, name }) => [id, `${distinctFolder('images/', safeName(name, 'class'))}/`]),
  );
  const paths = new Map<ContentHash, string>();
  for (const { hash, classId, name } of dataset.images.values()) {
    if (!paths.has(hash)) paths.set(hash, distinctFile(folders.get(classId) ?? 'images/', safeName(name, 'image')));
  }
  return paths;
}
