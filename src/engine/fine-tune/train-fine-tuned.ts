import { guardFineTuning } from '../../domain/fine-tune-guard.ts';
import { RemoteError } from '../../rpc/remote-error.ts';
import type { TrainEvent, TrainOutput } from '../contract.ts';
import { trainAnyHead } from '../heads/train-any-head.ts';
import { runEpochs, type TrainOptions } from '../train.ts';
import { rowsToTrainOn } from '../training/rows-by-part.ts';
import type { Cut } from './cut.ts';
import { createTunedStepper } from './tuned-stepper.ts';

/** What fine-tuning needs beyond a head's training. */
export interface FineTuneOptions extends TrainOptions {
  /** Where the network is cut, and how many stages lie above. */
  readonly cut: Cut;
  /** Values at the cut of some rows, those of views behind all images, float32 [rows, height * width * channels]. */
  readonly activations: (rowIndices: Int32Array) => Float32Array;
  /** Called when the head is done. @param epochCount of the whole run at most, as known by now. */
  readonly onStages?: (epochCount: number) => void;
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
  const { settings, now } = options;
  const { train, judge } = rowsToTrainOn(options.rows, options.viewCount);
  if (judge.part !== 'validation') {
    throw new RemoteError(
      'fine-tune-needs-validation',
      'Fine-tuning needs validation images to tell whether it helps, and there are none.',
    );
  }
  if (settings.head === 'neighbours') {
    throw new RemoteError('fine-tune-neighbours', 'Nearest neighbours have no weights that stages could learn with.');
  }
  const startedMs = now();
  let headEpochCount = 0;
  const epochCount = settings.epochs + settings.fineTuneEpochs;
  const first = await trainAnyHead({
    ...options,
    emit: (event) => {
      headEpochCount += 1;
      options.emit({ ...event, epochCount });
    },
  });
  if (options.stopRequested()) return first;
  options.onStages?.(headEpochCount + settings.fineTuneEpochs);
  const own = {
    ...settings,
    learningRate: settings.learningRate * settings.fineTuneRate,
    epochs: settings.fineTuneEpochs,
    // Blending is for features that stand still: those of the stages move with every step.
    mixup: 0,
  };
  const stepper = createTunedStepper({
    graph: options.cut.upper,
    stageOf: options.cut.stageOf,
    activations: options.activations,
    head: first.head,
    train,
    judge,
    shape: {
      featureLength: options.features.featureLength,
      hiddenUnits: first.head.layers.slice(0, -1).map(({ outputLength }) => outputLength),
      classCount: options.classCount,
    },
    settings: own,
  });
  try {
    // Through the same rounding of activations as the tuned stages, so that only training makes a difference.
    const frozen = await stepper.judge();
    const emit = (event: TrainEvent) => {
      const { epochIndex } = event.epoch;
      const epoch = { ...event.epoch, epochIndex: headEpochCount + epochIndex, phase: 'fine-tune' as const };
      options.emit({ ...event, epoch, epochCount: headEpochCount + own.epochs });
    };
    const { end, bestEpochIndex } = await runEpochs({ ...options, settings: own, emit }, stepper, startedMs);
    const tuned = stepper.kept ?? frozen;
    const guard = guardFineTuning(
      { losses: frozen.losses, accuracyRatio: frozen.judgement.accuracyRatio },
      { losses: tuned.losses, accuracyRatio: tuned.judgement.accuracyRatio },
    );
    const elapsedMs = now() - startedMs;
    if (!guard.kept) return { ...first, end, elapsedMs, guard };
    const { stageCount, upper } = options.cut;
    return {
      end,
      bestEpochIndex: headEpochCount + bestEpochIndex,
      head: await stepper.readKept(),
      elapsedMs,
      tuned: { stageCount, cutNode: upper.cutNode, weights: await stepper.readKeptStages() },
      guard,
    };
  } finally {
    stepper.dispose();
  }
}
