import { useMemo } from 'react';
import type { Project } from '../../domain/project.ts';
import { resolveSettings, SETTINGS, type Setting, type TrainingSettings } from '../../domain/settings.ts';
import { checkSettings } from '../../domain/settings-check.ts';
import { Button } from '../../ui/Button.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { useCommands } from '../use-app.tsx';
import { countParts } from './count-parts.ts';
import { SettingField } from './SettingField.tsx';
import styles from './SettingsForm.module.css';
import { SplitForm } from './SplitForm.tsx';

interface SettingsFormProps {
  readonly project: Project;
  /** While a run is under way nothing here can change. */
  readonly isDisabled: boolean;
}

const BASIC = SETTINGS.filter((setting) => setting.group === 'basic');
const ADVANCED = SETTINGS.filter((setting) => setting.group === 'advanced');

/** Everything that can be chosen before a run, drawn from the settings table. */
export function SettingsForm({ project, isDisabled }: SettingsFormProps) {
  const commands = useCommands();
  const { settings, dataset, split } = project;
  const parts = useMemo(() => countParts(dataset, split), [dataset, split]);
  const resolved = useMemo(() => resolveSettings(settings, { classCounts: parts.trainByClass }), [settings, parts]);
  const changedCount = ADVANCED.filter((setting) => settings[setting.key] !== setting.default).length;
  const anyChanged = SETTINGS.some((setting) => settings[setting.key] !== setting.default);

  const change = (setting: Setting, value: unknown) => {
    const checked = checkSettings({ ...settings, [setting.key]: value }).settings;
    commands.changeSettings({ [setting.key]: checked[setting.key] } satisfies Partial<
      Record<keyof TrainingSettings, unknown>
    >);
  };
  const fields = (group: readonly Setting[]) =>
    group.map((setting) => (
      <SettingField
        key={setting.key}
        setting={setting}
        value={settings[setting.key]}
        resolved={resolved[setting.key]}
        onChange={(value) => change(setting, value)}
        isDisabled={isDisabled}
      />
    ));

  return (
    <div className={styles.form}>
      <div className={styles.fields}>{fields(BASIC)}</div>
      <div>
        <Disclosure title="Advanced" {...(changedCount > 0 ? { meta: `${changedCount} changed` } : {})}>
          <div className={styles.fields}>{fields(ADVANCED)}</div>
        </Disclosure>
        <Disclosure title="Data split and images">
          <SplitForm project={project} isDisabled={isDisabled} />
        </Disclosure>
      </div>
      {anyChanged && (
        <Button variant="quiet" size="small" isDisabled={isDisabled} onPress={() => commands.resetSettings()}>
          Reset all settings
        </Button>
      )}
    </div>
  );
}
