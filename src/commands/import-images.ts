import { type ContentHash, type Dataset, type ImageItem, NO_GROUP_FACTS } from '../domain/dataset.ts';
import { isJunkPath, labelOf, type PathLabel } from '../domain/labels-from-paths.ts';
import { rejectionText } from '../domain/reasons.ts';
import type { InspectedFile } from '../engine/contract.ts';
import type { DroppedFile } from '../files/dropped-file.ts';
import type { ImportState } from '../state/app-state.ts';
import type { ImportTarget } from './commands.ts';
import type { CommandContext } from './context.ts';
import { errorText, isAbort } from './error-text.ts';
import { type FoundImage, ImportBatch } from './import-batch.ts';
import { ImportProgress } from './import-progress.ts';
import { type JobHandle, type Outcome, Refusal, runJob } from './job.ts';
import { lockSplitLayout, type PlacedFile } from './lock-split-layout.ts';
import { reportFailure } from './notices.ts';
import { orderNewClasses } from './order-new-classes.ts';
import { enqueueWrite } from './save-project.ts';
import { askForPersistence, refreshStorageUse } from './storage-use.ts';
import { untilAborted } from './until-aborted.ts';

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

/** One import from its first file to its last. */
interface ImportAct {
  readonly ctx: CommandContext;
  readonly projectId: string;
  readonly target: ImportTarget;
  readonly batch: ImportBatch;
  readonly progress: ImportProgress;
  readonly placed: PlacedFile[];
  readonly signal: AbortSignal;
}

/**
 * Takes files in, chunk by chunk: the worker looks at one chunk while the one before is written. What is shown is already
 * on disk. An import that is asked for while another runs waits for it. Bad files are listed; what is in stays, however
 * the import ends.
 *
 * @returns the counts of this import.
 */
export async function importFiles(
  ctx: CommandContext,
  files: AsyncIterable<DroppedFile>,
  target: ImportTarget,
): Promise<Outcome<ImportState>> {
  const outcome = await runJob(ctx, 'import', { progress: null }, (job) => takeIn(ctx, job, files, target));
  // Nothing waits for these: the browser may ask the user first.
  keepSafe(ctx).catch((error: unknown) => reportFailure(ctx.store, error));
  return outcome;
}

async function keepSafe(ctx: CommandContext): Promise<void> {
  await refreshStorageUse(ctx);
  await askForPersistence(ctx);
}

async function takeIn(
  ctx: CommandContext,
  { id, hasWaited, signal }: JobHandle<'import'>,
  files: AsyncIterable<DroppedFile>,
  target: ImportTarget,
): Promise<ImportState> {
  const { project } = ctx.store.getState();
  if (project === null) throw new Refusal('No project is open. Open one, then add these files again.');
  const batch = new ImportBatch(ctx, project.id);
  const progress = new ImportProgress(ctx, id, hasWaited);
  ctx.session.showStored = () => batch.showStored();
  try {
    return await runImport({ ctx, projectId: project.id, target, batch, progress, placed: [], signal }, files);
  } finally {
    ctx.session.showStored = null;
  }
}

async function runImport(act: ImportAct, files: AsyncIterable<DroppedFile>): Promise<ImportState> {
  const { batch, progress } = act;
  try {
    await takeAll(act, files);
    batch.showStored();
    keepLayout(act);
    return progress.end('done', null);
  } catch (error) {
    batch.showStored();
    if (isAbort(error)) {
      keepLayout(act);
      progress.end('cancelled', null);
    } else {
      keepLayout(act);
      const { title, advice } = errorText(error);
      progress.end('failed', `${title} ${advice}`);
    }
    throw error;
  }
}

async function takeAll(act: ImportAct, files: AsyncIterable<DroppedFile>): Promise<void> {
  let ahead: Inspection | null = null;
  for await (const candidates of chunks(untilAborted(files, act.signal), act.progress)) {
    const inspection = inspect(act.ctx, candidates, act.signal);
    if (ahead !== null) await keep(act, ahead);
    ahead = inspection;
  }
  act.progress.allFound();
  if (ahead !== null) await keep(act, ahead);
}

