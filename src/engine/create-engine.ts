import { viewPlanOf } from '../domain/augmented-view.ts';
import type { ResizeMode } from '../domain/project.ts';
import { withTunedStages } from '../graph/split-at-stage.ts';
import type { Handlers } from '../rpc/calls.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { augmentSamples } from './augment-samples.ts';
import { compareCandidate } from './comparison/compare-candidate.ts';
import { QuietTime } from './comparison/quiet-time.ts';
import { layerInputs } from './compression/layer-inputs.ts';
import { measureCompressed } from './compression/measure-compressed.ts';
import type { EngineCalls } from './contract.ts';
import { decodePixels, RejectedImage, toPixels } from './decode.ts';
import { DecodePool, type DecodePoolOptions } from './decode-pool.ts';
import { type EmbedItem, embedImages } from './embed-images.ts';
import { FineTuneDesk } from './fine-tune/fine-tune-desk.ts';
import { predictProbabilities } from './head.ts';
import { headHandlers } from './head-handlers.ts';
import { trainAnyHead } from './heads/train-any-head.ts';
import { holdLockForLife } from './hold-lock-for-life.ts';
import { KeptHeads } from './kept-heads.ts';
import { networkHandlers } from './network-handlers.ts';
import { PictureDesk } from './picture-desk.ts';
import { predictByModel } from './predict-by-model.ts';
import { SamplePictures } from './sample-pictures.ts';
import { Session } from './session.ts';
import * as tf from './tf.ts';
import { embedTargets, gatherForTraining, missingFrom } from './view-features.ts';

/** What the engine takes from its surroundings, so that nothing below reads a clock or starts a thread by itself. */
export interface EngineSurroundings {
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  /** Resolves after the messages that wait have been handled. */
  readonly yieldToEvents: () => Promise<void>;
  /** Workers that decode. */
  readonly decoding: DecodePoolOptions;
}

/** @throws RemoteError 'broken-image'. A bitmap is closed. */
async function imagePixels(image: Blob | ImageBitmap, side: number, mode: ResizeMode) {
  if (image instanceof ImageBitmap) {
    const pixels = toPixels(image, side, mode);
    image.close();
    return pixels;
  }
  return decodePixels(image, side, mode).catch((error: unknown) => {
    throw error instanceof RejectedImage ? new RemoteError('broken-image', error.detail, { cause: error }) : error;
  });
}

async function classifyPixels(pixels: Uint8Array, { embedder, head }: ReturnType<KeptHeads['get']>) {
  const feature = await embedder.embed([pixels]);
  const features = tf.tensor2d(feature, [1, embedder.featureLength]);
  try {
    return await predictProbabilities(features, head);
  } finally {
    features.dispose();
  }
}

