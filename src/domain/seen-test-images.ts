import type { ImageId, Part } from './dataset.ts';
import type { Predictions, Run } from './run.ts';
import type { SplitSettings } from './split.ts';

/** A run, and what it said of its images. */
interface EarlierRun {
  readonly run: Pick<Run, 'kind'>;
  readonly predictions: Pick<Predictions, 'imageIds' | 'parts'>;
}

/**
 * How many test images of a new run an earlier one learnt from or chose its best epoch by: for what comes of the earlier
 * run they are no test. A cross-validation learnt from all its images, each in other folds than its own.
 *
 * @param parts part of every image of the new run, entry by entry of `imageIds`.
 */
export function seenTestCount(
  imageIds: readonly ImageId[],
  parts: readonly Part[],
  { run, predictions }: EarlierRun,
): number {
  const isSeen = (part: Part | undefined) => run.kind === 'cross-validation' || part !== 'test';
  const seen = new Set(predictions.imageIds.filter((_, row) => isSeen(predictions.parts[row])));
  return imageIds.filter((id, row) => parts[row] === 'test' && seen.has(id)).length;
}

/** True when test images of now may be among those a run learnt from: it was dealt other parts, or folds of all images. */
export function mayHaveSeenTest(
  { kind, splitSeed, splitRatios }: Pick<Run, 'kind' | 'splitSeed' | 'splitRatios'>,
  { seed, trainRatio, validationRatio, testRatio }: SplitSettings,
): boolean {
  const isSameSplit =
    (splitSeed === null || splitSeed === seed) &&
    splitRatios.train === trainRatio &&
    splitRatios.validation === validationRatio &&
    splitRatios.test === testRatio;
  return kind === 'cross-validation' || !isSameSplit;
}
