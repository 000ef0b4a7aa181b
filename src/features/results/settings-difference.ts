import { augmentationText } from '../../domain/augmentation.ts';
import { PARTS } from '../../domain/dataset.ts';
import type { Run } from '../../domain/run.ts';
import { DEFAULT_SETTINGS, resolveSettings, SETTINGS, type Setting } from '../../domain/settings.ts';
import { DEFAULT_SPLIT } from '../../domain/split.ts';

type RunSettings = Pick<Run, 'settings' | 'automaticSettings' | 'splitRatios' | 'splitSeed'>;

/** What `auto` decides for few and for many images, for even and for uneven classes. */
const AUTOMATIC = [[1], [1e6, 1e6], [1, 1e6], Array.from({ length: 100 }, () => 1e6)].map((classCounts) =>
  resolveSettings(DEFAULT_SETTINGS, { classCounts }),
);

/** Of an old run it is not known what was left to `auto`: a value that it could have chosen counts as chosen by it. */
function isDefault(setting: Setting, { settings, automaticSettings }: RunSettings): boolean {
  if (setting.default !== 'auto') return settings[setting.key] === setting.default;
  if (automaticSettings !== null) return automaticSettings.includes(setting.key);
  return AUTOMATIC.some((resolved) => resolved[setting.key] === settings[setting.key]);
}

/** What a run did differently from the defaults, as short texts: "Epochs 20", "Split 60 / 20 / 20 %". */
export function settingsDifference(run: RunSettings): readonly string[] {
  return [...SETTINGS.flatMap((setting) => differenceOf(setting, run)), ...splitDifference(run)];
}

function differenceOf(setting: Setting, run: RunSettings): string[] {
  const value = run.settings[setting.key];
  if (isDefault(setting, run)) return [];
  if (setting.kind === 'switch') return [`${setting.label} ${value === true ? 'on' : 'off'}`];
  if (setting.kind === 'augmentation') return [`${setting.label} ${augmentationText(run.settings.augment)}`];
  if (setting.kind === 'number') return [`${setting.label} ${value}`];
  const option = setting.options.find((candidate) => candidate.value === value);
  return [`${setting.label} ${option?.label ?? String(value)}`];
}

function splitDifference({ splitRatios, splitSeed }: RunSettings): string[] {
  const percents = PARTS.map((part) => Math.round(splitRatios[part] * 100));
  const usual = PARTS.map((part) => Math.round(DEFAULT_SPLIT[`${part}Ratio`] * 100));
  const isUsual = percents.every((percent, index) => percent === usual[index]);
  return [
    ...(isUsual ? [] : [`Split ${percents.join(' / ')} %`]),
    ...(splitSeed === null || splitSeed === DEFAULT_SPLIT.seed ? [] : [`Split seed ${splitSeed}`]),
  ];
}
