import type { ImageId } from './dataset.ts';
import type { Predictions } from './run.ts';

/** Of the channels of what a layer is given, over photos and places. float32 [channels] each. */
export interface ChannelMoments {
  readonly means: Float32Array;
  /** Root of the mean square. A small weight on a strong channel moves more than a large one on a channel that is nearly always zero. */
  readonly strengths: Float32Array;
}

/** What the layers of a network with kernels are given when it looks at photos. */
export interface LayerInputs {
  /** By node name. */
  readonly nodes: ReadonlyMap<string, ChannelMoments>;
  /** Of the features, which the head is given. */
  readonly features: ChannelMoments;
}

/** So many photos tell which channels are strong. */
const PHOTO_COUNT = 16;

/**
 * Images to look at for it: of the training part, class by class in turn, always the same ones of a run. Where it has none, of
 * any part.
 *
 * @param isThere whether an image can still be read.
 * @returns ids of at most 16 images.
 */
export function imagesToLookAt(
  { imageIds, parts, classIndices, classCount }: Predictions,
  isThere: (imageId: ImageId) => boolean,
): ImageId[] {
  const rows = imageIds.flatMap((id, row) => (isThere(id) ? [row] : []));
  const learnt = rows.filter((row) => parts[row] === 'train');
  const usable = learnt.length > 0 ? learnt : rows;
  const byClass = Array.from({ length: classCount }, (_, classIndex) =>
    usable.filter((row) => classIndices[row] === classIndex),
  );
  const rounds = Math.max(0, ...byClass.map((own) => own.length));
  const inTurn = Array.from({ length: rounds }, (_, round) => byClass.flatMap((own) => own[round] ?? [])).flat();
  return inTurn.slice(0, PHOTO_COUNT).map((row) => imageIds[row] ?? '');
}
