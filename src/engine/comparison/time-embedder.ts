import { throwIfAborted } from '../../rpc/abort-error.ts';
import type { Embedder } from '../embedder.ts';

/** Speed of a network on pixels that are ready, ms per image; medians after a warm-up. */
export interface EmbedderTimes {
  readonly singleMs: number;
  readonly batchMs: number;
  readonly batchSize: number;
}

interface Clock {
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Odd, so that the median is one of them. */
const MOST_RUNS = 15;
const TIME_LIMIT_MS = 1500;

/** @param images at least one, uint8 [side, side, 3]; repeated to fill a batch. */
export async function timeEmbedder(
  embedder: Embedder,
  images: readonly Uint8Array[],
  clock: Clock,
): Promise<EmbedderTimes> {
  const { batchSize } = embedder;
  const singleMs = await medianMs(() => embedder.embed(filled(images, 1)), clock);
  const batchMs = batchSize === 1 ? singleMs : await timeBatch(embedder, images, clock);
  return { singleMs, batchMs, batchSize };
}

/** The same for full batches alone: ms per image. */
export async function timeBatch(embedder: Embedder, images: readonly Uint8Array[], clock: Clock): Promise<number> {
  const batch = filled(images, embedder.batchSize);
  return (await medianMs(() => embedder.embed(batch), clock)) / batch.length;
}

function filled(images: readonly Uint8Array[], count: number): Uint8Array[] {
  const [first] = images;
  if (first === undefined) throw new RangeError('There is no image to time with.');
  return Array.from({ length: count }, (_, index) => images[index % images.length] ?? first);
}

async function medianMs(work: () => Promise<unknown>, { now, signal }: Clock): Promise<number> {
  await work();
  const times: number[] = [];
  const beginMs = now();
  while (times.length === 0 || (times.length < MOST_RUNS && now() - beginMs < TIME_LIMIT_MS)) {
    throwIfAborted(signal);
    const startMs = now();
    await work();
    times.push(now() - startMs);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}
