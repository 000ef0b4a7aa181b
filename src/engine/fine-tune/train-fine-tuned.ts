import { type FineTuneStart, guardFineTuning } from '../../domain/fine-tune-guard.ts';
import type { HeadWeights } from '../../domain/head.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import type { TunedStages } from '../../domain/tuned-stages.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import type { TrainEvent, TrainOutput } from '../contract.ts';
import { type FeatureScale, measureScale } from '../heads/feature-scale.ts';
import { trainAnyHead } from '../heads/train-any-head.ts';
import { HEAD_ALONE, runEpochs, type TrainOptions } from '../train.ts';
import { headShapeOf, startingHead } from '../training/head-shape.ts';
import { rowsToTrainOn } from '../training/rows-by-part.ts';
import type { Cut } from './cut.ts';
import { featuresAtCut } from './features-at-cut.ts';
import { createTunedStepper } from './tuned-stepper.ts';

/** What training stages needs. */
export interface StageOptions extends Omit<TrainOptions, 'features'> {
  /** Where the network is cut, and how many stages lie above; with the weights to start from. */
  readonly cut: Cut;
  /** Values at the cut of some rows, those of views behind all images, float32 [rows, height * width * channels]. */
  readonly activations: (rowIndices: Int32Array) => Float32Array;
  /** Stages tuned by an earlier run, whose weights the cut has already; the pretrained network's when absent. */
  readonly tuned?: TunedStages | null;
}

/** What fine-tuning needs beyond a head's training: the features are those that the cut network gives. */
export interface FineTuneOptions extends StageOptions, Pick<TrainOptions, 'features'> {
  /** Called when the head is done. @param epochCount of the whole run at most, as known by now. */
  readonly onStages?: (epochCount: number) => void;
}

/** The model that stages are trained from, and gone back to. */
interface StagesStart {
  readonly kind: FineTuneStart;
  readonly head: HeadWeights;
  /** Of the features that the stages begin with. */
  readonly scale: FeatureScale;
  /** Epochs of the head before. */
  readonly epochCount: number;
  /** The best of these. */
  readonly bestEpochIndex: number | null;
}

/**
 * Trains a head on cached features, then head and stages together, and keeps the stages only if the validation images
 * show that they are better. Both phases go through every training image and all its changed views each epoch; mixup
 * blends in the first alone. Same options on the same backend give the same numbers.
 *
 * A stop in the first phase ends the run with the head alone; in the second the best epoch so far stands before the guard.
 *
 * @throws RemoteError 'fine-tune-needs-validation', 'fine-tune-neighbours' before anything is computed; otherwise as `trainHead`.
 */
export async function trainFineTuned(options: FineTuneOptions): Promise<TrainOutput> {
  const { settings, tuned = null } = options;
  partsOf(options);
  if (settings.head === 'neighbours') {
    throw new RemoteError('fine-tune-neighbours', 'Nearest neighbours have no weights that stages could learn with.');
  }
  const startedMs = options.now();
  let headEpochCount = 0;
  const epochCount = settings.epochs + settings.fineTuneEpochs;
  const first = await trainAnyHead({
    ...options,
    emit: (event) => {
      headEpochCount += 1;
      options.emit({ ...event, epochCount });
    },
  });
  if (options.stopRequested()) return { ...first, tuned };
  options.onStages?.(headEpochCount + settings.fineTuneEpochs);
  const { head, bestEpochIndex } = first;
  const kind = tuned === null ? 'pretrained' : 'stages-of-run';
  const scale = measureScale(options.features, partsOf(options).train.rowIndices);
  return await trainStages(options, { kind, head, scale, epochCount: headEpochCount, bestEpochIndex }, startedMs);
}

/**
 * Trains a tuned run's head and stages further, without a phase of the head: `initialHead` and the weights of the cut are
 * that run's. Kept only if the validation images show that it is better than that run.
 *
 * @throws RemoteError as `trainFineTuned`; 'head-unfit' for a head of another shape, or none.
 */
