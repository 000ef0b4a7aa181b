import { isBackAtOrigin } from '../../domain/fine-tune-guard.ts';
import { phaseText } from '../../domain/fine-tune-words.ts';
import { keptWeightsText } from '../../domain/kept-head-words.ts';
import type { Run } from '../../domain/run.ts';
import type { AppState, LiveState, TrainingState } from '../../state/app-state.ts';
import { trainingOf } from '../../state/job-selectors.ts';
import { countText, durationText } from '../../ui/number-text.ts';
import { useCurrentRun } from '../use-current-run.ts';
import styles from './LiveTab.module.css';
import { useSlowApp } from './use-slow-app.ts';

const selectLive = (state: AppState) => state.live;

const ENDS: Readonly<Record<Run['end'], string>> = {
  'all-epochs': 'all epochs done',
  'early-stopping': 'stopped early because the validation loss no longer fell',
  'stopped-by-user': 'stopped by you',
  converged: 'converged',
  'step-limit': 'ended at its limit of steps, not quite converged',
};

function finishedText(run: Run | null): string {
  if (run === null) return '';
  const { curves, end, name } = run;
  const kept = isBackAtOrigin(run.guard) ? 'The weights are those of the run it goes on from.' : keptWeightsText(run);
  return `${name}: ${curves.length} epochs, ${ENDS[end]}. ${kept}`;
}

function statusText(training: TrainingState, live: LiveState | null, run: Run | null): string {
  switch (training.kind) {
    case 'preparing':
      return `Preparing features: ${countText(training.doneCount)} of ${countText(training.totalCount)} images`;
    case 'running': {
      const epochText = `Epoch ${live?.epochs.length ?? 0} of ${training.epochCount}`;
      const rateText = `${countText(Math.round(training.imagesPerSecond))} images/s`;
      const leftText = training.secondsLeft === null ? '' : `, at most ${durationText(training.secondsLeft)} left`;
      const { fineTuning, stopping } = training;
      const phase = fineTuning === null ? '' : `Training ${phaseText(fineTuning)}. `;
      return stopping ? `${phase}${epochText}, stopping` : `${phase}${epochText}, ${rateText}${leftText}`;
    }
    case 'evaluating':
      return 'Scoring the held-out images';
    case 'failed':
      // The notice below says it.
      return '';
    case 'idle':
      return live === null || live.epochs.length === 0 ? '' : finishedText(run);
    default:
      return training satisfies never;
  }
}

/** One line over the charts: where the run is. It keeps its height when it is empty. */
export function LiveStatus() {
  const training = useSlowApp(trainingOf);
  const live = useSlowApp(selectLive);
  const run = useCurrentRun();
  return <p className={styles.status}>{statusText(training, live, run)}</p>;
}
