import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './Passing.module.css';

interface PassingProps {
  /** False for what stays until it is dismissed. */
  readonly isPassing: boolean;
  readonly onPassed: () => void;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** Good news: goes by itself after eight seconds, and waits while it is pointed at or has the focus. */
export function Passing({ isPassing, onPassed, className, children }: PassingProps) {
  return (
    <div
      className={classNames(className, isPassing && styles.passing)}
      onAnimationEnd={(event) => event.target === event.currentTarget && isPassing && onPassed()}
    >
      {children}
    </div>
  );
}
