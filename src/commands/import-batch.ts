import { classByName, nextColorIndex } from '../domain/class-labels.ts';
import { type IncomingImage, planAdditions } from '../domain/conflicts.ts';
import type { ClassId, ContentHash, Dataset, ImageId, ImageItem } from '../domain/dataset.ts';
import { type AppliedEdits, applyEdits, type Edit } from '../domain/edits.ts';
import type { Project } from '../domain/project.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import type { CommandContext } from './context.ts';
import { adoptStored } from './edit-dataset.ts';
import type { BroughtIn } from './lock-split-layout.ts';
import { saveDataset } from './save-project.ts';

/** The page is told at most this often, ms: drawing thousands of images takes longer than storing a chunk of them. */
const SHOWN_EVERY_MS = 350;

/** A file found to be a good image, and where it goes. */
export interface FoundImage {
  readonly image: Omit<IncomingImage, 'classId'>;
  /** A class by its name, made when there is none; or by its id, and when that was deleted meanwhile the image is dropped. */
  readonly place: { readonly className: string } | { readonly classId: ClassId };
  readonly original: Blob;
  readonly thumbnail: ThumbnailFile;
}

export interface KeptChunk {
  readonly addedCount: number;
  readonly duplicateCount: number;
  readonly conflictCount: number;
  readonly unreadablePaths: readonly string[];
  /** Where each image went, in the order given; empty when the project is no longer open. */
  readonly classIds: readonly ClassId[];
}

const NOTHING_KEPT: KeptChunk = {
  addedCount: 0,
  duplicateCount: 0,
  conflictCount: 0,
  unreadablePaths: [],
  classIds: [],
};

/**
 * Images of one import on their way to the page: each chunk is written at once, the page is told a few times a second.
 * What is shown is on disk. Whoever edits the data calls `showStored` first, so that no edit meets an older state.
 */
export class ImportBatch implements Omit<BroughtIn, 'isByFolder'> {
  readonly #ctx: CommandContext;
  readonly #projectId: string;
  readonly joinKey: string;
  readonly imageIds = new Set<ImageId>();
  readonly classIds = new Set<ClassId>();
  /** The data with what is on disk and not shown yet; null when nothing is. */
  #ahead: AppliedEdits | null = null;
  #shownAtMs = Number.NEGATIVE_INFINITY;

  constructor(ctx: CommandContext, projectId: string) {
    this.#ctx = ctx;
    this.#projectId = projectId;
    this.joinKey = `import-${ctx.newId()}`;
  }

