import { Square, X } from 'lucide-react';
import { phaseText } from '../../domain/fine-tune-words.ts';
import type { AppState, TrainingState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { LiveText } from '../../ui/LiveText.tsx';
import { countOf, countText, durationText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './TrainingPanel.module.css';

type BusyTraining = Exclude<TrainingState, { readonly kind: 'idle' | 'failed' }>;

interface Step {
  /** What is being done; said aloud when it changes. */
  readonly title: string;
  readonly ratio: number | null;
  readonly detail: string;
  readonly rate: string;
}

const selectEpochsDone = (state: AppState) => state.live?.epochs.length ?? 0;

function rateText(imagesPerSecond: number, secondsLeft: number | null): string {
  if (imagesPerSecond <= 0) return 'Measuring the speed';
  const digits = imagesPerSecond < 10 ? imagesPerSecond.toFixed(1) : countText(Math.round(imagesPerSecond));
  const left = secondsLeft === null ? '' : `, about ${durationText(secondsLeft)} left`;
  return `${digits} images/s${left}`;
}

function stepOf(training: BusyTraining, epochsDone: number): Step {
  switch (training.kind) {
    case 'preparing': {
      const { viewCount, doneCount, totalCount, imagesPerSecond, secondsLeft } = training;
      const each = viewCount === 0 ? '' : `, ${countOf(viewCount, 'view')} each`;
      return {
        title: viewCount === 0 ? 'Preparing features' : 'Preparing changed views',
        ratio: totalCount === 0 ? null : doneCount / totalCount,
        detail: `${countText(doneCount)} of ${countOf(totalCount, 'image')}${each}`,
        rate: rateText(imagesPerSecond, secondsLeft),
      };
    }
    case 'running': {
      const { fineTuning, stopping, epochCount, imagesPerSecond, secondsLeft } = training;
      const what = fineTuning === null ? 'Training' : `Training ${phaseText(fineTuning)}`;
      return {
        title: stopping ? 'Stopping after this epoch' : what,
        ratio: epochsDone / Math.max(1, epochCount),
        detail: `epoch ${epochsDone} of ${epochCount}`,
        rate: rateText(imagesPerSecond, secondsLeft),
      };
    }
    case 'evaluating':
      return { title: 'Scoring the held-out images', ratio: null, detail: '', rate: 'A moment' };
    default:
      return training satisfies never;
  }
}

/** What the run is doing, how far it is, and the two ways to end it. */
export function TrainingProgress({ training }: { readonly training: BusyTraining }) {
  const { stopTraining, cancelTraining } = useCommands();
  const epochsDone = useApp(selectEpochsDone);
  const { title, ratio, detail, rate } = stepOf(training, epochsDone);
  const canStop = training.kind === 'running' && !training.stopping;
  return (
    <div className={styles.progress}>
      <LiveText text={title} />
      <ProgressBar label={title} ratio={ratio} detail={detail} />
      <p className={styles.rate}>{rate}</p>
      <div className={styles.ends}>
        <Button icon={<Square />} isDisabled={!canStop} onPress={stopTraining}>
          Stop
        </Button>
        <Button variant="quiet" icon={<X />} onPress={cancelTraining}>
          Cancel
        </Button>
      </div>
      <p className={styles.reason}>Stop keeps the best model so far. Cancel throws this run away.</p>
    </div>
  );
}
