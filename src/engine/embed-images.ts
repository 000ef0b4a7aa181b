import { sampleView, type ViewPlan } from '../domain/augmented-view.ts';
import type { ContentHash } from '../domain/dataset.ts';
import { throwIfAborted } from '../rpc/abort-error.ts';
import { RejectedImage } from './decode.ts';
import type { Embedder } from './embedder.ts';
import type { FeatureRow } from './feature-cache.ts';

/** An image to embed. */
export interface EmbedItem {
  readonly hash: ContentHash;
  readonly blob: Blob;
}

interface DecodedBatch {
  readonly items: readonly { readonly hash: ContentHash; readonly pixels: Uint8Array }[];
  readonly failed: readonly ContentHash[];
}

async function decodeBatch(items: readonly EmbedItem[], pixelsOf: EmbedContext['pixelsOf']): Promise<DecodedBatch> {
  const failed: ContentHash[] = [];
  const decoded = await Promise.all(
    items.map(async (item) => {
      try {
        return { hash: item.hash, pixels: await pixelsOf(item) };
      } catch (error) {
        if (!(error instanceof RejectedImage)) throw error;
        failed.push(item.hash);
        return null;
      }
    }),
  );
  return { items: decoded.filter((item) => item !== null), failed };
}

async function embedBatch(
  { items }: DecodedBatch,
  embedder: EmbedContext['embedder'],
  target: EmbedTarget,
): Promise<FeatureRow[]> {
  if (items.length === 0) return [];
  const { view } = target;
  const views = view === null ? undefined : items.map(({ hash }) => sampleView(hash, view.index, view.plan));
  const values = await embedder.embed(
    items.map(({ pixels }) => pixels),
    views,
  );
  const { featureLength } = embedder;
  return items.map(({ hash }, row) => ({
    hash,
    values: values.slice(row * featureLength, (row + 1) * featureLength),
  }));
}

/** What is made of every image, and where its features go. */
export interface EmbedTarget {
  /** Keeps rows; false when the disk is full, so that they are in memory only. */
  readonly store: { put(rows: readonly FeatureRow[]): Promise<boolean> };
  /** null for the image as it is. */
  readonly view: { readonly index: number; readonly plan: Omit<ViewPlan, 'viewCount'> } | null;
}

/** Where an embedding takes place. */
export interface EmbedContext {
  readonly embedder: Pick<Embedder, 'batchSize' | 'featureLength' | 'embed'>;
  /** An image is decoded once for all of them. */
  readonly targets: readonly EmbedTarget[];
  /** uint8 [side, side, 3] RGB as the embedder takes it; rejects with RejectedImage when there is none. */
  readonly pixelsOf: (item: EmbedItem) => Promise<Uint8Array>;
  /** Called with the number of images finished, those that failed included, once their rows are kept. */
  readonly onDone: (doneCount: number) => void;
  readonly signal: AbortSignal;
  /** Lets messages in: where pixels are at hand and the processor computes, nothing else would. */
  readonly yieldToEvents: () => Promise<void>;
}

/** What became of the images. */
export interface Embedded {
  /** Images that could not be decoded. */
  readonly failed: readonly ContentHash[];
  /** True when the disk was full, so that some rows are in memory only. */
  readonly cacheFull: boolean;
}

/** Batches being decoded ahead: one at work, and one so that no worker runs dry while the engine's thread computes. */
const BATCHES_AHEAD = 2;

/**
 * Decodes, embeds and keeps images. While one batch is computed the next two are being decoded and the one before written.
 *
 * @throws RemoteError 'disk-full' when rows fit neither on the disk nor in memory; DOMException 'AbortError'. What was done before is kept.
 */
export async function embedImages(
  images: readonly EmbedItem[],
  { embedder, targets, pixelsOf, onDone, signal, yieldToEvents }: EmbedContext,
): Promise<Embedded> {
  const failed: ContentHash[] = [];
  let cacheFull = false;
  const keep = async (target: EmbedTarget, rows: readonly FeatureRow[]) => {
    if (!(await target.store.put(rows))) cacheFull = true;
  };
  const { batchSize } = embedder;
  const ahead: Promise<DecodedBatch>[] = [];
  const lookAhead = (start: number) => {
    if (start >= images.length) return;
    const batch = decodeBatch(images.slice(start, start + batchSize), pixelsOf);
    // Awaited later; until then a failure must not count as unhandled. The same holds for what is written.
    batch.catch(() => null);
    ahead.push(batch);
  };
  for (let batch = 0; batch < BATCHES_AHEAD; batch += 1) lookAhead(batch * batchSize);
  let written: Promise<void> = Promise.resolve();
  for (let start = 0; start < images.length; start += batchSize) {
    const decoded = await ahead.shift();
    if (decoded === undefined) break;
    throwIfAborted(signal);
    lookAhead(start + BATCHES_AHEAD * batchSize);
    failed.push(...decoded.failed);
    for (const target of targets) {
      await yieldToEvents();
      throwIfAborted(signal);
      const rows = await embedBatch(decoded, embedder, target);
      await written;
      written = keep(target, rows);
      written.catch(() => null);
    }
    written = written.then(() => onDone(Math.min(images.length, start + batchSize)));
    written.catch(() => null);
  }
  await written;
  return { failed, cacheFull };
}