async function* chunks(files: AsyncIterable<DroppedFile>, progress: ImportProgress): AsyncGenerator<Candidate[]> {
  let chunk: Candidate[] = [];
  for await (const file of files) {
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
  if (chunk.length > 0) yield chunk;
}

function inspect(ctx: CommandContext, candidates: readonly Candidate[], signal: AbortSignal): Inspection {
  const files = candidates.map(({ file }) => file.blob);
  const { project, backbones } = ctx.store.getState();
  const input =
    project === null || backbones.current === null
      ? { files }
      : { files, prepareFor: { side: backbones.current.inputSide, mode: project.resizeMode } };
  const results = ctx.engine.call('inspectFiles', input, { signal });
  // Awaited one chunk later; until then a failure must not count as unhandled.
  results.catch(() => undefined);
  return { candidates, results };
}

async function keep({ ctx, target, batch, progress, placed }: ImportAct, inspection: Inspection): Promise<void> {
  const results = await inspection.results;
  const found: FoundImage[] = [];
  const labels: PathLabel[] = [];
  for (const [index, { file, label }] of inspection.candidates.entries()) {
    const result = results[index];
    if (result === undefined || result.kind === 'rejected') {
      progress.reject(file.path, rejectionText(result?.reason ?? 'unreadable'));
      continue;
    }
    const { classId } = target;
    const place = classId === null ? { className: label.className ?? LOOSE_CLASS } : { classId };
    found.push({ image: toImage(ctx, file, result), place, original: file.blob, thumbnail: result.thumbnail });
    labels.push(label);
  }
  const kept = await enqueueWrite(ctx, () => batch.write(found));
  for (const [index, classId] of kept.classIds.entries()) {
    const [image, label] = [found[index]?.image, labels[index]];
    if (image !== undefined && label !== undefined) placed.push({ hash: image.hash, classId, label });
  }
  for (const path of kept.unreadablePaths) progress.reject(path, rejectionText('unreadable'));
  progress.almostBlack(results.filter((result) => result.kind === 'image' && result.isAlmostBlack).length);
  progress.keep(kept);
}

function toImage(
  ctx: CommandContext,
  file: DroppedFile,
  { hash, widthPx, heightPx, takenAtMs, perceptualHash }: Extract<InspectedFile, { kind: 'image' }>,
): FoundImage['image'] {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return {
    hash,
    name,
    path: file.path,
    widthPx,
    heightPx,
    sizeBytes: file.blob.size,
    lockedPart: null,
    grouping: { ...NO_GROUP_FACTS, takenAtMs, perceptualHash, holdId: file.holdId ?? null },
    addedAtMs: ctx.now(),
  };
}

/** Once all files are known: the parts their folders name, and the order of the classes they made. */
function keepLayout({ ctx, projectId, target, batch, placed, progress }: ImportAct): void {
  if (ctx.store.getState().project?.id !== projectId) return;
  const { joinKey, classIds, imageIds } = batch;
  const isByFolder = target.classId === null;
  const { takenOut, overlaps } = lockSplitLayout(ctx, placed, { joinKey, classIds, imageIds, isByFolder });
  progress.overlap(overlaps);
  orderNewClasses(ctx, classIds, joinKey);
  const dataset = ctx.store.getState().project?.dataset;
  if (takenOut.length === 0 || dataset === undefined) return;
  const paths = takenOut.map(({ path }) => path);
  progress.takeOut(paths, sharedCount(takenOut, dataset), rejectionText('no-class'));
}

function sharedCount(items: readonly ImageItem[], dataset: Dataset): number {
  const there = new Set<ContentHash>();
  for (const { hash } of dataset.images.values()) there.add(hash);
  return items.filter(({ hash }) => there.has(hash)).length;
}
