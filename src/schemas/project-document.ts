import * as v from 'valibot';
import { type ImageId, type ImageItem, NO_GROUP_FACTS } from '../domain/dataset.ts';
import { NO_HELD_OUT_EDITS } from '../domain/held-out-edits.ts';
import type { Project, ProjectSummary } from '../domain/project.ts';
import { DEFAULT_SPLIT, type SplitSettings } from '../domain/split.ts';
import { parseAs } from './checked.ts';
import { comparisonSchema } from './comparison-document.ts';
import { contentHash, count, finite, heldOutEdits, identity, partLock, ratio, text } from './fields.ts';
import { type Migration, migrate } from './migrate.ts';
import { searchSchema } from './search-document.ts';
import { settingsSchema } from './settings-fields.ts';

const PROJECT_MIGRATIONS: readonly Migration[] = [
  (document) => ({ ...document, comparison: null }),
  ({ backboneId: id, ...document }) => ({
    ...document,
    network: typeof id === 'string' ? { id, name: id, sha256: null } : null,
  }),
];

/** Version of project documents written now. */
const PROJECT_VERSION = PROJECT_MIGRATIONS.length + 1;

/** Ratios that do not sum to 1 would put images nowhere. */
const splitSchema = v.pipe(
  v.object({ trainRatio: ratio, validationRatio: ratio, testRatio: ratio, seed: finite }),
  v.transform((split): SplitSettings => (sumsToOne(split) ? split : { ...DEFAULT_SPLIT, seed: split.seed })),
);

function sumsToOne({ trainRatio, validationRatio, testRatio }: SplitSettings): boolean {
  return Math.abs(trainRatio + validationRatio + testRatio - 1) < 1e-6;
}

export const classLabelSchema = v.object({ id: identity, name: text(200), colorIndex: count });

const groupFacts = v.object({
  takenAtMs: v.nullable(finite),
  holdId: v.nullable(identity),
  perceptualHash: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'no 64 bits'))), null),
  nearCopyId: v.nullable(contentHash),
  joinedId: v.nullable(identity),
  isApart: v.boolean(),
});

const imageItemSchema = v.object({
  id: identity,
  hash: contentHash,
  classId: identity,
  name: text(500),
  path: text(4000),
  widthPx: count,
  heightPx: count,
  sizeBytes: count,
  lockedPart: v.nullable(partLock),
  // Of images from before groups nothing is known but their names.
  grouping: v.fallback(v.optional(groupFacts, NO_GROUP_FACTS), NO_GROUP_FACTS),
  addedAtMs: finite,
});

const projectSchema = v.object({
  schemaVersion: v.literal(PROJECT_VERSION),
  id: identity,
  name: text(200),
  createdAtMs: finite,
  updatedAtMs: finite,
  classes: v.pipe(v.array(classLabelSchema), v.maxLength(10_000)),
  imageCount: count,
  settings: settingsSchema,
  split: splitSchema,
  resizeMode: v.picklist(['crop', 'squash', 'pad']),
  network: v.nullable(v.object({ id: identity, name: text(200), sha256: v.nullable(contentHash) })),
  currentRunId: v.nullable(identity),
  // It can be made again: a damaged one must not keep the project from opening.
  comparison: v.fallback(v.nullable(comparisonSchema), null),
  search: v.fallback(v.optional(v.nullable(searchSchema), null), null),
  // Older projects did not count them.
  heldOutEdits: v.fallback(v.optional(heldOutEdits, NO_HELD_OUT_EDITS), NO_HELD_OUT_EDITS),
  answersWhileAdding: v.fallback(v.optional(v.boolean(), false), false),
});

/** A project without its images, as kept in storage and in project files. */
export type ProjectDocument = v.InferOutput<typeof projectSchema>;

/** A project read back, and how many of its image records had to be left out. */
export interface ReadProject {
  readonly project: Project;
  readonly droppedImageCount: number;
}

/** What is stored of a project beside its images. */
export function projectDocument(project: Project): ProjectDocument {
  const { dataset, ...rest } = project;
  return {
    ...rest,
    schemaVersion: PROJECT_VERSION,
    classes: dataset.classes.map((label) => ({ ...label })),
    imageCount: dataset.images.size,
    heldOutEdits: dataset.heldOutEdits ?? NO_HELD_OUT_EDITS,
  };
}

/** @throws CodedError 'file-unreadable' */
export function readProjectDocument(raw: unknown): ProjectDocument {
  return parseAs(projectSchema, migrate(raw, PROJECT_MIGRATIONS, 'project'), 'project');
}

/** @throws CodedError 'file-unreadable' */
export function readProjectSummary(raw: unknown): ProjectSummary {
  const { id, name, updatedAtMs, imageCount, classes } = readProjectDocument(raw);
  return { id, name, updatedAtMs, imageCount, classCount: classes.length };
}

/** A project being put together from its document and its image records. */
export interface ProjectReader {
  /** A record that is damaged, or belongs to no class, is counted and left out: the rest opens. */
  readonly add: (rawImage: unknown) => void;
  readonly project: () => ReadProject;
}

/** @throws CodedError 'file-unreadable' when the document itself cannot be read. */
export function projectReader(raw: unknown): ProjectReader {
  const { schemaVersion: _, imageCount: __, classes, heldOutEdits: edits, ...rest } = readProjectDocument(raw);
  const classIds = new Set(classes.map(({ id }) => id));
  const images = new Map<ImageId, ImageItem>();
  const hasEdits = edits.relabelledCount > 0 || edits.deletedCount > 0;
  let addedCount = 0;
  return {
    add(rawImage) {
      addedCount += 1;
      const parsed = v.safeParse(imageItemSchema, rawImage, { abortEarly: true });
      if (parsed.success && classIds.has(parsed.output.classId)) images.set(parsed.output.id, parsed.output);
    },
    project: () => ({
      project: { ...rest, dataset: { classes, images, ...(hasEdits ? { heldOutEdits: edits } : {}) } },
      droppedImageCount: addedCount - images.size,
    }),
  };
}

/** `projectReader` for records that are all there. @throws CodedError 'file-unreadable' as it does. */
export function readProject(raw: unknown, rawImages: readonly unknown[]): ReadProject {
  const reader = projectReader(raw);
  for (const rawImage of rawImages) reader.add(rawImage);
  return reader.project();
}
