import { CircleCheck, CircleX, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { IconButton } from './IconButton.tsx';
import styles from './Notice.module.css';

export type NoticeTone = 'info' | 'success' | 'warning' | 'error';

const ICONS: Readonly<Record<NoticeTone, ReactNode>> = {
  info: <Info aria-hidden="true" />,
  success: <CircleCheck aria-hidden="true" />,
  warning: <TriangleAlert aria-hidden="true" />,
  error: <CircleX aria-hidden="true" />,
};

interface NoticeProps {
  readonly tone: NoticeTone;
  readonly title: string;
  /** What was kept and what to do. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Without it the notice stays as long as its cause. */
  readonly onDismiss?: () => void;
}

/** A message inside a panel or in the `NoticeRegion`. */
export function Notice({ tone, title, children, actions, onDismiss }: NoticeProps) {
  return (
    <div className={classNames(styles.notice, styles[tone])}>
      <span className={styles.icon}>{ICONS[tone]}</span>
      <div className={styles.content}>
        <p className={styles.title}>{title}</p>
        {children !== undefined && <div className={styles.text}>{children}</div>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {onDismiss !== undefined && (
        <IconButton label={`Dismiss: ${title}`} icon={<X />} size="small" onPress={onDismiss} />
      )}
    </div>
  );
}
