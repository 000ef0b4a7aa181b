import { isBackAtOrigin } from '../../domain/fine-tune-guard.ts';
import { phaseText } from '../../domain/fine-tune-words.ts';
import { keptWeightsText } from '../../domain/kept-head-words.ts';
import type { Run } from '../../domain/run.ts';
import type { AppState, LiveState, TrainingState } from '../../state/app-state.ts';
import { trainingOf } from '../../state/job-selectors.ts';
import { countOf, countText, durationText, percentText } from '../../ui/number-text.ts';
import { useCurrentRun } from '../use-current-run.ts';
import styles from './LiveTab.module.css';
import { PART_WORDS } from './part-words.ts';
import { keptEpochIndex } from './shown-curves.ts';
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
  if (run === null || run.curves.length === 0) return '';
  const { curves, end, name, scores, guard } = run;
  const weights = isBackAtOrigin(guard) ? 'The weights are those of the run it goes on from.' : keptWeightsText(run);
  const shown = keptEpochIndex(run) === null ? 'The matrix is of that model' : 'Figures and matrix are of that epoch';
  const test =
    scores.testAccuracyRatio === null
      ? ''
      : ` The test score under Results, ${percentText(scores.testAccuracyRatio)}, is of ${countOf(scores.testCount, 'other image')}.`;
  return `${name}: ${countOf(curves.length, 'epoch')}, ${ENDS[end]}. ${weights} ${shown}, on ${scoredImages(run)}.${test}`;
}

/** The images that the matrix, and the validation curve, are of. */
function scoredImages({ partCounts: { validation, train } }: Run): string {
  const part = validation > 0 ? 'validation' : 'train';
  return countOf(part === 'validation' ? validation : train, `${PART_WORDS[part].adjective} image`);
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
      return finishedText(run);
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
