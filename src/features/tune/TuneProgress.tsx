import { Square, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TuningState } from '../../state/app-state.ts';
import { trainingOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { LiveText } from '../../ui/LiveText.tsx';
import { countOf, countText, durationText, percentText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './TuneTab.module.css';

interface TuneProgressProps {
  readonly tuning: TuningState;
  /** What is being done, for example "Trying settings". */
  readonly title: string;
  /** What is counted, plural. */
  readonly unit: string;
  /** What stopping keeps; null where there is nothing to keep before the end. */
  readonly stopLabel: string | null;
  /** Most seconds that are left of a budget. */
  readonly limitSeconds?: number;
  /** What cancelling does, and what is known so far. */
  readonly children: ReactNode;
}

function preparingText(viewCount: number): string {
  return viewCount === 0 ? 'Preparing features' : `Preparing ${countOf(viewCount, 'changed view')} of each image`;
}

function stagesText({ phase, doneRatio }: NonNullable<TuningState['stages']>): string {
  return phase === 'head' ? 'training a head' : `fine-tuning: ${percentText(doneRatio)} of its epochs`;
}

/** How far a trial is, and the ways to end it. */
export function TuneProgress(props: TuneProgressProps) {
  const { tuning, title, unit, stopLabel, limitSeconds = Number.POSITIVE_INFINITY, children } = props;
  const { stopTraining, cancelTraining } = useCommands();
  const training = useApp(trainingOf);
  const { doneCount, totalCount, secondsLeft, stages } = tuning;
  const isPreparing = training.kind === 'preparing';
  const shownTitle = isPreparing ? preparingText(training.viewCount) : title;
  const [done, total] = isPreparing ? [training.doneCount, training.totalCount] : [doneCount, totalCount];
  const left = isPreparing ? training.secondsLeft : secondsLeft;
  const leftText = left === null ? '' : `, about ${durationText(Math.min(left, limitSeconds))} left`;
  const under = isPreparing || stages === null ? '' : `, now ${stagesText(stages)}`;
  const counted = `${countText(done)} of ${countText(total)} ${isPreparing ? 'images' : unit}${under}${leftText}`;
  const part = isPreparing ? 0 : (stages?.doneRatio ?? 0);
  return (
    <div className={styles.progress}>
      <LiveText text={shownTitle} />
      <ProgressBar
        label={shownTitle}
        ratio={total === 0 ? null : (done + part) / total}
        detail={total === 0 ? 'a moment' : counted}
      />
      <div className={styles.ends}>
        <p className={styles.note}>{children}</p>
        <div className={styles.buttons}>
          {stopLabel !== null && (
            <Button icon={<Square />} isDisabled={isPreparing} onPress={stopTraining}>
              {stopLabel}
            </Button>
          )}
          <Button variant="quiet" icon={<X />} onPress={cancelTraining}>
            Cancel
          </Button>
        </div>
      </div>
    </div>
  );
}
