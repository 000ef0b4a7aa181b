import { memo, useCallback, useDeferredValue, useMemo } from 'react';
import { AUGMENT_PRESETS } from '../../domain/augmentation.ts';
import { countParts } from '../../domain/count-parts.ts';
import type { Project } from '../../domain/project.ts';
import { purposeOf } from '../../domain/setting-purpose.ts';
import {
  type ResolvedSettings,
  resolveSettings,
  SETTINGS,
  type Setting,
  type TrainingSettings,
} from '../../domain/settings.ts';
import { checkSettings } from '../../domain/settings-check.ts';
import { Button } from '../../ui/Button.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { useCommands } from '../use-app.tsx';
import { AugmentationForm } from './AugmentationForm.tsx';
import { FineTuneForm } from './FineTuneForm.tsx';
import { formFields } from './form-fields.ts';
import { HeadNote } from './HeadNote.tsx';
import { SettingField } from './SettingField.tsx';
import styles from './SettingsForm.module.css';
import { SplitForm } from './SplitForm.tsx';

interface SettingsFormProps {
  readonly project: Project;
  /** While a run is under way nothing here can change. */
  readonly isDisabled: boolean;
}

/** Everything that can be chosen before a run and would count in it, drawn from the settings table. */
export function SettingsForm({ project, isDisabled }: SettingsFormProps) {
  const commands = useCommands();
  const { settings, split } = project;
  // Dealing out 20,000 images may wait until the page is idle.
  const dataset = useDeferredValue(project.dataset);
  const parts = useMemo(() => countParts(dataset, split), [dataset, split]);
  const resolved = useMemo(() => resolveSettings(settings, { classCounts: parts.trainByClass }), [settings, parts]);
  const fields = useMemo(() => formFields(resolved), [resolved]);
  const anyChanged = SETTINGS.some((setting) => settings[setting.key] !== setting.default);

  const change = useCallback(
    (setting: Setting, value: unknown) => {
      const checked = checkSettings({ ...settings, [setting.key]: value }).settings;
      commands.changeSettings({ [setting.key]: checked[setting.key] } satisfies Partial<
        Record<keyof TrainingSettings, unknown>
      >);
    },
    [commands, settings],
  );
  const given = { settings, resolved, onChange: change, isDisabled };

  return (
    <div className={styles.form}>
      <SettingFields group={fields.basic} {...given} />
      <HeadNote head={settings.head} />
      <div>
        <Disclosure title="Advanced" {...changedIn(fields.advanced, settings)}>
          {fields.advanced.length === 0 && <p className={styles.sum}>This head has nothing more to set.</p>}
          <SettingFields group={fields.advanced} {...given} />
        </Disclosure>
        <Disclosure title="Augmentation" isMadeWhenOpen meta={augmentationMeta(settings)}>
          <AugmentationForm
            project={project}
            trainCount={parts.train}
            onChange={(augment) => commands.changeSettings({ augment })}
            isDisabled={isDisabled}
          />
          <SettingFields group={fields.augmentation} {...given} />
        </Disclosure>
        <Disclosure title="Fine-tuning" isMadeWhenOpen meta={fineTuningMeta(settings)}>
          <FineTuneForm
            project={project}
            parts={parts}
            onChange={(fineTuneStages) => commands.changeSettings({ fineTuneStages })}
            isDisabled={isDisabled}
          >
            <SettingFields group={fields['fine-tuning']} {...given} />
          </FineTuneForm>
        </Disclosure>
        <Disclosure title="Data split and images">
          <SplitForm split={split} resizeMode={project.resizeMode} isDisabled={isDisabled} />
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

/** The choice in a word or two, as it stands beside the closed part of the form. */
function augmentationMeta({ augment }: TrainingSettings): string {
  const preset = AUGMENT_PRESETS.find(({ value }) => value === augment);
  return preset?.label ?? 'Own strengths';
}

/** How far the network itself is trained, beside the closed part of the form. */
function fineTuningMeta(settings: TrainingSettings): string {
  const { fineTuneStages } = settings;
  if (fineTuneStages === 0 || purposeOf('fineTuneStages', settings) === null) return 'Off';
  return fineTuneStages === 1 ? 'The last stage' : `The last ${fineTuneStages} stages`;
}

/** How many settings of a group are not at their default, as the line beside its title; nothing for none. */
function changedIn(group: readonly Setting[], settings: TrainingSettings): { readonly meta?: string } {
  const changedCount = group.filter((setting) => settings[setting.key] !== setting.default).length;
  return changedCount > 0 ? { meta: `${changedCount} changed` } : {};
}

interface SettingFieldsProps {
  readonly group: readonly Setting[];
  readonly settings: TrainingSettings;
  readonly resolved: ResolvedSettings;
  readonly onChange: (setting: Setting, value: unknown) => void;
  readonly isDisabled: boolean;
}

function isSame(before: SettingFieldsProps, after: SettingFieldsProps): boolean {
  return (
    before.settings === after.settings &&
    before.onChange === after.onChange &&
    before.isDisabled === after.isDisabled &&
    before.group.length === after.group.length &&
    before.group.every(({ key }, index) => key === after.group[index]?.key) &&
    after.group.every(({ key }) => before.resolved[key] === after.resolved[key])
  );
}

/** One group of the form; images that come in do not draw it again unless they change what "automatic" means. */
const SettingFields = memo(function SettingFields(props: SettingFieldsProps) {
  const { group, settings, resolved, onChange, isDisabled } = props;
  return (
    <div className={styles.fields}>
      {group.map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          value={settings[setting.key]}
          resolved={resolved[setting.key]}
          onChange={(value) => onChange(setting, value)}
          isDisabled={isDisabled}
        />
      ))}
    </div>
  );
}, isSame);
