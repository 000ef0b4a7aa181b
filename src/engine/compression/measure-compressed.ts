import { compressModel } from '../../graph/compress-model.ts';
import type { FoldedGraph } from '../../graph/folded-graph.ts';
import { withTunedStages } from '../../graph/split-at-stage.ts';
import { writeLayersModel } from '../../graph/write-layers-model.ts';
import { throwIfAborted } from '../../rpc/abort-error.ts';
import type { QuietTime } from '../comparison/quiet-time.ts';
import { timeBatch } from '../comparison/time-embedder.ts';
import type { CompressedFigures, CompressedInput, CompressedProgress } from '../contract-measuring.ts';
import { RejectedImage } from '../decode.ts';
import { type EmbedItem, embedImages } from '../embed-images.ts';
import { createEmbedder } from '../embedder.ts';
import { predictProbabilities } from '../head.ts';
import type { LoadContext, LoadedBackbone } from '../load-backbone.ts';
import type { PictureDesk } from '../picture-desk.ts';
import type { Session, Workplace } from '../session.ts';
import * as tf from '../tf.ts';

interface MeasureContext {
  readonly session: Session;
  readonly desk: PictureDesk;
  readonly quiet: QuietTime;
  readonly signal: AbortSignal;
  readonly emit: (progress: CompressedProgress) => void;
  readonly now: () => number;
  readonly yieldToEvents: () => Promise<void>;
}

/** Different photos to time with. */
const TIMED_IMAGES = 4;

/**
 * Compresses the network in use and a head, puts the result on the device beside it and asks it about images. Nothing of it
 * is kept, and the network in use stays as it was.
 *
 * @throws RemoteError 'backbone-missing', 'stale-backbone'; DOMException 'AbortError'.
 */
export function measureCompressed(input: CompressedInput, context: MeasureContext): Promise<CompressedFigures> {
  return context.session.withBackbone(input, async (base) => {
    const { tuned = null } = input;
    const graph = tuned === null ? base.graph : withTunedStages(base.graph, tuned);
    const pause = async () => {
      await context.yieldToEvents();
      throwIfAborted(context.signal);
    };
    const model = compressModel({ graph, head: input.head }, input.compression, input.layerInputs);
    await pause();
    const { weightData } = writeLayersModel(model.graph, { head: model.head, pixelInput: 'teachable-machine' });
    await pause();
    const load = async ({ backend }: Pick<LoadContext, 'backend'>) => visitor(base, model.graph, backend);
    return context.session.withVisitor(load, input.resizeMode, async (workplace) => {
      const wish = { side: workplace.backbone.embedder.inputSide, mode: input.resizeMode };
      const pixelsOf = ({ hash, blob }: EmbedItem) => context.desk.pixels(hash, blob, wish, context.signal);
      const imageMs = input.timed ? await timeImages(input, workplace, pixelsOf, context) : null;
      const rows = await embedAll(input, workplace, pixelsOf, context);
      const probabilities = await answers(rows, input.images, model.head);
      return { weightBytes: weightData.byteLength, imageMs, probabilities };
    });
  });
}

function visitor(base: LoadedBackbone, graph: FoldedGraph, backend: LoadContext['backend']): LoadedBackbone {
  const embedder = createEmbedder(graph, backend);
  embedder.setBatchSize(base.embedder.batchSize);
  const featureKey = `${base.featureKey} compressed`;
  return { graph, embedder, report: base.report, featureKey, dispose: () => embedder.dispose() };
}

type PixelsOf = (image: EmbedItem) => Promise<Uint8Array>;

/** @returns ms per image of a warm batch; null when none of the first images can be read. */
async function timeImages(
  { images }: CompressedInput,
  { backbone: { embedder } }: Workplace,
  pixelsOf: PixelsOf,
  context: MeasureContext,
): Promise<number | null> {
  const settled = await Promise.allSettled(images.slice(0, TIMED_IMAGES).map(pixelsOf));
  throwIfAborted(context.signal);
  for (const result of settled) {
    if (result.status === 'rejected' && !(result.reason instanceof RejectedImage)) throw result.reason;
  }
  const pixels = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (pixels.length === 0) return null;
  return context.quiet.keep(() => timeBatch(embedder, pixels, context));
}

/** Features by hash, in memory only: on disk they would be of no further use. */
async function embedAll(
  { images }: CompressedInput,
  { backbone: { embedder } }: Workplace,
  pixelsOf: PixelsOf,
  { signal, emit, yieldToEvents }: MeasureContext,
): Promise<ReadonlyMap<string, Float32Array>> {
  const features = new Map<string, Float32Array>();
  const store: Pick<Workplace['store'], 'put' | 'missing'> = {
    missing: async (hashes) => hashes.filter((hash) => !features.has(hash)),
    put: async (rows) => {
      for (const { hash, values } of rows) features.set(hash, values);
      return true;
    },
  };
  const onDone = (doneCount: number) => emit({ doneCount, totalCount: images.length });
  onDone(0);
  const targets = [{ store, view: null }];
  await embedImages(images, { embedder, targets, pixelsOf, onDone, signal, yieldToEvents });
  return features;
}

/** float32 [images.length, classCount]; NaN in rows of images that could not be read. */
async function answers(
  features: ReadonlyMap<string, Float32Array>,
  images: CompressedInput['images'],
  head: CompressedInput['head'],
): Promise<Float32Array> {
  const classCount = head.layers.at(-1)?.outputLength ?? 0;
  const featureLength = head.layers[0]?.inputLength ?? 0;
  const probabilities = new Float32Array(images.length * classCount).fill(Number.NaN);
  const readable = images.flatMap(({ hash }, row) => (features.has(hash) ? [{ row, values: features.get(hash) }] : []));
  const block = new Float32Array(readable.length * featureLength);
  readable.forEach(({ values }, at) => {
    block.set(values ?? [], at * featureLength);
  });
  const rows = tf.tensor2d(block, [readable.length, featureLength]);
  const given = await predictProbabilities(rows, head).finally(() => rows.dispose());
  readable.forEach(({ row }, at) => {
    probabilities.set(given.subarray(at * classCount, (at + 1) * classCount), row * classCount);
  });
  return probabilities;
}
