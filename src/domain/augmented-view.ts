import type { Augmentation, AugmentStrengths } from './augmentation.ts';
import { STRENGTHS, strengthsOf } from './augmentation.ts';
import type { ContentHash } from './dataset.ts';
import { type RandomStream, randomStream } from './random.ts';

/**
 * How one view of one picture is made, in this order: shape, blur, colour, noise, then limits, then cutout.
 * Lengths are shares of the side, colours 0 (black) to 1 (white), so that a view is the same at every size.
 */
export interface AugmentedView {
  /**
   * Where every point of the view comes from: [a, b, c, d, e, f] takes (x, y) to (a x + b y + c, d x + e y + f), both
   * from -0.5 to 0.5 with the centre at 0, x to the right, y downwards.
   */
  readonly matrix: readonly [number, number, number, number, number, number];
  /** 3 x 4 row major: each row gives a channel from red, green, blue and 1. */
  readonly colorMatrix: readonly number[];
  /** Standard deviation. */
  readonly blurRatio: number;
  /** Standard deviation. */
  readonly noiseRatio: number;
  readonly noiseSeed: number;
  /** The covered rectangle from its left upper corner; it may reach over the edges. Null when nothing is covered. */
  readonly cutout: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
}

/** Which views a run makes of its pictures. */
export interface ViewPlan {
  readonly strengths: AugmentStrengths;
  readonly seed: number;
  readonly viewCount: number;
}

const SAME_SHAPE: AugmentedView['matrix'] = [1, 0, 0, 0, 1, 0];
const SAME_COLORS: readonly number[] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** The picture as it is. */
export const PLAIN_VIEW: AugmentedView = {
  matrix: SAME_SHAPE,
  colorMatrix: SAME_COLORS,
  blurRatio: 0,
  noiseRatio: 0,
  noiseSeed: 0,
  cutout: null,
};

/** The views asked for by settings; null when they ask for none. */
export function viewPlanOf(
  settings: { readonly augment: Augmentation; readonly seed: number },
  viewCount: number,
): ViewPlan | null {
  const strengths = strengthsOf(settings.augment);
  if (viewCount < 1 || STRENGTHS.every(({ key }) => strengths[key] === 0)) return null;
  return { strengths, seed: settings.seed, viewCount };
}

/**
 * The views that scores of held-out images average over; null without. Without augmentation it is one, the image
 * mirrored left to right, however many were asked for: there is nothing else to change.
 */
export function testPlanOf(settings: {
  readonly augment: Augmentation;
  readonly seed: number;
  readonly testTimeViews: number;
}): ViewPlan | null {
  if (settings.testTimeViews === 0) return null;
  const mirrored = { strengths: { ...strengthsOf('off'), flipHorizontalRatio: 1 }, seed: 0, viewCount: 1 };
  return viewPlanOf(settings, settings.testTimeViews) ?? mirrored;
}

/** Raised whenever the same strengths would give other pixels than before. */
const MATHS_VERSION = 1;

/** Names what makes the pixels of a view, besides the picture and the view's index. Equal names, equal pixels. */
export function viewPlanKey({ strengths, seed }: Omit<ViewPlan, 'viewCount'>): string {
  return [MATHS_VERSION, seed, ...STRENGTHS.map(({ key }) => strengths[key])].join(',');
}

/**
 * Draws view `viewIndex` of a picture. It depends on the arguments alone. Every call draws the same numbers in the same
 * order whatever the strengths, so that changing one strength leaves what the others do as it was.
 */
export function sampleView(
  hash: ContentHash,
  viewIndex: number,
  { strengths, seed }: Omit<ViewPlan, 'viewCount'>,
): AugmentedView {
  const random = randomStream(seed, `augment/${hash}/${viewIndex}`);
  const matrix = sampleShape(strengths, random);
  const colorMatrix = sampleColors(strengths, random);
  const blurRatio = strengths.blurRatio * random.uniform();
  const noiseRatio = strengths.noiseRatio * random.uniform();
  const noiseSeed = random.uint32();
  return { matrix, colorMatrix, blurRatio, noiseRatio, noiseSeed, cutout: sampleCutout(strengths, random) };
}

/** Uniform in [-1, 1). */
function eitherWay(random: RandomStream): number {
  return 2 * random.uniform() - 1;
}

/** A window of the picture, mirrored, turned, scaled and shifted. */
function sampleShape(strengths: AugmentStrengths, random: RandomStream): AugmentedView['matrix'] {
  const mirrorX = random.uniform() < strengths.flipHorizontalRatio ? -1 : 1;
  const mirrorY = random.uniform() < strengths.flipVerticalRatio ? -1 : 1;
  const angle = (strengths.rotateDegrees * eitherWay(random) * Math.PI) / 180;
  // As often larger by a factor as smaller by it.
  const scale = (1 + strengths.scaleRatio) ** eitherWay(random);
  const shiftX = strengths.translateRatio * eitherWay(random);
  const shiftY = strengths.translateRatio * eitherWay(random);
  const windowSide = 1 - strengths.cropRatio * random.uniform();
  const spare = (1 - windowSide) / 2;
  const windowX = spare * eitherWay(random);
  const windowY = spare * eitherWay(random);
  const step = windowSide / scale;
  const [cos, sin] = [step * Math.cos(angle), step * Math.sin(angle)];
  return [
    mirrorX * cos,
    mirrorX * -sin,
    windowX + windowSide * shiftX,
    mirrorY * sin,
    mirrorY * cos,
    windowY + windowSide * shiftY,
  ];
}

/** ITU-R BT.601: how bright red, green and blue look. */
const LUMA: readonly [number, number, number] = [0.299, 0.587, 0.114];

/**
 * Hue turns colours about the grey axis (Rodrigues' rotation), saturation moves them to or from their luma, brightness
 * multiplies, contrast spreads about mid-grey: one matrix for all of them.
 */
function sampleColors(strengths: AugmentStrengths, random: RandomStream): readonly number[] {
  const brightness = 1 + strengths.brightnessRatio * eitherWay(random);
  const contrast = 1 + strengths.contrastRatio * eitherWay(random);
  const saturation = 1 + strengths.saturationRatio * eitherWay(random);
  const angle = (strengths.hueDegrees * eitherWay(random) * Math.PI) / 180;
  const even = (1 - Math.cos(angle)) / 3;
  const turn = Math.sin(angle) / Math.sqrt(3);
  const own = Math.cos(angle) + even;
  const hue = [
    [own, even - turn, even + turn],
    [even + turn, own, even - turn],
    [even - turn, even + turn, own],
  ];
  const factor = brightness * contrast;
  const lumaOf = (column: number) => LUMA.reduce((sum, weight, row) => sum + weight * (hue[row]?.[column] ?? 0), 0);
  const lumas = [lumaOf(0), lumaOf(1), lumaOf(2)];
  return hue.flatMap((row) => [
    ...row.map((value, column) => factor * (saturation * value + (1 - saturation) * (lumas[column] ?? 0))),
    (1 - contrast) / 2,
  ]);
}

/** A rectangle with sides of half the strength or more, its centre anywhere. */
function sampleCutout({ cutoutRatio }: AugmentStrengths, random: RandomStream): AugmentedView['cutout'] {
  const width = (cutoutRatio * (1 + random.uniform())) / 2;
  const height = (cutoutRatio * (1 + random.uniform())) / 2;
  const x = random.uniform() - width / 2;
  const y = random.uniform() - height / 2;
  return cutoutRatio === 0 ? null : { x, y, width, height };
}
