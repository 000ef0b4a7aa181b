import { throwIfAborted } from '../rpc/abort-error.ts';
import type { BackendName } from './contract.ts';
import type { Embedder } from './embedder.ts';

/**
 * Batch sizes worth trying, ascending. cpu: one image takes about a second, and between batches a cancel must be heard.
 * webgl: memory grows with the batch. Beyond 32 nothing was gained where it could be measured.
 */
const CANDIDATES: Readonly<Record<BackendName, readonly number[]>> = {
  webgpu: [8, 16, 32],
  webgl: [4, 8, 16],
  wasm: [4, 8, 16],
  cpu: [1],
};

/** No further size is tried after so long, nor one that would be expected to end later. */
const TUNING_LIMIT_MS = 2500;
const TIMED_BATCHES = 3;
/** A larger batch must bring this much: it takes more memory and hears a cancel later. */
const WORTHWHILE_RATIO = 0.95;

/** What warming up found. */
export interface WarmedUp {
  readonly batchSize: number;
  /** Of full batches, everything from bytes to features. */
  readonly millisecondsPerImage: number;
}

/** What warming up needs to know. */
export interface WarmUpContext {
  readonly backend: BackendName;
  /** The size found earlier on this device for this network; null when it was never measured. */
  readonly knownBatchSize: number | null;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

async function timeBatches(embedder: Embedder, batchSize: number, endMs: number, { now, signal }: WarmUpContext) {
  const image = new Uint8Array(embedder.inputSide ** 2 * 3);
  const batch = new Array<Uint8Array>(batchSize).fill(image);
  embedder.setBatchSize(batchSize);
  // Unmeasured: buffers are made and shaders compiled.
  await embedder.embed(batch);
  const times: number[] = [];
  while (times.length < TIMED_BATCHES && (times.length === 0 || now() < endMs)) {
    throwIfAborted(signal);
    const startMs = now();
    await embedder.embed(batch);
    times.push((now() - startMs) / batchSize);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/**
 * Runs the shapes that will be used once, so that buffers and shaders are there, and finds the batch size that serves this
 * device and network best; the embedder has it then.
 *
 * @throws DOMException 'AbortError'.
 */
export async function warmUp(embedder: Embedder, context: WarmUpContext): Promise<WarmedUp> {
  const { backend, knownBatchSize, now } = context;
  const image = new Uint8Array(embedder.inputSide ** 2 * 3);
  await embedder.embed([image]);
  const endMs = now() + TUNING_LIMIT_MS;
  let best: WarmedUp | null = null;
  for (const batchSize of knownBatchSize === null ? CANDIDATES[backend] : [knownBatchSize]) {
    // Once unmeasured, once measured.
    if (best !== null && now() + 2 * batchSize * best.millisecondsPerImage > endMs) break;
    const millisecondsPerImage = await timeBatches(embedder, batchSize, endMs, context);
    if (best === null || millisecondsPerImage < best.millisecondsPerImage * WORTHWHILE_RATIO) {
      best = { batchSize, millisecondsPerImage };
    }
  }
  best ??= { batchSize: 1, millisecondsPerImage: 0 };
  embedder.setBatchSize(best.batchSize);
  return best;
}
