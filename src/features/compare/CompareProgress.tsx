import { Square } from 'lucide-react';
import type { ComparingState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { LiveText } from '../../ui/LiveText.tsx';
import { countText, durationText, sizeText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './CompareProgress.module.css';

const STAGES: Readonly<Record<ComparingState['stage'], string>> = {
  downloading: 'downloading',
  loading: 'loading',
  timing: 'measuring its speed',
  features: 'computing features',
  heads: 'training quick heads',
};

function stepText({ stage, doneCount, totalCount }: ComparingState): string {
  if (totalCount === 0) return STAGES[stage];
  const [done, total] =
    stage === 'downloading'
      ? [sizeText(doneCount), sizeText(totalCount)]
      : [countText(doneCount), countText(totalCount)];
  return `${STAGES[stage]}, ${done} of ${total}`;
}

/** Which network is being measured, what is being done with it, and the way to end it. */
export function CompareProgress({ comparing }: { readonly comparing: ComparingState }) {
  const { stopComparison } = useCommands();
  const { candidates, index, doneCount, totalCount, secondsLeft } = comparing;
  const title = `${candidates[index]?.name ?? ''} (${index + 1} of ${candidates.length})`;
  const left = secondsLeft === null ? 'Time left is not known yet' : `About ${durationText(secondsLeft)} left`;
  const within = totalCount === 0 ? 0 : doneCount / totalCount;
  return (
    <section className={styles.progress} aria-label="Comparing networks">
      <LiveText text={`Comparing: ${title}`} />
      <ProgressBar label={title} ratio={(index + within * 0.9) / candidates.length} detail={stepText(comparing)} />
      <div className={styles.line}>
        <p className={styles.note}>
          {left}. Rows appear below as they are finished. Trying images on the current model still works; training
          waits.
        </p>
        <Button icon={<Square />} onPress={stopComparison}>
          Stop and keep finished rows
        </Button>
      </div>
    </section>
  );
}
