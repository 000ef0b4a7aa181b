/** How far pictures are changed at most; 0 everywhere leaves them alone. Ratios are 0-1. */
export interface AugmentStrengths {
  /** Share of the views that are mirrored left to right. */
  readonly flipHorizontalRatio: number;
  /** Share of the views that are mirrored upside down. */
  readonly flipVerticalRatio: number;
  /** Turned by up to so many degrees either way. */
  readonly rotateDegrees: number;
  /** Enlarged or shrunk about the centre by up to this factor less one. */
  readonly scaleRatio: number;
  /** Moved by up to this share of the side, each way. */
  readonly translateRatio: number;
  /** Up to this share of the side is cut away, and the rest enlarged. */
  readonly cropRatio: number;
  readonly brightnessRatio: number;
  readonly contrastRatio: number;
  readonly saturationRatio: number;
  /** Colours turned by up to so many degrees of the colour circle either way. */
  readonly hueDegrees: number;
  /** Largest standard deviation of the Gaussian blur, as a share of the side. */
  readonly blurRatio: number;
  /** Largest standard deviation of the Gaussian noise, as a share of the range from black to white. */
  readonly noiseRatio: number;
  /** Largest side of the rectangle that is covered, as a share of the side. */
  readonly cutoutRatio: number;
}

export type AugmentPreset = 'off' | 'photos' | 'drawings' | 'documents' | 'medical';

/** A preset, or strengths of one's own. */
export type Augmentation = AugmentPreset | AugmentStrengths;

type StrengthKey = keyof AugmentStrengths;

/** One strength as the form shows it; the smallest is always 0. */
export interface Strength {
  readonly key: StrengthKey;
  readonly label: string;
  readonly max: number;
  readonly step: number;
  /** 'percent': shown times one hundred. */
  readonly unit: 'percent' | 'degrees';
  readonly group: 'shape' | 'colour' | 'damage';
}

/** Every strength in the order of the form. */
export const STRENGTHS: readonly Strength[] = [
  { key: 'flipHorizontalRatio', label: 'Mirrored', max: 1, step: 0.05, unit: 'percent', group: 'shape' },
  { key: 'flipVerticalRatio', label: 'Upside down', max: 1, step: 0.05, unit: 'percent', group: 'shape' },
  { key: 'rotateDegrees', label: 'Rotation', max: 180, step: 1, unit: 'degrees', group: 'shape' },
  { key: 'scaleRatio', label: 'Scale', max: 0.5, step: 0.01, unit: 'percent', group: 'shape' },
  { key: 'translateRatio', label: 'Shift', max: 0.5, step: 0.01, unit: 'percent', group: 'shape' },
  { key: 'cropRatio', label: 'Crop', max: 0.7, step: 0.01, unit: 'percent', group: 'shape' },
  { key: 'brightnessRatio', label: 'Brightness', max: 0.9, step: 0.01, unit: 'percent', group: 'colour' },
  { key: 'contrastRatio', label: 'Contrast', max: 0.9, step: 0.01, unit: 'percent', group: 'colour' },
  { key: 'saturationRatio', label: 'Saturation', max: 1, step: 0.01, unit: 'percent', group: 'colour' },
  { key: 'hueDegrees', label: 'Hue', max: 180, step: 1, unit: 'degrees', group: 'colour' },
  { key: 'blurRatio', label: 'Blur', max: 0.03, step: 0.001, unit: 'percent', group: 'damage' },
  { key: 'noiseRatio', label: 'Noise', max: 0.3, step: 0.01, unit: 'percent', group: 'damage' },
  { key: 'cutoutRatio', label: 'Cutout', max: 0.7, step: 0.01, unit: 'percent', group: 'damage' },
];

