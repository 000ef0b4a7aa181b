import { throwIfAborted } from '../../rpc/abort-error.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import type { DownloadProgress } from '../contract.ts';
import type { Candidate, CandidateFigures, CandidateInput, CandidateProgress } from '../contract-measuring.ts';
import { RejectedImage } from '../decode.ts';
import { type EmbedItem, embedImages } from '../embed-images.ts';
import { type LoadContext, type LoadedBackbone, loadBackbone } from '../load-backbone.ts';
import type { PictureDesk } from '../picture-desk.ts';
import type { Session, Workplace } from '../session.ts';
import * as tf from '../tf.ts';
import { loadPixels, loadUntrained } from './baselines.ts';
import { crossValidate } from './quick-head.ts';
import type { QuietTime } from './quiet-time.ts';
import { timeEmbedder } from './time-embedder.ts';

interface CompareContext {
  readonly session: Session;
  readonly desk: PictureDesk;
  readonly quiet: QuietTime;
  readonly signal: AbortSignal;
  readonly emit: (progress: CandidateProgress) => void;
  readonly now: () => number;
  readonly yieldToEvents: () => Promise<void>;
}

type PixelsOf = (image: EmbedItem) => Promise<Uint8Array>;

/** Different photos to time with. */
const TIMED_IMAGES = 4;

/**
 * Loads a candidate beside the network in use, times it, computes the features it lacks and cross-validates a quick head
 * on them. Whatever happens, the candidate is disposed and the network in use stays as it was.
 *
 * @throws RemoteError as loading, embedding and training do, 'broken-image' when no image could be read;
 * DOMException 'AbortError'. Features computed before are kept.
 */
export async function compareCandidate(input: CandidateInput, context: CompareContext): Promise<CandidateFigures> {
  const stages = stageClock(context);
  const bytesBefore = tf.memory().numBytes;
  const load = (place: Pick<LoadContext, 'backend' | 'now'>) =>
    loadCandidate(input.candidate, { ...place, signal: context.signal, onProgress: stages.onLoading });
  return context.session.withVisitor(load, input.resizeMode, async (workplace) => {
    const { embedder, report } = workplace.backbone;
    const heldBytes = tf.memory().numBytes - bytesBefore;
    const loadMs = stages.loadMs();
    context.emit({ stage: 'timing', doneCount: 0, totalCount: 0 });
    const wish = { side: embedder.inputSide, mode: input.resizeMode };
    const pixelsOf = ({ hash, blob }: EmbedItem) => context.desk.pixels(hash, blob, wish, context.signal);
    const pixels = await somePixels(input, pixelsOf);
    const times = await context.quiet.keep(() => timeEmbedder(embedder, pixels, context));
    const failed = await embedMissing(input, workplace, pixelsOf, context);
    const { predictedIndices, headMs } = await judge(input, workplace, failed, context);
    return {
      featureLength: report.featureLength,
      parameterCount: report.parameterCount,
      downloadBytes: report.sizeBytes,
      loadMs,
      heldBytes,
      ...times,
      headMs,
      predictedIndices,
    };
  });
}

async function loadCandidate(candidate: Candidate, context: LoadContext): Promise<LoadedBackbone> {
  switch (candidate.kind) {
    case 'network':
      return loadBackbone(candidate.entry, context);
    case 'untrained':
      return loadUntrained(await loadBackbone(candidate.base, context), context.backend);
    case 'pixels':
      return loadPixels(context.backend);
    default:
      throw new Error(`Unknown candidate ${candidate satisfies never}`);
  }
}

/** Adds up the time of loading, without download and check, which come once only. */
function stageClock({ now, emit }: CompareContext) {
  let stage: DownloadProgress['stage'] | 'reading' = 'reading';
  let sinceMs = now();
  let countedMs = 0;
  const leave = () => {
    if (stage !== 'downloading' && stage !== 'checking') countedMs += now() - sinceMs;
    sinceMs = now();
  };
  return {
    onLoading: (progress: DownloadProgress) => {
      leave();
      stage = progress.stage;
      const isDownload = stage === 'downloading';
      emit({
        stage: isDownload ? 'downloading' : 'loading',
        doneCount: isDownload ? progress.loadedBytes : 0,
        totalCount: isDownload ? progress.totalBytes : 0,
      });
    },
    loadMs: () => {
      leave();
      return countedMs;
    },
  };
}

/** Pixels of the first images that can be read. @throws RemoteError 'broken-image' when none can. */
async function somePixels({ images }: CandidateInput, pixelsOf: PixelsOf): Promise<Uint8Array[]> {
  const pixels: Uint8Array[] = [];
  for (const image of images) {
    if (pixels.length === TIMED_IMAGES) break;
    try {
      pixels.push(await pixelsOf(image));
    } catch (error) {
      if (!(error instanceof RejectedImage)) throw error;
    }
  }
  if (pixels.length === 0) throw new RemoteError('broken-image', 'None of the images could be read.');
  return pixels;
}

async function embedMissing(
  { images }: CandidateInput,
  { backbone, store }: Workplace,
  pixelsOf: PixelsOf,
  { signal, emit, yieldToEvents }: CompareContext,
): Promise<ReadonlySet<string>> {
  const blobs = new Map(images.map(({ hash, blob }) => [hash, blob]));
  const missing = await store.missing([...blobs.keys()]);
  const items = missing.flatMap((hash) => {
    const blob = blobs.get(hash);
    return blob === undefined ? [] : [{ hash, blob }];
  });
  const onDone = (doneCount: number) => emit({ stage: 'features', doneCount, totalCount: items.length });
  onDone(0);
  const targets = [{ store, view: null }];
  const { embedder } = backbone;
  const { failed } = await embedImages(items, { embedder, targets, pixelsOf, onDone, signal, yieldToEvents });
  return new Set(failed);
}

/** Cross-validates over the images that have features; -1 for the others. */
async function judge(
  { images, classIndices, classCount, folds, foldCount }: CandidateInput,
  { backbone, store }: Workplace,
  failed: ReadonlySet<string>,
  { signal, emit, now, yieldToEvents }: CompareContext,
) {
  throwIfAborted(signal);
  const rows = images.flatMap(({ hash }, row) => (failed.has(hash) ? [] : [row]));
  const features = await store.gather(rows.map((row) => images[row]?.hash ?? ''));
  const onFold = (doneCount: number) => emit({ stage: 'heads', doneCount, totalCount: foldCount });
  onFold(0);
  const judged = await crossValidate(
    {
      features,
      featureLength: backbone.report.featureLength,
      classIndices: rows.map((row) => classIndices[row] ?? 0),
      classCount,
      folds: rows.map((row) => folds[row] ?? 0),
      foldCount,
    },
    { signal, onFold, now, yieldToEvents },
  );
  const predictedIndices = images.map(() => -1);
  rows.forEach((row, index) => {
    predictedIndices[row] = judged.predictedIndices[index] ?? -1;
  });
  return { predictedIndices, headMs: judged.headMs };
}
