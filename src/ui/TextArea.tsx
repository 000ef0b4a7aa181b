import { TextArea as AriaTextArea, TextField as AriaTextField } from 'react-aria-components';
import styles from './Field.module.css';
import { FieldLabel } from './FieldLabel.tsx';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength?: number;
}

/** Some lines of text with a label above them. */
export function TextArea({ label, ...field }: TextAreaProps) {
  return (
    <AriaTextField {...field} className={styles.field ?? ''}>
      <FieldLabel label={label} />
      <div className={styles.control}>
        <AriaTextArea className={styles.lines ?? ''} rows={4} />
      </div>
    </AriaTextField>
  );
}
