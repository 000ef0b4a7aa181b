import { Circle } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import styles from './HoldButton.module.css';

interface HoldButtonProps {
  readonly isDisabled: boolean;
  readonly isHeld: boolean;
  readonly onBegin: () => void;
  /** Called when the pointer or key is let go, also outside the button. */
  readonly onEnd: () => void;
}

/** "Hold to record": acts for as long as the pointer, Space or Enter is down. */
export function HoldButton({ isDisabled, isHeld, onBegin, onEnd }: HoldButtonProps) {
  return (
    <AriaButton
      isDisabled={isDisabled}
      onPressStart={onBegin}
      onPressEnd={onEnd}
      className={styles.button ?? ''}
      data-held={isHeld || undefined}
    >
      <Circle aria-hidden="true" />
      Hold to record
    </AriaButton>
  );
}