/** The handlers of the worker. One engine lives as long as its worker. */
export function createEngine({ now, yieldToEvents, decoding }: EngineSurroundings): Handlers<EngineCalls> {
  const session = new Session(now);
  const heads = new KeptHeads();
  const fineTuning = new FineTuneDesk();
  const desk = new PictureDesk(new DecodePool(decoding));
  const samples = new SamplePictures(desk);
  const quiet = new QuietTime();
  /** For every call that touches the device. */
  const guarded =
    <I, C, O>(handler: (input: I, context: C) => Promise<O>) =>
    (input: I, context: C): Promise<O> =>
      session.guard(() => handler(input, context));

  return {
    start: ({ wanted, avoid = [] }) => session.start(wanted, avoid),

    holdLock: async ({ name }) => {
      await holdLockForLife(name);
      return null;
    },

    watchDevice: async () => ({ reason: await session.whenLost() }),

    prepareBackbone: guarded(({ entry }, { signal, emit }) => session.prepare(entry, { signal, onProgress: emit })),

    // At once and in the order of the calls: not behind a backbone that is being prepared.
    activateBackbone: async ({ backbone }) => {
      session.activate(backbone);
      return null;
    },

    discardBackbone: async () => {
      session.discard();
      return null;
    },

    ...networkHandlers(),

    ...headHandlers(session, fineTuning, { now, yieldToEvents }),

    inspectFiles: ({ files, prepareFor = null }, { signal }) => desk.inspect(files, prepareFor, signal),

    missingFeatures: ({ hashes, views, stageCount = 0, ...on }) =>
      session.withWorkplace(on, async (workplace) =>
        stageCount === 0
          ? missingFrom(await embedTargets(workplace.store, views ?? null), hashes)
          : fineTuning.missing(workplace, { stageCount, views: views ?? null }, hashes),
      ),

    estimateActivations: ({ rowCount, stageCount, ...on }) =>
      session.withBackbone(on, async (backbone) => fineTuning.estimate(backbone, stageCount, rowCount)),

    embed: guarded(({ images, views, stageCount = 0, ...on }, { emit, signal }) =>
      session.withWorkplace(on, async (workplace) => {
        const { embedder } = workplace.backbone;
        const wish = { side: embedder.inputSide, mode: on.resizeMode };
        desk.keepOnly(wish);
        const pixelsOf = ({ hash, blob }: EmbedItem) => desk.pixels(hash, blob, wish, signal);
        const onDone = (doneCount: number) => emit({ doneCount });
        const context = { pixelsOf, onDone, signal, yieldToEvents };
        if (stageCount > 0) {
          const atCut = { stageCount, views: views ?? null };
          return fineTuning.embed(workplace, atCut, session.backend(), images, context);
        }
        const targets = await embedTargets(workplace.store, views ?? null);
        return embedImages(images, { ...context, embedder, targets });
      }),
    ),

    train: guarded(({ backbone, resizeMode, tunedStart = null, ...input }, { signal, stopRequested, emit }) =>
      session.withWorkplace({ backbone, resizeMode }, async (workplace) => {
        const { rows, settings } = input;
        const views = viewPlanOf(settings, settings.augmentViews);
        const around = { signal, stopRequested, emit, now, yieldToEvents };
        const options = { ...input, ...around, viewCount: views?.viewCount ?? 0 };
        const onStages = (stagesEpochCount: number) => emit({ stagesEpochCount });
        if (tunedStart !== null) {
          return await fineTuning.trainFurther(workplace, { ...options, views, onStages }, tunedStart);
        }
        const { featureLength } = workplace.backbone.report;
        const features = await gatherForTraining(workplace.store, rows, views, featureLength);
        if (settings.fineTuneStages === 0) return await trainAnyHead({ ...options, features });
        return await fineTuning.train(workplace, { ...options, features, views, onStages });
      }),
    ),

    predict: guarded(({ hashes, head, tuned = null, views, ...on }, { transfer }) =>
      session.withWorkplace(on, async (workplace) => {
        const probabilities = await predictByModel(workplace, fineTuning, { head, tuned }, hashes, views ?? null);
        transfer(probabilities.buffer);
        return probabilities;
      }),
    ),

    compareCandidate: guarded((input, { signal, emit }) =>
      compareCandidate(input, { session, desk, quiet, signal, emit, now, yieldToEvents }),
    ),

    layerInputs: guarded((input, { signal }) => layerInputs(input, { session, desk, signal, yieldToEvents })),

    measureCompressed: guarded((input, { signal, emit }) =>
      measureCompressed(input, { session, desk, quiet, signal, emit, now, yieldToEvents }),
    ),

    useHead: ({ key, head, tuned = null, ...on }) =>
      session.withBackbone(on, async () => {
        heads.keep(key, { ...on, head, tuned });
        return null;
      }),

    classify: guarded(({ key, image, resizeMode, ...on }) =>
      session.withBackbone(on, async (backbone) => {
        await quiet.over();
        const startMs = now();
        const kept = heads.get(key, backbone, session.backend());
        const pixels = await imagePixels(image, backbone.embedder.inputSide, resizeMode);
        const probabilities = await classifyPixels(pixels, kept);
        return { probabilities, elapsedMs: now() - startMs };
      }),
    ),

    preparePixels: ({ image, resizeMode, ...on }, { transfer }) =>
      session.withBackbone(on, async ({ embedder: { inputSide: side } }) => {
        const pixels = await imagePixels(image, side, resizeMode);
        transfer(pixels.buffer);
        return { side, pixels };
      }),

    augmentSamples: guarded(({ images, plan, resizeMode, ...on }, { signal, transfer }) =>
      session.withBackbone(on, async ({ embedder: { inputSide: side } }) => {
        const pictures = await samples.take(images, { side, mode: resizeMode }, signal);
        const startMs = now();
        const pixels = await augmentSamples(pictures, side, plan);
        const millisecondsPerImage = (now() - startMs) / Math.max(1, pictures.length);
        transfer(pixels.buffer);
        return { side, hashes: pictures.map(({ hash }) => hash), pixels, millisecondsPerImage };
      }),
    ),

    exportBackbone: ({ tuned, ...on }) =>
      session.withBackbone(on, async ({ graph }) => (tuned === null ? graph : withTunedStages(graph, tuned))),

    memory: async () => {
      const { numTensors, numBytes } = tf.memory();
      return { tensorCount: numTensors, byteCount: numBytes };
    },

    forgetFeatures: async ({ hashes }) => {
      const gone = new Set(hashes);
      desk.forget(gone);
      fineTuning.forget(gone);
      await session.forget(gone);
      return null;
    },
  };
}