export async function trainStagesFurther(options: StageOptions): Promise<TrainOutput> {
  const { cut, classCount, settings, initialHead = null } = options;
  if (initialHead === null) throw new RemoteError('head-unfit', 'the tuned stages come without their head');
  const startedMs = options.now();
  const { train } = partsOf(options);
  const shape = headShapeOf(cut.upper.featureLength, classCount, settings);
  const head = startingHead(shape, settings.seed, initialHead);
  const scale = await scaleAtCut(options, train.rowIndices);
  return await trainStages(options, { kind: 'run', head, scale, epochCount: 0, bestEpochIndex: null }, startedMs);
}

/** Rows that the scale of features at a cut is measured on at most: more would move it by little. */
const MOST_MEASURED = 256;

/** The scale of the features that the tuned stages make of training rows, spread over them all. */
async function scaleAtCut(options: StageOptions, rowIndices: Int32Array): Promise<FeatureScale> {
  const step = Math.max(1, rowIndices.length / MOST_MEASURED);
  const measuredCount = Math.min(MOST_MEASURED, rowIndices.length);
  const measured = Int32Array.from({ length: measuredCount }, (_, index) => rowIndices[Math.floor(index * step)] ?? 0);
  const positions = measured.map((_, position) => position);
  const activations = (wanted: Int32Array) => options.activations(wanted.map((position) => measured[position] ?? 0));
  const features = await featuresAtCut(options.cut.upper, activations, positions, measuredCount, options);
  return measureScale(features, positions);
}

/** Trains stages and head from where they are, and goes back to that where the guard says so. */
async function trainStages(options: StageOptions, start: StagesStart, startedMs: number): Promise<TrainOutput> {
  const { cut, now } = options;
  const settings = settingsOfStages(options.settings);
  const stepper = createTunedStepper({
    graph: cut.upper,
    stageOf: cut.stageOf,
    activations: options.activations,
    head: start.head,
    scale: start.scale,
    ...partsOf(options),
    shape: {
      featureLength: cut.upper.featureLength,
      hiddenUnits: start.head.layers.slice(0, -1).map(({ outputLength }) => outputLength),
      classCount: options.classCount,
    },
    settings,
  });
  try {
    // Through the same rounding of activations as the tuned stages, so that only training makes a difference.
    const before = await stepper.judge();
    const emit = (event: TrainEvent) => {
      const epochIndex = start.epochCount + event.epoch.epochIndex;
      const epoch = { ...event.epoch, epochIndex, phase: 'fine-tune' as const };
      options.emit({ ...event, epoch, epochCount: start.epochCount + settings.epochs });
    };
    const { end, bestEpochIndex } = await runEpochs({ ...options, settings, emit }, stepper, startedMs, 'fine-tune');
    const after = stepper.kept ?? before;
    const guard = guardFineTuning(
      start.kind,
      { losses: before.losses, accuracyRatio: before.judgement.accuracyRatio },
      { losses: after.losses, accuracyRatio: after.judgement.accuracyRatio },
    );
    const best = start.epochCount + bestEpochIndex;
    const result = { ...HEAD_ALONE, end, elapsedMs: now() - startedMs, guard };
    if (!guard.kept) {
      return {
        ...result,
        head: start.head,
        tuned: options.tuned ?? null,
        bestEpochIndex: start.bestEpochIndex ?? best,
      };
    }
    const { stageCount, upper } = cut;
    const tuned = { stageCount, cutNode: upper.cutNode, weights: await stepper.readKeptStages() };
    return { ...result, head: await stepper.readKept(), tuned, bestEpochIndex: best };
  } finally {
    stepper.dispose();
  }
}

/** @throws RemoteError 'fine-tune-needs-validation', 'too-few-images'. */
function partsOf({ rows, viewCount }: StageOptions): ReturnType<typeof rowsToTrainOn> {
  const parts = rowsToTrainOn(rows, viewCount);
  if (parts.judge.part === 'validation') return parts;
  throw new RemoteError(
    'fine-tune-needs-validation',
    'Fine-tuning needs validation images to tell whether it helps, and there are none.',
  );
}

function settingsOfStages(settings: ResolvedSettings): ResolvedSettings {
  return {
    ...settings,
    learningRate: settings.learningRate * settings.fineTuneRate,
    epochs: settings.fineTuneEpochs,
    // Blending is for features that stand still: those of the stages move with every step.
    mixup: 0,
  };
}
