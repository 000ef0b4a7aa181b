import type { ReactNode } from 'react';
import { Tooltip as AriaTooltip } from 'react-aria-components';
import styles from './Tooltip.module.css';

/** The bubble of a React Aria `TooltipTrigger`. Only for words that repeat or explain; never the sole place of a fact. */
export function Tooltip({ children }: { readonly children: ReactNode }) {
  return (
    <AriaTooltip offset={6} className={styles.tooltip ?? ''}>
      {children}
    </AriaTooltip>
  );
}
