import { TrendingUp } from 'lucide-react';
import { accuracyAt, type LearningCurve } from '../../domain/learning-curve.ts';
import type { AppState } from '../../state/app-state.ts';
import { jobOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { logTicks } from '../../ui/chart/log-ticks.ts';
import { PointChart } from '../../ui/chart/PointChart.tsx';
import { countText } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import { whyNotTrain } from '../why-not-train.ts';
import { curveBand } from './curve-band.ts';
import { TuneProgress } from './TuneProgress.tsx';
import { TuneSection } from './TuneSection.tsx';
import styles from './TuneTab.module.css';

const selectTuning = (state: AppState) => jobOf(state, 'learning-curve')?.progress.tuning ?? null;
const selectCurve = (state: AppState) => state.learningCurve;

/** Whether more images would help: accuracy against the number of training images. */
export function LearningCurveSection() {
  const { learnCurve } = useCommands();
  const tuning = useApp(selectTuning);
  const reason = useApp(whyNotTrain);
  const curve = useApp(selectCurve);
  return (
    <TuneSection
      title="Would more images help?"
      intro="Trains on growing shares of the training images, three times each, and judges every head on the same validation images."
    >
      {tuning === null ? (
        <div className={styles.actions}>
          <Button icon={<TrendingUp />} disabledReason={reason} onPress={() => void learnCurve()}>
            Draw the learning curve
          </Button>
        </div>
      ) : (
        <TuneProgress
          tuning={tuning}
          title="Training on growing shares"
          unit="heads"
          stopLabel="Stop, draw what is there"
        >
          Cancel throws it away.
        </TuneProgress>
      )}
      {tuning === null && reason !== null && <p className={styles.note}>{reason}</p>}
      {curve !== null && <CurveChart curve={curve} />}
    </TuneSection>
  );
}

function CurveChart({ curve }: { readonly curve: LearningCurve }) {
  const { downloadBlob } = useCommands();
  const { points, outlook, sentence } = curve;
  const band = curveBand(points);
  const last = band.x.at(-1);
  if (last === undefined) return <p>{sentence}</p>;
  const x = outlook === null ? band.x : [...band.x, last + outlook.extraCount];
  const law = outlook === null ? [] : x.map((count) => accuracyAt(outlook.law, count));
  return (
    <>
      <PointChart
        title="Accuracy by training images"
        unit="ratio"
        description={sentence}
        data={{
          xLabel: 'Training images',
          x,
          lines: [
            { key: 'mean', label: 'Mean of the three', values: band.mean, color: 'var(--accent)', dash: 'solid' },
            ...(outlook === null
              ? []
              : [
                  {
                    key: 'law',
                    label: 'Fitted, and on',
                    values: law,
                    color: 'var(--ink-muted)',
                    dash: 'dashed' as const,
                  },
                ]),
          ],
        }}
        band={{ label: 'Lowest to highest', low: band.low, high: band.high }}
        xScale="log"
        xText={countText}
        xTicks={logTicks(x)}
        fileName="learning-curve"
        onSave={downloadBlob}
      />
      <p className={styles.lead}>{sentence}</p>
      <p className={styles.note}>
        A guess from the shape of this curve, for images like those that are there; other images may bring more or less.
      </p>
    </>
  );
}
