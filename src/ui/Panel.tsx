import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './Panel.module.css';

interface PanelProps {
  readonly title: string;
  /** Beside the title, in muted ink: a count or a state. */
  readonly meta?: ReactNode;
  /** At the end of the title's line: buttons. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** A line that stays in sight at the end of the panel. */
  readonly footer?: ReactNode;
  readonly className?: string | undefined;
}

/** A titled section of the page; a landmark named by its title. */
export function Panel({ title, meta, actions, children, footer, className }: PanelProps) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId} className={classNames(styles.panel, className)}>
      <header className={styles.header}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        {meta !== undefined && <span className={styles.meta}>{meta}</span>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={styles.body}>{children}</div>
      {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
    </section>
  );
}
