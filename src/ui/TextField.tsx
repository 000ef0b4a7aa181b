import type { ReactNode } from 'react';
import { TextField as AriaTextField, FieldError, Input } from 'react-aria-components';
import styles from './Field.module.css';
import { FieldLabel } from './FieldLabel.tsx';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: ReactNode;
  readonly note?: ReactNode;
  readonly maxLength?: number;
  readonly autoFocus?: boolean;
  readonly isDisabled?: boolean;
}

/** One line of text with a label above it. */
export function TextField({ label, help, note, ...field }: TextFieldProps) {
  return (
    <AriaTextField {...field} className={styles.field ?? ''}>
      <FieldLabel label={label} {...(help === undefined ? {} : { help })} />
      <div className={styles.control}>
        <Input className={styles.input ?? ''} />
      </div>
      {note !== undefined && <span className={styles.note}>{note}</span>}
      <FieldError className={styles.error ?? ''} />
    </AriaTextField>
  );
}
