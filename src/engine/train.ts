import type { EpochRecord, RunEnd } from '../domain/run.ts';
import type { ResolvedSettings } from '../domain/settings.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { TrainEvent, TrainingRows, TrainOutput } from './contract.ts';
import type * as tf from './tf.ts';
import { type BestHead, createBestHead } from './training/best-head.ts';
import { type HeadShape, readHead } from './training/parameters.ts';
import { openRowSource } from './training/row-source.ts';
import { rowsToTrainOn } from './training/rows-by-part.ts';
import { createStepper, type EpochResult, type Stepper } from './training/stepper.ts';

export interface TrainOptions {
  /** float32 [rows, featureLength], one row per entry of `rows`. Borrowed: the caller disposes it. */
  readonly features: tf.Tensor2D;
  readonly rows: TrainingRows;
  readonly classCount: number;
  readonly settings: ResolvedSettings;
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
 * @returns the weights of the best epoch by validation loss, or by training loss when the validation part is empty.
 * @throws RemoteError 'training-diverged' when the loss explodes, 'too-few-images' without training rows.
 * @throws the signal's reason when it aborts.
 */
export async function trainHead(options: TrainOptions): Promise<TrainOutput> {
  const startedMs = options.now();
  options.signal.throwIfAborted();
  const { train, judge } = rowsToTrainOn(options.rows);
  const shape: HeadShape = {
    featureLength: options.features.shape[1],
    hiddenUnits: options.settings.hiddenUnits,
    classCount: options.classCount,
  };
  const source = await openRowSource(options.features);
  const stepper = createStepper(source, train, judge, shape, options.settings);
  const best = createBestHead();
  try {
    const end = await runEpochs(options, stepper, best, startedMs);
    const head = await readHead(best.parameters(), shape);
    return { end, bestEpochIndex: best.epochIndex(), head, elapsedMs: options.now() - startedMs };
  } finally {
    best.dispose();
    stepper.dispose();
  }
}

async function runEpochs(options: TrainOptions, stepper: Stepper, best: BestHead, startedMs: number): Promise<RunEnd> {
  const { epochs, patience } = options.settings;
  for (let epochIndex = 0; epochIndex < epochs; epochIndex++) {
    const epochStartedMs = options.now();
    await runSteps(options, stepper);
    const result = await stepper.finishEpoch();
    options.signal.throwIfAborted();
    assertSane(result);
    best.offer(epochIndex, result.judged.loss, stepper.parameters());
    const seconds = (options.now() - epochStartedMs) / 1000;
    const epoch = epochRecord(epochIndex, result, options.now() - startedMs);
    options.emit({
      epoch,
      epochCount: epochs,
      confusion: result.judged.confusion,
      confusionPart: result.judgedPart,
      imagesPerSecond: result.countedRows / Math.max(seconds, Number.EPSILON),
    });
    if (options.stopRequested()) return 'stopped-by-user';
    if (patience > 0 && epochIndex - best.epochIndex() >= patience) return 'early-stopping';
  }
  return 'all-epochs';
}

/** One epoch's steps. A stop ends them early, but never before the first: there would be nothing to keep. */
async function runSteps(options: TrainOptions, stepper: Stepper): Promise<void> {
  let busySinceMs = options.now();
  stepper.startEpoch();
  for (let batchIndex = 0; batchIndex < stepper.batchCount; batchIndex++) {
    stepper.step(batchIndex);
    if (options.now() - busySinceMs > MAX_BUSY_MS) {
      await options.yieldToEvents();
      busySinceMs = options.now();
    }
    options.signal.throwIfAborted();
    if (options.stopRequested()) return;
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
  };
}
