import { useMemo, useState } from 'react';
import type { AppState } from '../../state/app-state.ts';
import { trainingOf } from '../../state/job-selectors.ts';
import { ConfusionMatrix, type MatrixNumbers } from '../../ui/ConfusionMatrix.tsx';
import { CurveChart } from '../../ui/chart/CurveChart.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SegmentedChoice } from '../../ui/SegmentedChoice.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { useCurrentRun } from '../use-current-run.ts';
import { LiveStatus } from './LiveStatus.tsx';
import styles from './LiveTab.module.css';
import { accuracyCurves, lossCurves, recallCurves } from './live-curves.ts';
import { MATRIX_NUMBERS } from './matrix-numbers.ts';
import { PART_WORDS } from './part-words.ts';
import { type ShownCurves, shownCurves } from './shown-curves.ts';
import { useSlowApp } from './use-slow-app.ts';

const selectLive = (state: AppState) => state.live;
const selectArtifacts = (state: AppState) => state.artifacts;
const selectIsRunning = (state: AppState) => trainingOf(state).kind === 'running';

const selectFailed = ({ trainingFailure }: AppState) => trainingFailure;

/** A matrix of up to so many classes stands beside the curves. */
const FEW_CLASSES = 8;

/** Curves and confusion of the run in progress, of the one that failed, or of the current run. */
export function LiveTab() {
  const shown = useShownCurves();
  const failed = useApp(selectFailed);
  const hasCurves = shown !== null && shown.epochs.length > 0;
  return (
    <div className={styles.tab}>
      {failed === null ? (
        <LiveStatus />
      ) : (
        <Notice tone="error" title={failed.message}>
          {failed.advice} {hasCurves ? 'Below are the curves of that run as far as it came.' : ''}
        </Notice>
      )}
      {hasCurves && <LiveCharts live={shown} />}
      {!hasCurves && failed === null && (
        <EmptyState title="No curves yet">
          Press Train: loss, accuracy, the recall of every class and the confusion matrix appear here epoch by epoch.
        </EmptyState>
      )}
    </div>
  );
}

function useShownCurves(): ShownCurves | null {
  const live = useSlowApp(selectLive);
  const training = useSlowApp(trainingOf);
  const run = useCurrentRun();
  const artifacts = useApp(selectArtifacts);
  return useMemo(() => shownCurves(training, live, run, artifacts), [training, live, run, artifacts]);
}

function LiveCharts({ live }: { readonly live: ShownCurves }) {
  const { downloadBlob } = useCommands();
  const { epochs, keptEpochIndex } = live;
  const loss = useMemo(() => lossCurves(epochs, keptEpochIndex), [epochs, keptEpochIndex]);
  const accuracy = useMemo(() => accuracyCurves(epochs, keptEpochIndex), [epochs, keptEpochIndex]);
  const recall = useMemo(() => recallCurves(live), [live]);
  // While epochs come in, the axis stands still; after an early stop it ends where the curves do.
  const isRunning = useApp(selectIsRunning);
  const common = { xMax: isRunning ? live.epochCount : epochs.length, onSave: downloadBlob };
  return (
    <div className={styles.charts} data-classes={live.classNames.length <= FEW_CLASSES ? 'few' : 'many'}>
      <CurveChart title="Accuracy" unit="ratio" data={accuracy} fileName="graft-accuracy" {...common} />
      <CurveChart title="Loss" unit="number" data={loss} fileName="graft-loss" {...common} />
      <CurveChart
        title={`Recall by class (${PART_WORDS[live.confusionPart].adjective})`}
        unit="ratio"
        data={recall}
        fileName="graft-recall"
        {...common}
      />
      <LiveMatrix live={live} />
    </div>
  );
}

function LiveMatrix({ live }: { readonly live: ShownCurves }) {
  const [numbers, setNumbers] = useState<MatrixNumbers>('counts');
  const { keptEpochIndex, confusionPart } = live;
  const epoch = keptEpochIndex === null ? '' : `, epoch ${keptEpochIndex + 1}`;
  const isUnderWay = useApp(selectIsRunning);
  return (
    <section className={styles.matrix}>
      <header className={styles.matrixHead}>
        <h3>
          Confusion matrix ({PART_WORDS[confusionPart].adjective}
          {epoch})
        </h3>
        <SegmentedChoice label="Numbers in the matrix" value={numbers} options={MATRIX_NUMBERS} onChange={setNumbers} />
      </header>
      <ConfusionMatrix
        label={`${PART_WORDS[confusionPart].name} images ${isUnderWay ? 'at the latest epoch' : 'by the model kept'}`}
        classNames={live.classNames}
        classColorIndices={live.classColorIndices}
        counts={live.confusion}
        numbers={numbers}
      />
    </section>
  );
}
