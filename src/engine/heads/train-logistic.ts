import type { TrainOutput } from '../contract.ts';
import { HEAD_ALONE, paced, type TrainOptions } from '../train.ts';
import { rowsToTrainOn } from '../training/rows-by-part.ts';
import { measureScale } from './feature-scale.ts';
import { fitLogistic, LOGISTIC_MAX_ITERATIONS } from './logistic.ts';
import { meanPenalty } from './penalty-path.ts';
import { solverEvents } from './solver-events.ts';

/** Fits a logistic regression with the penalty that the settings stand for, see `meanPenalty`. Stop keeps where the solver stands. */
export async function trainLogistic(options: TrainOptions): Promise<TrainOutput> {
  const { features, classCount, settings, signal, stopRequested } = options;
  const parts = rowsToTrainOn(options.rows, options.viewCount);
  const tell = solverEvents(options, parts, LOGISTIC_MAX_ITERATIONS);
  const letMessagesIn = paced(options);
  const { rowIndices } = parts.train;
  const variedCount = measureScale(features, rowIndices).isConstant.filter((constant) => constant === 0).length;
  const l2 = meanPenalty(settings.l2, variedCount, rowIndices.length);
  let lastIndex = 0;
  const { head, ended, converged } = await fitLogistic({
    features,
    train: parts.train,
    classCount,
    settings: { ...settings, l2 },
    onStep: async (step) => {
      lastIndex = step.iterationIndex;
      await tell(step.iterationIndex, step.head);
      await letMessagesIn();
      signal.throwIfAborted();
      return stopRequested();
    },
  });
  // Identical images leave the solver nothing to do.
  if (tell.count() === 0) await tell(0, head);
  return {
    end: solverEnd(ended, converged),
    bestEpochIndex: lastIndex,
    head,
    elapsedMs: tell.elapsedMs(),
    ...HEAD_ALONE,
  };
}

function solverEnd(ended: boolean, converged: boolean): TrainOutput['end'] {
  if (converged) return 'converged';
  return ended ? 'stopped-by-user' : 'step-limit';
}
