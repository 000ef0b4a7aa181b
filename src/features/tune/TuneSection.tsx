import { type ReactNode, useId } from 'react';
import styles from './TuneTab.module.css';

interface TuneSectionProps {
  readonly title: string;
  /** What it is for, one or two sentences. */
  readonly intro: string;
  readonly children: ReactNode;
}

/** One kind of trial: what it is for, how to start it, and what came of it. */
export function TuneSection({ title, intro, children }: TuneSectionProps) {
  const titleId = useId();
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <h3 id={titleId} className={styles.title}>
        {title}
      </h3>
      <p className={styles.note}>{intro}</p>
      {children}
    </section>
  );
}
