import { ProgressBar as AriaProgressBar, Label } from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './ProgressBar.module.css';

interface ProgressBarProps {
  readonly label: string;
  /** Keeps the label for screen readers only. */
  readonly isLabelHidden?: boolean;
  /** 0-1; null while the end is not known. */
  readonly ratio: number | null;
  /** What is said beside the bar, for example "320 of 1,000". Its line is always there, so nothing jumps. */
  readonly detail?: string;
}

/** How far something has come. */
export function ProgressBar({ label, isLabelHidden = false, ratio, detail }: ProgressBarProps) {
  return (
    <AriaProgressBar
      className={styles.progress ?? ''}
      minValue={0}
      maxValue={1}
      isIndeterminate={ratio === null}
      {...(ratio === null ? {} : { value: ratio })}
      {...(detail === undefined ? {} : { valueLabel: detail })}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {({ percentage }) => (
        <>
          {(!isLabelHidden || detail !== undefined) && (
            <div className={styles.line}>
              {!isLabelHidden && <Label className={styles.label ?? ''}>{label}</Label>}
              {detail !== undefined && <span className={styles.detail}>{detail}</span>}
            </div>
          )}
          <div className={styles.track}>
            <div
              className={classNames(styles.fill, ratio === null && styles.unknown)}
              style={ratio === null ? {} : { width: `${percentage ?? 0}%` }}
            />
          </div>
        </>
      )}
    </AriaProgressBar>
  );
}
