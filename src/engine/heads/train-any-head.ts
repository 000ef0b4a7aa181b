import type { TrainOutput } from '../contract.ts';
import { HEAD_ALONE, type TrainOptions, trainHead } from '../train.ts';
import { judgementOfProbabilities } from '../training/judgement.ts';
import { rowsToTrainOn } from '../training/rows-by-part.ts';
import { trainAutomatic } from './automatic.ts';
import { orBaseline } from './baseline-heads.ts';
import { fitNeighbours } from './neighbours-head.ts';
import { solverEvents } from './solver-events.ts';
import { trainLogistic } from './train-logistic.ts';
import { trainPrototypes } from './train-prototypes.ts';

/**
 * Trains the head that the settings name, or the one that Automatic chooses. What is fitted in one go tells of itself as a
 * network does: an epoch is a step of the solver over all images, or the whole of it for class averages and neighbours.
 *
 * @throws as `trainHead` does.
 */
export async function trainAnyHead(options: TrainOptions): Promise<TrainOutput> {
  switch (options.settings.head) {
    case 'auto':
      return trainAutomatic(options);
    case 'network':
      return orBaseline(options, await trainHead(options));
    case 'logistic':
      return orBaseline(options, await trainLogistic(options));
    case 'prototypes':
      return trainPrototypes(options);
    case 'neighbours':
      return trainNeighbours(options);
    default:
      return options.settings.head satisfies never;
  }
}

/** Training images find themselves, so figures on them are of each without itself. */
async function trainNeighbours(options: TrainOptions): Promise<TrainOutput> {
  const { features, classCount, signal, viewCount = 0, rows, settings, yieldToEvents } = options;
  signal.throwIfAborted();
  const parts = rowsToTrainOn(rows, viewCount);
  const tell = solverEvents(options, parts, 1);
  const { rowIndices, classIndices } = parts.train;
  const imageCount = rowIndices.length / (viewCount + 1);
  const { head, judged, leaveOneOut } = await fitNeighbours({
    features,
    rowIndices,
    classIndices,
    images: Array.from(rowIndices, (_, position) => {
      const row = rowIndices[position % imageCount] ?? 0;
      // A frame of the same burst would recognise a row as surely as the row itself.
      return rows.groupIds?.[row] ?? rows.hashes[row] ?? '';
    }),
    classCount,
    classWeights: settings.classWeights,
    seed: settings.seed,
    pause: async () => {
      await yieldToEvents();
      signal.throwIfAborted();
    },
  });
  const judgedClasses = judged.map((position) => classIndices[position] ?? 0);
  await tell(0, head, judged.length === 0 ? null : judgementOfProbabilities(leaveOneOut, judgedClasses, classCount));
  return { end: 'all-epochs', bestEpochIndex: 0, head, elapsedMs: tell.elapsedMs(), ...HEAD_ALONE };
}
