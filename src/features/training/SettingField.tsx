import type { ReactNode } from 'react';
import type { ResolvedSettings, Setting, TrainingSettings } from '../../domain/settings.ts';
import { problemOf } from '../../domain/settings-check.ts';
import { CheckedNumberField } from '../../ui/CheckedNumberField.tsx';
import { Select } from '../../ui/Select.tsx';
import { Switch } from '../../ui/Switch.tsx';
import styles from './SettingsForm.module.css';

/** A choice with a longer one would be cut off in half the width of the form. */
const WIDEST_LABEL_LETTERS = 12;

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: TrainingSettings[keyof TrainingSettings];
  /** The same setting with `auto` decided by today's data. */
  readonly resolved: ResolvedSettings[keyof ResolvedSettings];
  readonly onChange: (value: number | string | boolean) => void;
  readonly isDisabled: boolean;
}

/** One row of the settings table as a field: label, help, default and a way back to it. */
export function SettingField({ setting, value, resolved, onChange, isDisabled }: SettingFieldProps) {
  const note = <DefaultNote setting={setting} value={value} resolved={resolved} onReset={onChange} />;
  const common = { label: setting.label, help: helpOf(setting), note, isDisabled };
  switch (setting.kind) {
    case 'number': {
      const orAuto = (typed: number | null) => (typed === null ? 'auto' : typed);
      return (
        <CheckedNumberField
          {...common}
          value={typeof value === 'number' ? value : null}
          onChange={(typed) => onChange(orAuto(typed))}
          problemOf={(typed) => problemOf(setting, orAuto(typed))}
          whole={setting.whole}
          step={setting.step}
          min={setting.min}
          max={setting.max}
          startValue={Number(resolved)}
          unit={setting.unit}
          {...(setting.auto === null ? {} : { placeholder: 'Automatic' })}
        />
      );
    }
    case 'augmentation':
    case 'choice': {
      const options = setting.options.map((option) => ({ id: option.value, label: option.label }));
      const isWide = options.some(({ label }) => label.length > WIDEST_LABEL_LETTERS);
      return (
        <div className={isWide ? styles.wide : undefined}>
          <Select {...common} value={String(value)} options={options} onChange={onChange} />
        </div>
      );
    }
    case 'switch':
      return <Switch {...common} isOn={value === true} onChange={onChange} />;
    default:
      return setting satisfies never;
  }
}

function helpOf(setting: Setting): string {
  if (setting.auto === null) return setting.help;
  const how = setting.kind === 'number' ? ' Leave it empty for automatic: ' : ' Automatic: ';
  return `${setting.help}${how}${setting.auto}`;
}

/** A value as the form names it. */
function valueText(setting: Setting, value: unknown): string {
  if (setting.kind === 'switch') return value === true ? 'on' : 'off';
  if (value === 'auto') return 'automatic';
  if (setting.kind === 'number') return String(value);
  return setting.options.find((option) => option.value === value)?.label ?? String(value);
}

interface DefaultNoteProps {
  readonly setting: Setting;
  readonly value: unknown;
  readonly resolved: unknown;
  readonly onReset: (value: number | string | boolean) => void;
}

function DefaultNote({ setting, value, resolved, onReset }: DefaultNoteProps): ReactNode {
  if (value !== setting.default) {
    return (
      <button
        type="button"
        className={styles.reset}
        // Begins with the words shown, so that they also work as a spoken command.
        aria-label={`Reset to ${valueText(setting, setting.default)}: ${setting.label}`}
        onClick={() => onReset(setting.default)}
      >
        Reset to {valueText(setting, setting.default)}
      </button>
    );
  }
  return value === 'auto' ? `Now ${valueText(setting, resolved)}` : 'Default';
}
