import { throwIfAborted } from '../rpc/abort-error.ts';
import type { BackendName } from './contract.ts';
import type { Embedder } from './embedder.ts';

/**
 * Batch sizes worth trying, ascending. cpu: one image takes about a second, and between batches a cancel must be heard.
 * wasm: 8 beat 4 wherever it was measured, and trying 4 costs a visitor's first second. webgl: memory grows with the batch.
 * Beyond 32 nothing was gained where it could be measured.
 */
const CANDIDATES: Readonly<Record<BackendName, readonly number[]>> = {
  webgpu: [8, 16, 32],
  webgl: [4, 8, 16],
  wasm: [8, 16],
  cpu: [1],
};

/** No further size is tried after so long, nor one that would be expected to end later: somebody waits for the first answer. */
const TUNING_LIMIT_MS = 1000;
const TIMED_BATCHES = 3;
/** A larger batch must bring this much: it takes more memory and hears a cancel later. */
const WORTHWHILE_RATIO = 0.95;

/** Where a shape that was never run makes the first batch of it slow. */
const COMPILES_SHADERS: ReadonlySet<BackendName> = new Set(['webgpu', 'webgl']);

/** What warming up found; the same on the same device, so it is kept for the next start. */
export interface WarmedUp {
  readonly batchSize: number;
  /** Of full batches, everything from bytes to features. */
  readonly millisecondsPerImage: number;
}

/** What warming up needs to know. */
export interface WarmUpContext {
  readonly backend: BackendName;
  /** What was found earlier on this device for this network; null when it was never measured. */
  readonly known: WarmedUp | null;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Time of an image in full batches, ms: the median of the batches timed. @param canGoOn whether one more is worth its time. */
async function timeBatches(
  embedder: Embedder,
  batchSize: number,
  { now, signal }: WarmUpContext,
  canGoOn: (millisecondsPerImage: number) => boolean,
): Promise<number> {
  const image = new Uint8Array(embedder.inputSide ** 2 * 3);
  const batch = new Array<Uint8Array>(batchSize).fill(image);
  embedder.setBatchSize(batchSize);
  // Unmeasured: buffers are made and shaders compiled.
  await embedder.embed(batch);
  const times: number[] = [];
  do {
    throwIfAborted(signal);
    const startMs = now();
    await embedder.embed(batch);
    times.push((now() - startMs) / batchSize);
  } while (times.length < TIMED_BATCHES && canGoOn(times[0] ?? 0));
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** Tries the sizes in turn and takes the one that serves best. */
async function measure(embedder: Embedder, context: WarmUpContext): Promise<WarmedUp> {
  const { backend, now } = context;
  const sizes = CANDIDATES[backend];
  const endMs = now() + TUNING_LIMIT_MS;
  // Once unmeasured, once measured.
  const hasTimeFor = (batchSize: number, millisecondsPerImage: number) =>
    now() + 2 * batchSize * millisecondsPerImage <= endMs;
  let best: WarmedUp | null = null;
  for (const [index, batchSize] of sizes.entries()) {
    if (best !== null && !hasTimeFor(batchSize, best.millisecondsPerImage)) break;
    const next = sizes[index + 1];
    // The first size has nothing to be compared with when there is no time for a second: one batch then tells the speed.
    const hasRival = (ms: number) => best !== null || (next !== undefined && hasTimeFor(next, ms));
    const canGoOn = (ms: number) => now() < endMs && hasRival(ms);
    const millisecondsPerImage = await timeBatches(embedder, batchSize, context, canGoOn);
    if (best === null || millisecondsPerImage < best.millisecondsPerImage * WORTHWHILE_RATIO) {
      best = { batchSize, millisecondsPerImage };
    }
  }
  return best ?? { batchSize: 1, millisecondsPerImage: 0 };
}

/**
 * Runs the shapes that will be used once, so that buffers and shaders are there, and finds the batch size that serves this
 * device and network best; the embedder has it then. What is known from before is not measured again.
 *
 * @throws DOMException 'AbortError'.
 */
export async function warmUp(embedder: Embedder, context: WarmUpContext): Promise<WarmedUp> {
  const { backend, known, signal } = context;
  const image = new Uint8Array(embedder.inputSide ** 2 * 3);
  await embedder.embed([image]);
  throwIfAborted(signal);
  const found = known ?? (await measure(embedder, context));
  embedder.setBatchSize(found.batchSize);
  if (known !== null && COMPILES_SHADERS.has(backend)) await embedder.embed(new Array(found.batchSize).fill(image));
  return found;
}
