import { type ReactNode, type RefObject, useState } from 'react';
import { Button as AriaButton, TooltipTrigger } from 'react-aria-components';
import styles from './Button.module.css';
import { classNames } from './class-names.ts';
import { Tooltip } from './Tooltip.tsx';

type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
type ButtonSize = 'small' | 'medium' | 'large';

interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress?: () => void;
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  /** A lucide icon in front of the words. */
  readonly icon?: ReactNode;
  /** Plain disabling, for a reason that is visible beside the button anyway. */
  readonly isDisabled?: boolean;
  /** Why the button cannot be used now. The button stays reachable, and says it on hover, focus and to screen readers. */
  readonly disabledReason?: string | null;
  readonly isFullWidth?: boolean;
  readonly type?: 'button' | 'submit';
  readonly autoFocus?: boolean;
  /** For a button whose words do not say enough on their own. */
  readonly 'aria-label'?: string;
  readonly ref?: RefObject<HTMLButtonElement | null>;
}

/** A labelled button. `primary` is for the one next action on a panel. */
export function Button({
  variant = 'secondary',
  size = 'medium',
  icon,
  disabledReason = null,
  isFullWidth = false,
  children,
  onPress,
  ...rest
}: ButtonProps) {
  const blocked = disabledReason !== null && disabledReason !== '';
  const [isPointedAt, setIsPointedAt] = useState(false);
  // One tree whether blocked or not: a button that is made anew loses the focus.
  return (
    <TooltipTrigger delay={200} closeDelay={0} isOpen={blocked && isPointedAt} onOpenChange={setIsPointedAt}>
      <AriaButton
        {...rest}
        {...(blocked
          ? { 'aria-disabled': 'true' as const }
          : onPress === undefined
            ? {}
            : { onPress: () => onPress() })}
        className={classNames(styles.button, styles[variant], styles[size], isFullWidth && styles.fullWidth)}
      >
        {icon !== undefined && (
          <span className={styles.icon} aria-hidden="true">
            {icon}
          </span>
        )}
        <span className={styles.label}>{children}</span>
      </AriaButton>
      <Tooltip>{disabledReason}</Tooltip>
    </TooltipTrigger>
  );
}
