import { classByName } from '../domain/class-labels.ts';
import { type IncomingImage, planAdditions } from '../domain/conflicts.ts';
import type { ClassId } from '../domain/dataset.ts';
import { applyEdit } from '../domain/edits.ts';
import { isJunkPath, labelOf, type PathLabel } from '../domain/labels-from-paths.ts';
import { rejectionText } from '../domain/reasons.ts';
import type { InspectedFile } from '../engine/contract.ts';
import type { DroppedFile } from '../files/dropped-file.ts';
import type { ImportTarget } from './commands.ts';
import type { CommandContext } from './context.ts';
import { addClass, adoptImages } from './edit-dataset.ts';
import { errorText, isAbort } from './error-text.ts';
import { ImportProgress } from './import-progress.ts';
import { lockSplitLayout, type PlacedFile } from './lock-split-layout.ts';
import { notify } from './notices.ts';
import { enqueueWrite } from './save-project.ts';
import { askForPersistence, refreshStorageUse } from './storage-use.ts';

/** Files per round trip to the worker; handles cross, pixels do not. */
const CHUNK_FILES = 32;
/** Class of loose files dropped on the page. */
const LOOSE_CLASS = 'Unsorted';

interface Candidate {
  readonly file: DroppedFile;
  readonly label: PathLabel;
}

interface Inspection {
  readonly candidates: readonly Candidate[];
  readonly results: Promise<readonly InspectedFile[]>;
}

/**
 * Takes files in, chunk by chunk: the worker looks at one chunk while the one before is written and shown.
 * What is shown is already on disk. Never rejects: bad files are listed, a failure is told, what is in stays.
 */
export async function importFiles(
  ctx: CommandContext,
  files: AsyncIterable<DroppedFile>,
  target: ImportTarget,
): Promise<void> {
  if (ctx.session.importing !== null) {
    notify(ctx.store, 'warning', 'An import is still running.', 'Drop these files again when it has ended.');
    return;
  }
  const cancel = new AbortController();
  ctx.session.importing = cancel;
  const progress = new ImportProgress(ctx);
  const placed: PlacedFile[] = [];
  const joinKey = `import-${ctx.newId()}`;
  let ahead: Inspection | null = null;
  try {
    for await (const candidates of chunks(files, progress, cancel.signal)) {
      const inspection = inspect(ctx, candidates, cancel.signal);
      if (ahead !== null) await keep(ctx, ahead, target, joinKey, progress, placed);
      ahead = inspection;
    }
    progress.allFound();
    if (ahead !== null) await keep(ctx, ahead, target, joinKey, progress, placed);
    lockSplitLayout(ctx, placed, joinKey);
    progress.end('done', null);
  } catch (error) {
    if (isAbort(error)) progress.end('cancelled', null);
    else {
      const { title, advice } = errorText(error);
      progress.end('failed', `${title} ${advice}`);
    }
  } finally {
    ctx.session.importing = null;
    await askForPersistence(ctx);
    await refreshStorageUse(ctx);
  }
}

async function* chunks(
  files: AsyncIterable<DroppedFile>,
  progress: ImportProgress,
  signal: AbortSignal,
): AsyncGenerator<Candidate[]> {
  let chunk: Candidate[] = [];
  for await (const file of files) {
    signal.throwIfAborted();
    if (isJunkPath(file.path)) continue;
    progress.found();
    if (file.problem !== undefined) {
      progress.reject(file.path, rejectionText(file.problem));
      continue;
    }
    chunk.push({ file, label: labelOf(file.path) });
    if (chunk.length < CHUNK_FILES) continue;
    yield chunk;
    chunk = [];
  }
  signal.throwIfAborted();
  if (chunk.length > 0) yield chunk;
}

function inspect(ctx: CommandContext, candidates: readonly Candidate[], signal: AbortSignal): Inspection {
  const files = candidates.map(({ file }) => file.blob);
  const prepareFor = ctx.store.getState().project?.resizeMode;
  const input = prepareFor === undefined ? { files } : { files, prepareFor };
  const results = ctx.engine.call('inspectFiles', input, { signal });
  // Awaited one chunk later; until then a failure must not count as unhandled.
  results.catch(() => undefined);
  return { candidates, results };
}

