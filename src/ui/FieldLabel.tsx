import type { ReactNode } from 'react';
import { Label } from 'react-aria-components';
import styles from './Field.module.css';
import { HelpTip } from './HelpTip.tsx';

interface FieldLabelProps {
  readonly label: string;
  /** A sentence behind a question mark. */
  readonly help?: ReactNode;
}

/** The line above a field: its label and, where given, its help. */
export function FieldLabel({ label, help }: FieldLabelProps) {
  return (
    <span className={styles.labelLine}>
      <Label className={styles.label ?? ''}>{label}</Label>
      {help !== undefined && <HelpTip about={label}>{help}</HelpTip>}
    </span>
  );
}
