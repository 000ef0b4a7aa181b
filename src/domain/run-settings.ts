import { augmentationText } from './augmentation.ts';
import { PARTS } from './dataset.ts';
import type { Run } from './run.ts';
import { purposeOf } from './setting-purpose.ts';
import { DEFAULT_SETTINGS, resolveSettings, SETTINGS, type Setting, type TrainingSettings } from './settings.ts';
import { checkSettings } from './settings-check.ts';
import { DEFAULT_SPLIT } from './split.ts';

type RunSettings = Pick<Run, 'kind' | 'curves' | 'settings' | 'automaticSettings' | 'splitRatios' | 'splitSeed'>;

/** A network as the head, which it was before it was chosen automatically, and what `auto` decides for few and for many images, for even and for uneven classes. */
const AUTOMATIC = [[1], [1e6, 1e6], [1, 1e6], Array.from({ length: 100 }, () => 1e6)].map((classCounts) =>
  resolveSettings({ ...DEFAULT_SETTINGS, head: 'network' }, { classCounts }),
);

/** Of an old run it is not known what was left to `auto`: a value that it could have chosen counts as chosen by it. */
function isDefault(setting: Setting, { settings, automaticSettings }: RunSettings): boolean {
  if (automaticSettings?.includes(setting.key) === true) return true;
  if (setting.default !== 'auto') return settings[setting.key] === setting.default;
  if (automaticSettings !== null) return false;
  return AUTOMATIC.some((resolved) => resolved[setting.key] === settings[setting.key]);
}

/** False for a setting that the run made nothing of: another value would have given the same model and scores. */
export function didCount({ group, key }: Setting, run: Pick<Run, 'kind' | 'curves' | 'settings'>): boolean {
  if (group === 'cross-validation') return run.kind === 'cross-validation';
  // Going on from tuned stages, the head has no phase of its own.
  if (run.curves[0]?.phase === 'fine-tune' && (key === 'epochs' || key === 'mixup')) return false;
  return purposeOf(key, run.settings) !== null;
}

/** What a run did differently from the defaults, where it counted, as short texts: "Epochs 20", "Split 60 / 20 / 20 %". */
export function settingsDifference(run: RunSettings): readonly string[] {
  return [...SETTINGS.flatMap((setting) => differenceOf(setting, run)), ...splitDifference(run)];
}

function differenceOf(setting: Setting, run: RunSettings): string[] {
  return !didCount(setting, run) || isDefault(setting, run) ? [] : [`${setting.label} ${valueText(setting, run)}`];
}

/** A setting's value as the form names it: "on", "20", "Balanced". */
function valueText(setting: Setting, { settings }: Pick<Run, 'settings'>): string {
  const value = settings[setting.key];
  if (setting.kind === 'switch') return value === true ? 'on' : 'off';
  if (setting.kind === 'augmentation') return augmentationText(settings.augment);
  if (setting.kind === 'number') return String(value);
  return setting.options.find((candidate) => candidate.value === value)?.label ?? String(value);
}

type ComparedSettings = RunSettings & Pick<Run, 'backbone' | 'resizeMode'>;

/** One thing two runs were told differently. */
interface SettingContrast {
  readonly label: string;
  readonly first: string;
  readonly second: string;
}

/** What two runs were told differently, network and split included, in the order of the form: of settings that counted in both. */
export function settingsContrast(first: ComparedSettings, second: ComparedSettings): readonly SettingContrast[] {
  const pairs: SettingContrast[] = [
    { label: 'Network', first: first.backbone.name, second: second.backbone.name },
    { label: 'Images made square by', first: first.resizeMode, second: second.resizeMode },
    ...SETTINGS.filter((setting) => didCount(setting, first) && didCount(setting, second)).map((setting) => ({
      label: setting.label,
      first: valueText(setting, first),
      second: valueText(setting, second),
    })),
    { label: 'Split', first: splitText(first), second: splitText(second) },
    { label: 'Split seed', first: seedText(first), second: seedText(second) },
  ];
  return pairs.filter((pair) => pair.first !== pair.second);
}

function splitText({ splitRatios }: RunSettings): string {
  return `${PARTS.map((part) => Math.round(splitRatios[part] * 100)).join(' / ')} %`;
}

function seedText({ splitSeed }: RunSettings): string {
  return splitSeed === null ? 'not known' : String(splitSeed);
}

/** The settings to give the form for the same training again: what was left to `auto` is left to it again. */
export function settingsToRepeat({ settings, automaticSettings }: RunSettings): TrainingSettings {
  const automatic = Object.fromEntries((automaticSettings ?? []).map((key) => [key, 'auto']));
  return checkSettings({ ...settings, ...automatic }).settings;
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