async function keep(
  ctx: CommandContext,
  inspection: Inspection,
  target: ImportTarget,
  joinKey: string,
  progress: ImportProgress,
  placed: PlacedFile[],
): Promise<void> {
  const results = await inspection.results;
  const incoming: IncomingImage[] = [];
  const originals = new Map<string, Blob>();
  const thumbnails = new Map<string, Blob>();
  for (const [index, { file, label }] of inspection.candidates.entries()) {
    const result = results[index];
    if (result === undefined || result.kind === 'rejected') {
      progress.reject(file.path, rejectionText(result?.reason ?? 'unreadable'));
      continue;
    }
    const classId = target.classId ?? classFor(ctx, label.className ?? LOOSE_CLASS, joinKey);
    incoming.push(toIncoming(ctx, file, result, classId));
    originals.set(result.hash, file.blob);
    thumbnails.set(result.hash, result.thumbnail);
    placed.push({ hash: result.hash, classId, label });
  }
  const kept = await enqueueWrite(ctx, () => writeChunk(ctx, incoming, originals, thumbnails, joinKey));
  for (const path of kept.unreadablePaths) progress.reject(path, rejectionText('unreadable'));
  progress.keep(kept);
}

function classFor(ctx: CommandContext, name: string, joinKey: string): ClassId {
  const classes = ctx.store.getState().project?.dataset.classes ?? [];
  return classByName(classes, name)?.id ?? addClass(ctx, name, joinKey);
}

function toIncoming(
  ctx: CommandContext,
  file: DroppedFile,
  result: Extract<InspectedFile, { kind: 'image' }>,
  classId: ClassId,
): IncomingImage {
  const { hash, widthPx, heightPx } = result;
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return {
    hash,
    classId,
    name,
    path: file.path,
    widthPx,
    heightPx,
    sizeBytes: file.blob.size,
    lockedPart: null,
    addedAtMs: ctx.now(),
  };
}

interface KeptChunk {
  readonly addedCount: number;
  readonly duplicateCount: number;
  readonly conflictCount: number;
  readonly unreadablePaths: readonly string[];
}

/** Disk first, then the page: what is shown is already safe. A class deleted meanwhile takes its new images along. */
async function writeChunk(
  ctx: CommandContext,
  incoming: readonly IncomingImage[],
  originals: ReadonlyMap<string, Blob>,
  thumbnails: ReadonlyMap<string, Blob>,
  joinKey: string,
): Promise<KeptChunk> {
  const { project } = ctx.store.getState();
  if (project === null) return { addedCount: 0, duplicateCount: 0, conflictCount: 0, unreadablePaths: [] };
  const classIds = new Set(project.dataset.classes.map(({ id }) => id));
  const wanted = incoming.filter(({ classId }) => classIds.has(classId));
  const { added, duplicateCount, conflictCount } = planAdditions(project.dataset, wanted);
  if (added.length === 0) return { addedCount: 0, duplicateCount, conflictCount, unreadablePaths: [] };

  const { dataset } = applyEdit(project.dataset, { kind: 'add-images', items: added });
  const hashes = new Set(added.map(({ hash }) => hash));
  const { unreadable } = await ctx.storage.images.addChunk(
    { ...project, dataset },
    { items: added, originals: only(originals, hashes), thumbnails: only(thumbnails, hashes) },
  );
  const items = added.filter(({ hash }) => !unreadable.includes(hash));
  adoptImages(ctx, items, joinKey);
  const unreadablePaths = added.filter(({ hash }) => unreadable.includes(hash)).map(({ path }) => path);
  return { addedCount: items.length, duplicateCount, conflictCount, unreadablePaths };
}

function only(blobs: ReadonlyMap<string, Blob>, hashes: ReadonlySet<string>): Map<string, Blob> {
  return new Map([...blobs].filter(([hash]) => hashes.has(hash)));
}
