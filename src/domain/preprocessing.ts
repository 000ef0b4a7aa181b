import type { ResizeMode } from './project.ts';

/** How an image file becomes the input of a downloaded model. Written into every download, for people and programs. */
export interface Preprocessing {
  /** Width and height of the square, px. */
  readonly side: number;
  readonly resizeMode: ResizeMode;
  readonly channels: 'RGB';
  readonly orientation: 'exif';
  readonly background: 'white';
  readonly resampling: 'halved while at least as large as drawn, then canvas, imageSmoothingQuality low';
  /** What is done to each byte x, 0-255. */
  readonly scaling: 'x / 127 - 1';
  /** Shape of one image as the model takes it. */
  readonly inputShape: readonly [1, number, number, 3];
  /** True when Teachable Machine's own loader prepares images the same way; it always crops. */
  readonly sameAsTeachableMachine: boolean;
}

/** Size of a whole picture in pixels, and where on a canvas it begins; what lies beyond the canvas is cut off. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the whole picture is drawn on a square of `side` px. Crop is the arithmetic of Teachable Machine's loader. */
export function placementOf(width: number, height: number, side: number, mode: ResizeMode): Placement {
  if (mode === 'squash') return { x: 0, y: 0, width: side, height: side };
  if (mode === 'crop') {
    const scale = side / Math.min(width, height);
    const size = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
    return { ...size, x: -Math.floor((size.width - side) / 2), y: -Math.floor((size.height - side) / 2) };
  }
  const scale = side / Math.max(width, height);
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return { ...size, x: Math.floor((side - size.width) / 2), y: Math.floor((side - size.height) / 2) };
}

/**
 * One step of shrinking `px` towards `wantedPx`: the half, rounded up, or `px` where the half would be too small.
 * A canvas that halves takes the mean of two by two pixels, and blends neighbours in the last step, which is less than a
 * half: so no pixel is left out, however large the picture. Chromium shrinks the photos of a page in the same steps.
 */
export function halvedOnce(px: number, wantedPx: number): number {
  const half = Math.ceil(px / 2);
  return half >= wantedPx ? half : px;
}

const FIT_SENTENCES: Readonly<Record<ResizeMode, (side: number) => string>> = {
  crop: (side) =>
    `Scale it so that the shorter side is ${side} pixels and the longer one a whole number of them, rounded up; cut out the centre square of ${side} x ${side} (offset rounded down).`,
  squash: (side) => `Scale it to ${side} x ${side} pixels, whatever its shape.`,
  pad: (side) =>
    `Scale it so that the longer side is ${side} pixels, and centre it on a white square of ${side} x ${side}.`,
};

/** The pre-processing of a model that takes squares of `side` px. */
export function preprocessingOf(resizeMode: ResizeMode, side: number): Preprocessing {
  return {
    side,
    resizeMode,
    channels: 'RGB',
    orientation: 'exif',
    background: 'white',
    resampling: 'halved while at least as large as drawn, then canvas, imageSmoothingQuality low',
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
    FIT_SENTENCES[resizeMode](side),
    'To scale without leaving pixels out: halve width and height, by means of two by two pixels and odd sizes rounded up, as long as each stays at least as large as it is to be; then scale bilinearly (a browser canvas: imageSmoothingQuality "low").',
    'Take the red, green and blue bytes x (0 to 255) and compute x / 127 - 1.',
    `Give the model a float32 array of shape [1, ${side}, ${side}, 3].`,
  ];
}
