import type { RatioInterval } from '../domain/metrics/wilson.ts';
import styles from './AccuracyFigure.module.css';
import { percentText } from './number-text.ts';

/** "84.9 % 78 to 90" in a table: an accuracy with its 95 % interval; a dash where there is none. */
export function AccuracyFigure({ accuracy }: { readonly accuracy: RatioInterval | null }) {
  if (accuracy === null) return '-';
  return (
    <span className={styles.figure}>
      {percentText(accuracy.ratio, 1)}{' '}
      <span className={styles.interval}>
        {Math.round(accuracy.lowRatio * 100)} to {Math.round(accuracy.highRatio * 100)}
      </span>
    </span>
  );
}
