import type { ReactNode } from 'react';
import { Button as AriaButton, TooltipTrigger } from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './IconButton.module.css';
import { Tooltip } from './Tooltip.tsx';

interface IconButtonProps {
  /** Says what the button does; shown as its tooltip too. */
  readonly label: string;
  /** A lucide icon. */
  readonly icon: ReactNode;
  readonly onPress?: () => void;
  readonly isDisabled?: boolean;
  /** `small` fits into a line of text or a card's head. */
  readonly size?: 'small' | 'medium';
  /** For buttons that switch something on and off. */
  readonly isPressed?: boolean;
  /** For buttons that unfold something. */
  readonly isExpanded?: boolean;
}

/** A quiet square button with an icon and a tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, onPress, isDisabled = false, size = 'medium', isPressed, isExpanded } = props;
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton
        aria-label={label}
        isDisabled={isDisabled}
        {...(onPress === undefined ? {} : { onPress: () => onPress() })}
        {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
        {...(isExpanded === undefined ? {} : { 'aria-expanded': isExpanded })}
        className={classNames(styles.button, size === 'small' && styles.small, isPressed === true && styles.on)}
      >
        {icon}
      </AriaButton>
      <Tooltip>{label}</Tooltip>
    </TooltipTrigger>
  );
}
