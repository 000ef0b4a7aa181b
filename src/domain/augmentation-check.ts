import {
  AUGMENT_PRESETS,
  type Augmentation,
  type AugmentStrengths,
  isAugmentPreset,
  presetOr,
  STRENGTHS,
  strengthsOf,
} from './augmentation.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why a value cannot be used as augmentation, in plain words; null when it can. Strengths left out are 0. */
export function augmentationProblem(label: string, value: unknown): string | null {
  if (isAugmentPreset(value)) return null;
  if (!isRecord(value)) {
    return `${label} must be one of: ${AUGMENT_PRESETS.map((preset) => preset.value).join(', ')}, or strengths of your own.`;
  }
  const unknown = Object.keys(value).find((key) => !STRENGTHS.some((strength) => strength.key === key));
  if (unknown !== undefined) {
    return `${label} has no strength “${unknown}”; there are ${STRENGTHS.map(({ key }) => key).join(', ')}.`;
  }
  for (const { key, max } of STRENGTHS) {
    const given = value[key] ?? 0;
    if (typeof given !== 'number' || !(given >= 0 && given <= max)) {
      return `${label}: ${key} must be a number from 0 to ${max}.`;
    }
  }
  return null;
}

/** @returns a value that can be used: strengths out of range become the nearest allowed, anything else wrong is left out. */
export function usableAugmentation(value: unknown): Augmentation {
  if (isAugmentPreset(value)) return value;
  if (!isRecord(value)) return 'off';
  const given = Object.fromEntries(STRENGTHS.map(({ key, max }) => [key, inRange(value[key], max)]));
  const strengths: AugmentStrengths = { ...strengthsOf('off'), ...given };
  return presetOr(strengths);
}

function inRange(value: unknown, max: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return 0;
  return Math.min(max, Math.max(0, value));
}
