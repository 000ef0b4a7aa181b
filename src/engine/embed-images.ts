import type { ContentHash } from '../domain/dataset.ts';
import { throwIfAborted } from '../rpc/abort-error.ts';
import { decodePixels, RejectedImage } from './decode.ts';
import type { Embedder } from './embedder.ts';
import type { FeatureRow } from './feature-cache.ts';
import type { FeatureStore } from './feature-store.ts';

/** An image to embed. */
export interface EmbedItem {
  readonly hash: ContentHash;
  readonly blob: Blob;
}

interface DecodedBatch {
  readonly items: readonly { readonly hash: ContentHash; readonly pixels: Uint8Array }[];
  readonly failed: readonly ContentHash[];
}

async function decodeBatch(items: readonly EmbedItem[], side: number, store: FeatureStore): Promise<DecodedBatch> {
  const failed: ContentHash[] = [];
  const decoded = await Promise.all(
    items.map(async ({ hash, blob }) => {
      try {
        return { hash, pixels: await decodePixels(blob, side, store.mode) };
      } catch (error) {
        if (!(error instanceof RejectedImage)) throw error;
        failed.push(hash);
        return null;
      }
    }),
  );
  return { items: decoded.filter((item) => item !== null), failed };
}

async function embedBatch({ items }: DecodedBatch, embedder: Embedder): Promise<FeatureRow[]> {
  if (items.length === 0) return [];
  const values = await embedder.embed(items.map(({ pixels }) => pixels));
  const { featureLength } = embedder;
  return items.map(({ hash }, row) => ({
    hash,
    values: values.slice(row * featureLength, (row + 1) * featureLength),
  }));
}

/** Where an embedding takes place. */
export interface EmbedContext {
  readonly embedder: Embedder;
  readonly store: FeatureStore;
  /** Called with the number of images finished, those that failed included, once their rows are kept. */
  readonly onDone: (doneCount: number) => void;
  readonly signal: AbortSignal;
}

/** What became of the images. */
export interface Embedded {
  /** Images that could not be decoded. */
  readonly failed: readonly ContentHash[];
  /** True when the disk was full, so that some rows are in memory only. */
  readonly cacheFull: boolean;
}

/**
 * Decodes, embeds and keeps images. While one batch is computed the next is being decoded and the one before written.
 *
 * @throws RemoteError 'disk-full' when rows fit neither on the disk nor in memory; DOMException 'AbortError'. What was done before is kept.
 */
export async function embedImages(
  images: readonly EmbedItem[],
  { embedder, store, onDone, signal }: EmbedContext,
): Promise<Embedded> {
  const failed: ContentHash[] = [];
  let cacheFull = false;
  const keep = async (rows: readonly FeatureRow[], doneCount: number) => {
    if (!(await store.put(rows))) cacheFull = true;
    onDone(doneCount);
  };
  const batchAt = (start: number) =>
    decodeBatch(images.slice(start, start + embedder.batchSize), embedder.inputSide, store);
  let next = batchAt(0);
  let written: Promise<void> = Promise.resolve();
  for (let start = 0; start < images.length; start += embedder.batchSize) {
    const batch = next;
    next = batchAt(start + embedder.batchSize);
    // Both are awaited later; until then a failure must not count as unhandled.
    next.catch(() => null);
    const decoded = await batch;
    throwIfAborted(signal);
    failed.push(...decoded.failed);
    const rows = await embedBatch(decoded, embedder);
    await written;
    written = keep(rows, Math.min(images.length, start + embedder.batchSize));
    written.catch(() => null);
  }
  await written;
  return { failed, cacheFull };
}
