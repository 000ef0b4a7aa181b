import type { ResizeMode } from './project.ts';

/** How an image file becomes the input of a downloaded model. Written into every download, for people and programs. */
export interface Preprocessing {
  /** Width and height of the square, px. */
  readonly side: number;
  readonly resizeMode: ResizeMode;
  readonly channels: 'RGB';
  readonly orientation: 'exif';
  readonly background: 'white';
  readonly resampling: 'canvas, imageSmoothingQuality low below 2x shrinking, medium from 2x';
  /** What is done to each byte x, 0-255. */
  readonly scaling: 'x / 127 - 1';
  /** Shape of one image as the model takes it. */
  readonly inputShape: readonly [1, number, number, 3];
  /** True when Teachable Machine's own loader prepares images the same way; it always crops. */
  readonly sameAsTeachableMachine: boolean;
}

/**
 * Source pixels per pixel of the square from which shrinking averages. Below it two by two neighbours blended, as
 * Teachable Machine does everywhere, lose nothing; above it they would pick single pixels and leave others out.
 */
export const AVERAGING_FROM_RATIO = 2;

/** Quality of a canvas that draws `shrinkRatio` source pixels on one, along the axis that shrinks more. */
export function smoothingQuality(shrinkRatio: number): 'low' | 'medium' {
  return shrinkRatio < AVERAGING_FROM_RATIO ? 'low' : 'medium';
}

const FIT_SENTENCES: Readonly<Record<ResizeMode, string>> = {
  crop: 'Cut out the largest centred square (offsets rounded down to whole pixels)',
  squash: 'Stretch the whole image to a square, whatever its shape',
  pad: 'Fit the whole image into a square and fill the rest with white',
};

/** The pre-processing of a model that takes squares of `side` px. */
export function preprocessingOf(resizeMode: ResizeMode, side: number): Preprocessing {
  return {
    side,
    resizeMode,
    channels: 'RGB',
    orientation: 'exif',
    background: 'white',
    resampling: 'canvas, imageSmoothingQuality low below 2x shrinking, medium from 2x',
    scaling: 'x / 127 - 1',
    inputShape: [1, side, side, 3],
    sameAsTeachableMachine: resizeMode === 'crop',
  };
}

/** The same as numbered steps for people, one sentence each. */
export function preprocessingSteps({ side, resizeMode }: Preprocessing): string[] {
  return [
    'Decode the image as sRGB and turn it upright as its EXIF orientation says.',
    'Draw it on white: transparent pixels become white.',
    `${FIT_SENTENCES[resizeMode]}, and scale it to ${side} x ${side} pixels (a browser canvas: imageSmoothingQuality "low" when it shrinks to more than a half, else "medium").`,
    'Take the red, green and blue bytes x (0 to 255) and compute x / 127 - 1.',
    `Give the model a float32 array of shape [1, ${side}, ${side}, 3].`,
  ];
}
