import type { HeadWeights } from '../domain/head.ts';
import type { EpochRecord, RunEnd } from '../domain/run.ts';
import type { ResolvedSettings } from '../domain/settings.ts';
import type { Teaching } from '../domain/teaching.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { TrainEvent, TrainingRows, TrainOutput } from './contract.ts';
import { foldScale, measureScale, unfoldScale, withoutConstantFeatures } from './heads/feature-scale.ts';
import type { Features } from './training/features.ts';
import { headShapeOf, startingHead } from './training/head-shape.ts';
import { hasLostPatience } from './training/patience.ts';
import { rowsToTrainOn } from './training/rows-by-part.ts';
import { createStepper, type EpochResult, type Stepper } from './training/stepper.ts';

export interface TrainOptions {
  /** One row per entry of `rows`, and those of the views behind them. */
  readonly features: Features;
  readonly rows: TrainingRows;
  /** Changed views of every training image, see `rowsToTrainOn`; none when absent. */
  readonly viewCount?: number;
  readonly classCount: number;
  readonly settings: ResolvedSettings;
  /** Where the weights start; random ones when absent. */
  readonly initialHead?: HeadWeights | null;
  /** What a teacher says of every image, entry by entry of `rows`; none when absent. Only a network is taught. */
  readonly teaching?: Teaching | null;
  /** Aborting throws the run away. */
  readonly signal: AbortSignal;
  /** True once the user wants the best model so far. */
  readonly stopRequested: () => boolean;
  readonly emit: (event: TrainEvent) => void;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  /** Lets messages in, so that stop and cancel arrive. */
  readonly yieldToEvents: () => Promise<void>;
}

/** What a training of a head alone, of the kind that was asked for, leaves open in its output. */
export const HEAD_ALONE = {
  tuned: null,
  guard: null,
  fallback: null,
  classifier: null,
  settings: null,
  keptScores: null,
  learntFromValidation: false,
} as const satisfies Partial<TrainOutput>;

/** How long the loop runs before it lets messages in. */
const MAX_BUSY_MS = 40;

/** Cross-entropy beyond this is no learning any more: guessing among k classes costs ln k. */
const MAX_SANE_LOSS = 100;

/**
 * Trains a head on features that are already there. Same options on the same backend give the same numbers.
 *
 * Losses in events are mean cross-entropies without smoothing, weights and L2, so that training and validation compare;
 * training figures are running means over the epoch, with dropout on.
 *
 * Learns on features centred and divided by one scale, both measured on the training rows, so that learning rate and penalty
 * mean the same for every backbone; the scale is folded back into the first layer.
 *
 * @returns the weights of the best epoch by validation loss, or by training loss when the validation part is empty.
 * @throws RemoteError 'training-diverged' when the loss explodes, 'too-few-images' without training rows, 'head-unfit' for an initial head of another shape.
 * @throws the signal's reason when it aborts.
 */
export async function trainHead(options: TrainOptions): Promise<TrainOutput> {
  const startedMs = options.now();
  options.signal.throwIfAborted();
  const { train, judge } = rowsToTrainOn(options.rows, options.viewCount);
  const { features, settings, classCount, initialHead = null } = options;
  const shape = headShapeOf(features.featureLength, classCount, settings);
  const scale = measureScale(features, train.rowIndices);
  const start = startingHead(shape, settings.seed, initialHead);
  const stepper = createStepper({
    features: { ...features, scale },
    train,
    judge,
    shape,
    settings,
    teaching: options.teaching ?? null,
    start: initialHead === null ? withoutConstantFeatures(start, scale) : unfoldScale(start, scale),
  });
  try {
    const { end, bestEpochIndex } = await runEpochs(options, stepper, startedMs);
    const head = foldScale(await stepper.readKept(), scale);
    return { end, bestEpochIndex, head, elapsedMs: options.now() - startedMs, ...HEAD_ALONE };
  } finally {
    stepper.dispose();
  }
}

