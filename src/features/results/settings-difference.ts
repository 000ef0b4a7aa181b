import {
  DEFAULT_SETTINGS,
  type ResolvedSettings,
  resolveSettings,
  SETTINGS,
  type Setting,
} from '../../domain/settings.ts';

/** What `auto` decides for few and for many images, for even and for uneven classes. */
const AUTOMATIC = [[1], [1e6, 1e6], [1, 1e6], Array.from({ length: 100 }, () => 1e6)].map((classCounts) =>
  resolveSettings(DEFAULT_SETTINGS, { classCounts }),
);

function couldBeDefault(setting: Setting, value: unknown): boolean {
  if (setting.default !== 'auto') return value === setting.default;
  return AUTOMATIC.some((resolved) => resolved[setting.key] === value);
}

/**
 * What a run did differently from the defaults, as short texts: "Epochs 20", "Optimiser SGD with momentum 0.9".
 * A value that automatic could have chosen counts as the default, for a run does not keep who chose it.
 */
export function settingsDifference(settings: ResolvedSettings): readonly string[] {
  return SETTINGS.flatMap((setting) => {
    const value = settings[setting.key];
    if (couldBeDefault(setting, value)) return [];
    if (setting.kind === 'switch') return [`${setting.label} ${value === true ? 'on' : 'off'}`];
    if (setting.kind === 'number') return [`${setting.label} ${value}`];
    const option = setting.options.find((candidate) => candidate.value === value);
    return [`${setting.label} ${option?.label ?? String(value)}`];
  });
}
