import { Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, NumberField as AriaNumberField, FieldError, Group, Input } from 'react-aria-components';
import styles from './Field.module.css';
import { FieldLabel } from './FieldLabel.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  /** Called with a number inside the bounds once the user leaves the field or steps; never with NaN. */
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Behind the number, for example "px". */
  readonly unit?: string;
  readonly help?: ReactNode;
  /** Under the field: the default, or what the value means now. */
  readonly note?: ReactNode;
  readonly isDisabled?: boolean;
  readonly format?: Intl.NumberFormatOptions;
}

/** A number with steps, by typing, arrows or buttons. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, min, max, step, unit, help, note, isDisabled = false, format } = props;
  return (
    <AriaNumberField
      className={styles.field ?? ''}
      value={value}
      onChange={(next) => {
        if (!Number.isNaN(next)) onChange(next);
      }}
      isDisabled={isDisabled}
      // Small rates such as 0.0001 would be shown as 0 with the default of three digits.
      formatOptions={{ maximumFractionDigits: 6, ...format }}
      {...(min === undefined ? {} : { minValue: min })}
      {...(max === undefined ? {} : { maxValue: max })}
      {...(step === undefined ? {} : { step })}
    >
      <FieldLabel label={label} {...(help === undefined ? {} : { help })} />
      <Group className={styles.control ?? ''}>
        <Input className={styles.input ?? ''} />
        {unit !== undefined && <span className={styles.unit}>{unit}</span>}
        <AriaButton slot="decrement" className={styles.step ?? ''}>
          <Minus aria-hidden="true" />
        </AriaButton>
        <AriaButton slot="increment" className={styles.step ?? ''}>
          <Plus aria-hidden="true" />
        </AriaButton>
      </Group>
      {note !== undefined && <span className={styles.note}>{note}</span>}
      <FieldError className={styles.error ?? ''} />
    </AriaNumberField>
  );
}
