import type { TrainOutput } from '../contract.ts';
import { HEAD_ALONE, type TrainOptions } from '../train.ts';
import { rowsToTrainOn } from '../training/rows-by-part.ts';
import { fitPrototypes } from './prototypes.ts';
import { solverEvents } from './solver-events.ts';

/** Makes the class means of the training rows a head, in one go. */
export async function trainPrototypes(options: TrainOptions): Promise<TrainOutput> {
  const { features, classCount, signal } = options;
  signal.throwIfAborted();
  const parts = rowsToTrainOn(options.rows, options.viewCount);
  const tell = solverEvents(options, parts, 1);
  const { rowIndices, classIndices } = parts.train;
  const { head } = fitPrototypes(features, rowIndices, classIndices, classCount);
  await tell(0, head);
  return { end: 'all-epochs', bestEpochIndex: 0, head, elapsedMs: tell.elapsedMs(), ...HEAD_ALONE };
}