const NOTHING: AugmentStrengths = {
  flipHorizontalRatio: 0,
  flipVerticalRatio: 0,
  rotateDegrees: 0,
  scaleRatio: 0,
  translateRatio: 0,
  cropRatio: 0,
  brightnessRatio: 0,
  contrastRatio: 0,
  saturationRatio: 0,
  hueDegrees: 0,
  blurRatio: 0,
  noiseRatio: 0,
  cutoutRatio: 0,
};

const PRESET_STRENGTHS: Readonly<Record<AugmentPreset, AugmentStrengths>> = {
  off: NOTHING,
  photos: {
    ...NOTHING,
    flipHorizontalRatio: 0.5,
    rotateDegrees: 15,
    scaleRatio: 0.15,
    translateRatio: 0.05,
    cropRatio: 0.25,
    brightnessRatio: 0.25,
    contrastRatio: 0.25,
    saturationRatio: 0.25,
    hueDegrees: 6,
    blurRatio: 0.004,
    noiseRatio: 0.02,
  },
  drawings: {
    ...NOTHING,
    flipHorizontalRatio: 0.5,
    rotateDegrees: 15,
    scaleRatio: 0.2,
    translateRatio: 0.08,
    brightnessRatio: 0.1,
    contrastRatio: 0.2,
    blurRatio: 0.003,
    cutoutRatio: 0.15,
  },
  documents: {
    ...NOTHING,
    rotateDegrees: 4,
    scaleRatio: 0.08,
    translateRatio: 0.04,
    cropRatio: 0.08,
    brightnessRatio: 0.25,
    contrastRatio: 0.25,
    saturationRatio: 0.3,
    blurRatio: 0.005,
    noiseRatio: 0.03,
  },
  medical: {
    ...NOTHING,
    rotateDegrees: 8,
    scaleRatio: 0.08,
    translateRatio: 0.04,
    cropRatio: 0.05,
    brightnessRatio: 0.1,
    contrastRatio: 0.1,
    noiseRatio: 0.02,
  },
};

export const AUGMENT_PRESETS: readonly { readonly value: AugmentPreset; readonly label: string }[] = [
  { value: 'off', label: 'Off' },
  { value: 'photos', label: 'Photos' },
  { value: 'drawings', label: 'Drawings' },
  { value: 'documents', label: 'Documents' },
  { value: 'medical', label: 'Medical (no mirroring)' },
];

export function isAugmentPreset(value: unknown): value is AugmentPreset {
  return typeof value === 'string' && Object.hasOwn(PRESET_STRENGTHS, value);
}

/** The strengths a choice stands for. */
export function strengthsOf(augmentation: Augmentation): AugmentStrengths {
  return typeof augmentation === 'string' ? PRESET_STRENGTHS[augmentation] : augmentation;
}

/** Strengths that are exactly a preset's become the preset. */
export function presetOr(strengths: AugmentStrengths): Augmentation {
  const preset = AUGMENT_PRESETS.find(({ value }) => isSameStrengths(PRESET_STRENGTHS[value], strengths));
  return preset?.value ?? strengths;
}

function isSameStrengths(one: AugmentStrengths, other: AugmentStrengths): boolean {
  return STRENGTHS.every(({ key }) => one[key] === other[key]);
}

/** A strength as the form names it: "15°", "0.4 %". */
export function strengthText({ unit }: Strength, value: number): string {
  return unit === 'degrees' ? `${value}°` : `${Math.round(value * 1000) / 10} %`;
}

/** A choice in a few words: "Photos", "Own: rotation 20°, crop 10 %". */
export function augmentationText(augmentation: Augmentation): string {
  if (typeof augmentation === 'string') {
    return AUGMENT_PRESETS.find(({ value }) => value === augmentation)?.label ?? augmentation;
  }
  const used = STRENGTHS.filter(({ key }) => augmentation[key] > 0);
  const words = used.map(
    (strength) => `${strength.label.toLowerCase()} ${strengthText(strength, augmentation[strength.key])}`,
  );
  return `Own: ${words.join(', ')}`;
}