/**
 * Runs epochs until they are over, nothing gets better any more, or the user stops. The stepper keeps the best epoch's weights.
 * @param startedMs from when on elapsed time counts.
 * @param phase stages start out good, so they may end sooner than a new head.
 * @throws RemoteError 'training-diverged'; the signal's reason when it aborts.
 */
export async function runEpochs(
  options: Omit<TrainOptions, 'features' | 'rows' | 'classCount'>,
  stepper: Stepper,
  startedMs: number,
  phase: EpochRecord['phase'] = 'head',
): Promise<{ end: RunEnd; bestEpochIndex: number }> {
  const { epochs } = options.settings;
  let bestEpochIndex = 0;
  let bestLoss = Number.POSITIVE_INFINITY;
  const letMessagesIn = paced(options);
  for (let epochIndex = 0; epochIndex < epochs; epochIndex++) {
    const epochStartedMs = options.now();
    await runSteps(options, stepper, letMessagesIn);
    const result = await stepper.finishEpoch();
    options.signal.throwIfAborted();
    assertSane(result);
    if (result.judged.loss < bestLoss) {
      bestLoss = result.judged.loss;
      bestEpochIndex = epochIndex;
      stepper.keepWeights();
    }
    const seconds = (options.now() - epochStartedMs) / 1000;
    const epoch = epochRecord(epochIndex, result, options.now() - startedMs);
    options.emit({
      epoch,
      epochCount: epochs,
      confusion: result.judged.confusion,
      confusionPart: result.judgedPart,
      imagesPerSecond: result.countedRows / Math.max(seconds, Number.EPSILON),
    });
    if (options.stopRequested()) return { end: 'stopped-by-user', bestEpochIndex };
    const progress = { epochIndex, bestEpochIndex, batchCount: stepper.batchCount, isNew: phase === 'head' };
    if (hasLostPatience(progress, options.settings)) return { end: 'early-stopping', bestEpochIndex };
  }
  return { end: 'all-epochs', bestEpochIndex };
}

/**
 * @returns lets messages in when the loop has run for long. The time runs on over the ends of epochs: few images make one of a few
 * milliseconds, and where the device computes at once nothing else lets them in.
 */
export function paced({ now, yieldToEvents }: Pick<TrainOptions, 'now' | 'yieldToEvents'>): () => Promise<void> {
  let busySinceMs = now();
  return async () => {
    if (now() - busySinceMs <= MAX_BUSY_MS) return;
    await yieldToEvents();
    busySinceMs = now();
  };
}

/** One epoch's steps. A stop ends them early, but never before the first: there would be nothing to keep. */
async function runSteps(
  { signal, stopRequested }: Pick<TrainOptions, 'signal' | 'stopRequested'>,
  stepper: Stepper,
  letMessagesIn: () => Promise<void>,
): Promise<void> {
  stepper.startEpoch();
  for (let batchIndex = 0; batchIndex < stepper.batchCount; batchIndex++) {
    stepper.step(batchIndex);
    await letMessagesIn();
    signal.throwIfAborted();
    if (stopRequested()) return;
  }
}

function assertSane({ trainLoss, judged, weightsFinite }: EpochResult): void {
  // Negated, so that NaN counts as insane.
  if (weightsFinite && trainLoss <= MAX_SANE_LOSS && judged.loss <= MAX_SANE_LOSS) return;
  throw new RemoteError(
    'training-diverged',
    'The loss grew without bound, so this run was ended. Your images and earlier runs are unchanged. ' +
      'Try a learning rate ten times smaller, or go back to the default settings.',
  );
}

function epochRecord(epochIndex: number, result: EpochResult, elapsedMs: number): EpochRecord {
  const hasValidation = result.judgedPart === 'validation';
  return {
    epochIndex,
    trainLoss: result.trainLoss,
    trainAccuracyRatio: result.trainAccuracyRatio,
    validationLoss: hasValidation ? result.judged.loss : null,
    validationAccuracyRatio: hasValidation ? result.judged.accuracyRatio : null,
    recallRatios: hasValidation ? result.judged.recallRatios : result.judged.recallRatios.map(() => Number.NaN),
    learningRate: result.learningRate,
    elapsedMs,
    phase: 'head',
  };
}
