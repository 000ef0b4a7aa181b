import type { ClassLabel, Dataset, ImageItem } from '../../domain/dataset.ts';
import type { PredictedImage } from '../../domain/metrics/predicted.ts';
import type { Run } from '../../domain/run.ts';
import { partWordsOf } from './part-words.ts';

/** An image of the data together with what the current model says of it. */
export interface JudgedImage {
  readonly item: ImageItem;
  /** Of its part of the data, for example "test". */
  readonly partAdjective: string;
  /** Classes as they were when the model was trained. */
  readonly actual: ClassLabel;
  readonly predicted: ClassLabel;
  /** Probability of the predicted class, 0-1. */
  readonly confidenceRatio: number;
}

/** Joins predictions with the images that are still there; deleted ones are left out. */
export function judgeImages(images: readonly PredictedImage[], run: Run, dataset: Dataset): readonly JudgedImage[] {
  return images.flatMap(({ imageId, part, trueIndex, predictedIndex, confidenceRatio }) => {
    const item = dataset.images.get(imageId);
    const actual = run.classes[trueIndex];
    const predicted = run.classes[predictedIndex];
    if (item === undefined || actual === undefined || predicted === undefined) return [];
    return [{ item, partAdjective: partWordsOf(run, part).adjective, actual, predicted, confidenceRatio }];
  });
}
