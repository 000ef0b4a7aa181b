import type { ReactNode } from 'react';
import { Switch as AriaSwitch } from 'react-aria-components';
import { HelpTip } from './HelpTip.tsx';
import styles from './Switch.module.css';

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly help?: ReactNode;
  readonly note?: ReactNode;
  readonly isDisabled?: boolean;
}

/** Something that is on or off at once, without a save button. */
export function Switch({ label, isOn, onChange, help, note, isDisabled = false }: SwitchProps) {
  return (
    <div className={styles.field}>
      <div className={styles.line}>
        <AriaSwitch isSelected={isOn} onChange={onChange} isDisabled={isDisabled} className={styles.switch ?? ''}>
          <span className={styles.track} aria-hidden="true" />
          {label}
        </AriaSwitch>
        {help !== undefined && <HelpTip about={label}>{help}</HelpTip>}
      </div>
      {note !== undefined && <span className={styles.note}>{note}</span>}
    </div>
  );
}
