import type { PixelScaling } from '../domain/backbone.ts';

type Triple = readonly [number, number, number];

/**
 * How a byte becomes the network's input: channel k of the input is
 * `byte[source[k]] * scale[k] + offset[k]`, bytes being RGB from 0 to 255.
 */
export interface PixelAffine {
  readonly scale: Triple;
  readonly offset: Triple;
  /** Which of the RGB bytes feeds each channel: [0, 1, 2] is RGB, [2, 1, 0] is BGR. */
  readonly source: Triple;
}

const RGB: Triple = [0, 1, 2];
const BGR: Triple = [2, 1, 0];

/** Mean and deviation of ImageNet's pixels in [0, 1], RGB, as torchvision uses them. */
const IMAGENET_MEAN: Triple = [0.485, 0.456, 0.406];
const IMAGENET_DEVIATION: Triple = [0.229, 0.224, 0.225];

const [meanR, meanG, meanB] = IMAGENET_MEAN;
const [deviationR, deviationG, deviationB] = IMAGENET_DEVIATION;

const AFFINES: Readonly<Record<PixelScaling, PixelAffine>> = {
  '[-1,1]': { scale: [1 / 127.5, 1 / 127.5, 1 / 127.5], offset: [-1, -1, -1], source: RGB },
  '[0,1]': { scale: [1 / 255, 1 / 255, 1 / 255], offset: [0, 0, 0], source: RGB },
  '0-255': { scale: [1, 1, 1], offset: [0, 0, 0], source: RGB },
  imagenet: {
    scale: [1 / (255 * deviationR), 1 / (255 * deviationG), 1 / (255 * deviationB)],
    offset: [-meanR / deviationR, -meanG / deviationG, -meanB / deviationB],
    source: RGB,
  },
  // Means of ImageNet's bytes in BGR order, as Caffe's networks were trained with.
  caffe: { scale: [1, 1, 1], offset: [-103.939, -116.779, -123.68], source: BGR },
  'teachable-machine': { scale: [1 / 127, 1 / 127, 1 / 127], offset: [-1, -1, -1], source: RGB },
};

const SCALINGS: readonly PixelScaling[] = ['[-1,1]', '[0,1]', '0-255', 'imagenet', 'caffe', 'teachable-machine'];

/** Scale, offset and channel order from bytes 0-255 to the network's input. */
export function pixelAffine(pixels: PixelScaling): PixelAffine {
  return AFFINES[pixels];
}

/**
 * The scaling that equals `pixels` followed by a per-channel `x * scale + offset`, or null when none of ours does.
 * Compared to one part in a million: constants in a graph are float32.
 *
 * @param scale one number per input channel.
 * @param offset one number per input channel.
 */
export function composedScaling(
  pixels: PixelScaling,
  scale: ArrayLike<number>,
  offset: ArrayLike<number>,
): PixelScaling | null {
  const before = AFFINES[pixels];
  const channels = [0, 1, 2] as const;
  const matches = (wanted: PixelAffine) =>
    channels.every((k) => {
      const s = scale[k] ?? Number.NaN;
      const o = offset[k] ?? Number.NaN;
      return (
        wanted.source[k] === before.source[k] &&
        isClose(before.scale[k] * s, wanted.scale[k], wanted.scale[k]) &&
        isClose(before.offset[k] * s + o, wanted.offset[k], wanted.scale[k] * 255)
      );
    });
  return SCALINGS.find((candidate) => matches(AFFINES[candidate])) ?? null;
}

function isClose(a: number, b: number, unit: number): boolean {
  return Math.abs(a - b) <= Math.abs(unit) * 1e-6;
}
