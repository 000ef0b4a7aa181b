import type { ReactNode } from 'react';
import styles from './Badge.module.css';
import { classNames } from './class-names.ts';

type BadgeTone = 'neutral' | 'accent' | 'warning' | 'danger';

interface BadgeProps {
  readonly tone?: BadgeTone;
  /** A small lucide icon in front. */
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}

/** A short state in a pill, for example "older than the data". Its words carry the meaning, its tone only repeats it. */
export function Badge({ tone = 'neutral', icon, children }: BadgeProps) {
  return (
    <span className={classNames(styles.badge, styles[tone])}>
      {icon}
      {children}
    </span>
  );
}
