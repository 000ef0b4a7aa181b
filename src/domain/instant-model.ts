import type { BackboneRef } from './backbone.ts';
import type { ClassLabel, ContentHash, Dataset } from './dataset.ts';
import type { HeadWeights } from './head.ts';
import type { ResizeMode } from './project.ts';

/** Class averages that answer while nothing is trained. */
export interface InstantModel {
  /** Another one for every state of the images. */
  readonly id: string;
  /** Classes with images, in the order of the head's outputs. */
  readonly classes: readonly ClassLabel[];
  readonly resizeMode: ResizeMode;
  readonly backbone: BackboneRef;
  readonly head: HeadWeights;
  /** Images averaged. */
  readonly imageCount: number;
  /** Images judged by averages made without them: those whose class has another. */
  readonly judgedCount: number;
  /** Share of those judged right, 0-1; null when none could be judged. */
  readonly accuracyRatio: number | null;
}

/** What class averages are made from, entry by entry. */
interface AveragedImages {
  readonly classes: readonly ClassLabel[];
  readonly hashes: readonly ContentHash[];
  /** Position in `classes`. */
  readonly classIndices: readonly number[];
}

/** Every image of the data with its class; classes without images have no average and are left out. */
export function imagesToAverage({ classes: all, images }: Dataset): AveragedImages {
  const items = [...images.values()];
  const used = new Set(items.map(({ classId }) => classId));
  const classes = all.filter(({ id }) => used.has(id));
  const indexOf = new Map(classes.map(({ id }, index) => [id, index]));
  return {
    classes,
    hashes: items.map(({ hash }) => hash),
    classIndices: items.map(({ classId }) => indexOf.get(classId) ?? 0),
  };
}