  /** Writes a chunk. Call it inside `enqueueWrite`. @throws CodedError 'disk-full' */
  async write(found: readonly FoundImage[]): Promise<KeptChunk> {
    const project = this.#project();
    if (project === null) return NOTHING_KEPT;
    const shownBefore = this.#ctx.store.getState().project;
    const before = project.dataset;
    const { newClasses, classIds } = this.#places(before, found);
    const known = new Set([...before.classes.map(({ id }) => id), ...newClasses.map(({ label }) => label.id)]);
    const incoming = found.map(({ image }, index) => ({ ...image, classId: classIds[index] ?? '' }));
    const plan = planAdditions(
      before,
      incoming.filter(({ classId }) => known.has(classId)),
    );
    const counts = { duplicateCount: plan.duplicateCount, conflictCount: plan.conflictCount, classIds };
    if (plan.added.length === 0) return { ...counts, addedCount: 0, unreadablePaths: [] };

    const planned = applyEdits(before, [...newClasses, { kind: 'add-images', items: plan.added }]);
    const hashes = new Set(plan.added.map(({ hash }) => hash));
    const { unreadable } = await this.#ctx.storage.images.addChunk(
      { ...project, dataset: planned.dataset },
      {
        items: plan.added,
        originals: new Map(found.flatMap(({ image, original }) => pairIf(hashes, image.hash, original))),
        thumbnails: new Map(found.flatMap(({ image, thumbnail }) => pairIf(hashes, image.hash, thumbnail))),
      },
    );
    const stored = plan.added.filter(({ hash }) => !unreadable.includes(hash));
    const isAsPlanned = stored.length === plan.added.length && this.#ctx.store.getState().project === shownBefore;
    this.#adopt(isAsPlanned ? planned : null, newClasses, stored);
    const unreadablePaths = plan.added.filter(({ hash }) => unreadable.includes(hash)).map(({ path }) => path);
    return { ...counts, addedCount: stored.length, unreadablePaths };
  }

  /** Tells the page what is on disk. Does nothing once another project is open: it is there when this one is opened again. */
  showStored(): void {
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead === null || this.#ctx.store.getState().project?.id !== this.#projectId) return;
    this.#shownAtMs = this.#ctx.now();
    adoptStored(this.#ctx, ahead, this.joinKey);
  }

  /** The project with everything that is on disk, or null once another one is open. */
  #project(): Project | null {
    const { project } = this.#ctx.store.getState();
    if (project === null || project.id !== this.#projectId) return null;
    return this.#ahead === null ? project : { ...project, dataset: this.#ahead.dataset };
  }

  /** The class of each image; those that do not exist yet as edits that make them. */
  #places(dataset: Dataset, found: readonly FoundImage[]) {
    const newClasses: Extract<Edit, { kind: 'add-class' }>[] = [];
    const classIds = found.map(({ place }) => {
      if ('classId' in place) return place.classId;
      const labels = [...dataset.classes, ...newClasses.map(({ label }) => label)];
      const existing = classByName(labels, place.className);
      if (existing !== null) return existing.id;
      const label = { id: this.#ctx.newId(), name: place.className, colorIndex: nextColorIndex(labels) };
      newClasses.push({ kind: 'add-class', label });
      return label.id;
    });
    return { newClasses, classIds };
  }

  /** @param planned null when the project was changed while the chunk was written, or part of it could not be read. */
  #adopt(planned: AppliedEdits | null, newClasses: readonly Edit[], stored: readonly ImageItem[]): void {
    const project = this.#project();
    if (project === null) return;
    const applied = planned ?? this.#replanned(project, newClasses, stored);
    for (const { id } of stored) this.imageIds.add(id);
    for (const edit of newClasses) if (edit.kind === 'add-class') this.classIds.add(edit.label.id);
    const earlier = this.#ahead?.inverses ?? [];
    this.#ahead = { dataset: applied.dataset, inverses: [...applied.inverses, ...earlier] };
    if (this.#ctx.now() - this.#shownAtMs >= SHOWN_EVERY_MS) this.showStored();
  }

  /**
   * Follows a change made meanwhile: images of a class deleted since are removed from disk again, and what the change
   * wrote of the project is written once more with the new classes in it.
   */
  #replanned(project: Project, newClasses: readonly Edit[], stored: readonly ImageItem[]): AppliedEdits {
    const { dataset } = applyEdits(project.dataset, newClasses);
    const classIds = new Set(dataset.classes.map(({ id }) => id));
    // An image an undo brought back may have the same id; it is the same file, and shown already.
    const fresh = stored.filter(({ id }) => !dataset.images.has(id));
    const items = fresh.filter(({ classId }) => classIds.has(classId));
    const applied = applyEdits(project.dataset, [...newClasses, { kind: 'add-images', items }]);
    const images = new Map([...applied.dataset.images, ...fresh.map((item) => [item.id, item] as const)]);
    const after = { ...project, dataset: applied.dataset };
    saveDataset(this.#ctx, { ...after, dataset: { ...applied.dataset, images } }, after);
    return applied;
  }
}

function pairIf<T>(hashes: ReadonlySet<ContentHash>, hash: ContentHash, value: T): [ContentHash, T][] {
  return hashes.has(hash) ? [[hash, value]] : [];
}
