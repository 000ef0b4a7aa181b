import type { ImageId, Part } from '../domain/dataset.ts';
import type { Predictions } from '../domain/run.ts';

/** Held-out images first: they are what the scores were measured on. */
const PART_ORDER: readonly Part[] = ['test', 'validation', 'train'];

/**
 * Images to check other programs with: one of every class in turn until there are `count`, held-out ones first.
 * @returns fewer when the run had fewer images.
 */
export function chooseParityImages(predictions: Predictions, count = 5): ImageId[] {
  const queues = Array.from({ length: predictions.classCount }, (_, classIndex) =>
    PART_ORDER.flatMap((part) =>
      predictions.imageIds.filter(
        (_, row) => predictions.classIndices[row] === classIndex && predictions.parts[row] === part,
      ),
    ),
  );
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  const inTurn = Array.from({ length: Math.min(longest, count) }, (_, round) =>
    queues.flatMap((queue) => queue[round] ?? []),
  );
  return inTurn.flat().slice(0, count);
}
