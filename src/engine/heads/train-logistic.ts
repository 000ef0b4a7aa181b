import type { TrainOutput } from '../contract.ts';
import { HEAD_ALONE, paced, type TrainOptions } from '../train.ts';
import { rowsToTrainOn } from '../training/rows-by-part.ts';
import { fitLogistic, LOGISTIC_MAX_ITERATIONS } from './logistic.ts';
import { solverEvents } from './solver-events.ts';

/** Fits a logistic regression with the penalty of the settings. Stop keeps where the solver stands. */
export async function trainLogistic(options: TrainOptions): Promise<TrainOutput> {
  const { features, classCount, settings, signal, stopRequested } = options;
  const parts = rowsToTrainOn(options.rows, options.viewCount);
  const tell = solverEvents(options, parts, LOGISTIC_MAX_ITERATIONS);
  const letMessagesIn = paced(options);
  let lastIndex = 0;
  const { head, ended, converged } = await fitLogistic({
    features,
    train: parts.train,
    classCount,
    settings,
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
