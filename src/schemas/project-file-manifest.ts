import * as v from 'valibot';
import type { ImageItem } from '../domain/dataset.ts';
import type { Project } from '../domain/project.ts';
import { parseAs } from './checked.ts';
import { contentHash, count, text } from './fields.ts';
import { type Migration, migrate } from './migrate.ts';
import { type ProjectDocument, projectDocument, readProject } from './project-document.ts';

const FILE_MIGRATIONS: readonly Migration[] = [(document) => ({ ...document, networks: [] })];

const FILE_VERSION = FILE_MIGRATIONS.length + 1;

/** Nothing but an image may come out of a file as a blob with an address. */
const imageType = v.pipe(v.string(), v.regex(/^(image\/(webp|jpeg|png))?$/, 'no image type'));

const manifestSchema = v.object({
  format: v.literal('graft-project'),
  schemaVersion: v.literal(FILE_VERSION),
  project: v.unknown(),
  /** Image items; parsed one by one with the project. */
  images: v.pipe(v.array(v.unknown()), v.maxLength(1_000_000)),
  /** Where the bytes of each content are: a path in the zip, and a range of `thumbnails.bin`. */
  files: v.array(
    v.object({
      hash: contentHash,
      path: text(1000),
      thumbnail: v.nullable(
        v.object({
          start: count,
          end: count,
          type: imageType,
        }),
      ),
    }),
  ),
  /** How many runs there are: `runs/0.json`, `runs/0-numbers.bin` and so on. */
  runCount: v.pipe(count, v.maxValue(10_000)),
  /** Networks the user brought, and the paths of their files; manifests are parsed one by one. */
  networks: v.pipe(
    v.array(v.object({ manifest: v.unknown(), paths: v.pipe(v.array(text(1000)), v.maxLength(10)) })),
    v.maxLength(1000),
  ),
});

/** Where one original and its thumbnail lie in a project file. */
export type FilePlace = v.InferOutput<typeof manifestSchema>['files'][number];

/** A network in a project file; its manifest is not yet checked. */
export type NetworkPlace = v.InferOutput<typeof manifestSchema>['networks'][number];

/** What `project.json` of a project file says, checked. */
export interface ProjectFileManifest {
  readonly project: Project;
  readonly droppedImageCount: number;
  readonly files: readonly FilePlace[];
  readonly runCount: number;
  readonly networks: readonly NetworkPlace[];
}

interface ManifestDocument {
  readonly format: 'graft-project';
  readonly schemaVersion: number;
  readonly project: ProjectDocument;
  readonly images: readonly ImageItem[];
  readonly files: readonly FilePlace[];
  readonly runCount: number;
  readonly networks: readonly NetworkPlace[];
}

export function projectFileManifest(
  project: Project,
  { files, runCount, networks }: Pick<ManifestDocument, 'files' | 'runCount' | 'networks'>,
): ManifestDocument {
  return {
    format: 'graft-project',
    schemaVersion: FILE_VERSION,
    project: projectDocument(project),
    images: [...project.dataset.images.values()],
    files,
    runCount,
    networks,
  };
}

/** @throws CodedError 'file-unreadable' */
export function readProjectFileManifest(raw: unknown): ProjectFileManifest {
  const what = 'project.json';
  const {
    project: rawProject,
    images,
    files,
    runCount,
    networks,
  } = parseAs(manifestSchema, migrate(raw, FILE_MIGRATIONS, what), what);
  return { ...readProject(rawProject, images), files, runCount, networks };
}
