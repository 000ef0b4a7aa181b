import { useId } from 'react';
import type { SearchRange, SearchValue } from '../../domain/search.ts';
import type { NumberSetting, Setting } from '../../domain/settings.ts';
import { problemOf } from '../../domain/settings-check.ts';
import { CheckedNumberField } from '../../ui/CheckedNumberField.tsx';
import styles from './SearchForm.module.css';
import type { Variation } from './search-choice.ts';

interface VariedSettingProps {
  readonly setting: Setting;
  readonly variation: Variation;
  readonly isVaried: boolean;
  /** Why this way of searching cannot vary it, in two or three words; null when it can. */
  readonly leftOut: string | null;
  readonly onVary: (isVaried: boolean) => void;
  readonly onChange: (variation: Variation) => void;
}

/** A setting to tick; ticked, it shows the values that are tried. */
export function VariedSetting(props: VariedSettingProps) {
  const { setting, variation, isVaried, leftOut, onVary, onChange } = props;
  const isShown = isVaried && leftOut === null;
  return (
    <li className={styles.item} data-open={isShown || undefined}>
      <label className={styles.tick}>
        <input
          type="checkbox"
          className={styles.box}
          checked={isShown}
          disabled={leftOut !== null}
          onChange={(event) => onVary(event.target.checked)}
        />
        {setting.label}
        {leftOut !== null && <span className={styles.muted}>{leftOut}</span>}
      </label>
      {isShown && <VariedValues setting={setting} variation={variation} onChange={onChange} />}
    </li>
  );
}

type VariedValuesProps = Pick<VariedSettingProps, 'setting' | 'variation' | 'onChange'>;

function VariedValues({ setting, variation, onChange }: VariedValuesProps) {
  if ('min' in variation) {
    return setting.kind === 'number' ? <Range setting={setting} range={variation} onChange={onChange} /> : null;
  }
  if (setting.kind === 'switch') return <p className={styles.muted}>On and off</p>;
  if (setting.kind === 'number') return <p className={styles.muted}>{variation.join(', ')}</p>;
  return (
    <div className={styles.options}>
      {setting.options
        .filter(({ value }) => value !== 'auto')
        .map(({ value, label }) => (
          <label key={value} className={styles.tick}>
            <input
              type="checkbox"
              className={styles.box}
              checked={variation.includes(value)}
              onChange={() => onChange(toggled(variation, value))}
            />
            {label}
          </label>
        ))}
    </div>
  );
}

function toggled(values: readonly SearchValue[], value: SearchValue): readonly SearchValue[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

interface RangeProps {
  readonly setting: NumberSetting;
  readonly range: SearchRange;
  readonly onChange: (range: SearchRange) => void;
}

/** From and to; together they have to rise, which the reason beside the start button says. */
function Range({ setting, range, onChange }: RangeProps) {
  const noteId = useId();
  const end = (which: 'min' | 'max', label: string) => (
    <CheckedNumberField
      label={label}
      value={range[which]}
      onChange={(typed) => onChange({ ...range, [which]: typed ?? setting.min })}
      problemOf={(typed) => (typed === null ? 'Must be a number.' : problemOf(setting, typed))}
      whole={setting.whole}
      step={range.scale === 'log' ? range[which] : setting.step}
      min={setting.min}
      max={setting.max}
      startValue={setting.min}
      note=""
    />
  );
  return (
    <fieldset className={styles.range} aria-label={setting.label} aria-describedby={noteId}>
      {end('min', 'From')}
      {end('max', 'to')}
      <p id={noteId} className={styles.muted}>
        {range.scale === 'log' ? 'Spread evenly by orders of magnitude' : 'Spread evenly'}
      </p>
    </fieldset>
  );
}
