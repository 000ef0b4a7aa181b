import { measureScale, withoutConstantFeatures } from './heads/feature-scale.ts';
import type { TrainOptions } from './train.ts';
import { headShapeOf, startingHead } from './training/head-shape.ts';
import { rowsToTrainOn } from './training/rows-by-part.ts';
import { createStepper } from './training/stepper.ts';

/** A loss so many times the least seen has exploded; as in fast.ai's finder. */
const EXPLODED = 4;
/** The part that judges is not looked at; a stepper wants some rows of it all the same. */
const JUDGED_ROWS = 1;

interface RateTestOptions
  extends Pick<TrainOptions, 'features' | 'rows' | 'classCount' | 'settings' | 'signal' | 'yieldToEvents'> {
  /** One step each, in this order. */
  readonly rates: readonly number[];
}

/** Takes one step at each rate from new weights, on scaled features as in training. @returns the mean loss of each step's batch, until it explodes. */
export async function testLearningRates(options: RateTestOptions): Promise<number[]> {
  const { features, classCount, settings, rates, signal, yieldToEvents } = options;
  const { train } = rowsToTrainOn(options.rows);
  const judge = { ...train, rowIndices: train.rowIndices.subarray(0, JUDGED_ROWS) };
  const shape = headShapeOf(features.featureLength, classCount, settings);
  const scale = measureScale(features, train.rowIndices);
  const stepper = createStepper({
    features: { ...features, scale },
    train,
    judge: { ...judge, classIndices: train.classIndices.subarray(0, JUDGED_ROWS) },
    shape,
    settings,
    start: withoutConstantFeatures(startingHead(shape, settings.seed, null), scale),
    rateAt: (stepIndex) => rates[stepIndex] ?? 0,
  });
  const losses: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  try {
    for (let step = 0; step < rates.length; step++) {
      stepper.startEpoch();
      stepper.step(0);
      const { trainLoss, weightsFinite } = await stepper.finishEpoch();
      await yieldToEvents();
      signal.throwIfAborted();
      if (!weightsFinite || !Number.isFinite(trainLoss)) break;
      losses.push(trainLoss);
      least = Math.min(least, trainLoss);
      if (trainLoss > EXPLODED * Math.max(least, 0.1)) break;
    }
  } finally {
    stepper.dispose();
  }
  return losses;
}
