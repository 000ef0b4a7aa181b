import { Gauge } from 'lucide-react';
import type { LearningRateTest } from '../../domain/learning-rate-range.ts';
import type { AppState } from '../../state/app-state.ts';
import { jobOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { PointChart } from '../../ui/chart/PointChart.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { whyNotTrain } from '../why-not-train.ts';
import { rateWords } from './rate-words.ts';
import { numberText } from './search-rows.ts';
import { TuneProgress } from './TuneProgress.tsx';
import { TuneSection } from './TuneSection.tsx';
import styles from './TuneTab.module.css';

const selectTuning = (state: AppState) => jobOf(state, 'learning-rate')?.progress.tuning ?? null;
const selectTest = (state: AppState) => state.learningRateTest;
const selectHead = (state: AppState) => state.project?.settings.head ?? null;

/** Finds a learning rate by raising it from far too small to far too large. */
export function LearningRateSection() {
  const { testLearningRates } = useCommands();
  const tuning = useApp(selectTuning);
  const busy = useApp(whyNotTrain);
  const head = useApp(selectHead);
  const test = useApp(selectTest);
  const reason =
    busy ??
    (head === 'network'
      ? null
      : 'Only a network head has a learning rate to set. Choose Network as the head under Train.');
  return (
    <TuneSection
      title="Learning rate"
      intro="Raises the rate step by step over 100 batches and watches the loss: too small a rate learns nothing, too large a one destroys what was learnt."
    >
      {tuning === null ? (
        <div className={styles.actions}>
          <Button icon={<Gauge />} disabledReason={reason} onPress={() => void testLearningRates()}>
            Find a learning rate
          </Button>
          {test !== null && <UseRate test={test} />}
        </div>
      ) : (
        <TuneProgress tuning={tuning} title="Trying learning rates" unit="rates" stopLabel={null}>
          This takes a few seconds.
        </TuneProgress>
      )}
      {tuning === null && reason !== null && <p className={styles.note}>{reason}</p>}
      {test !== null && <RateChart test={test} />}
    </TuneSection>
  );
}

const selectRate = (state: AppState) => state.project?.settings.learningRate ?? null;

function UseRate({ test: { suggestedRate } }: { readonly test: LearningRateTest }) {
  const { changeSettings } = useCommands();
  const now = useApp(selectRate);
  if (suggestedRate === null) return null;
  const isUsed = now === suggestedRate;
  return (
    <Button
      variant="primary"
      disabledReason={isUsed ? 'The form under Train holds this rate.' : null}
      onPress={() => changeSettings({ learningRate: suggestedRate })}
    >
      {isUsed ? `${numberText(suggestedRate)} is in the form` : `Use this rate: ${numberText(suggestedRate)}`}
    </Button>
  );
}

const DECADES = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];
/** A loss that explodes would flatten all that is to be seen: beyond this share of its start it is not drawn. */
const DRAWN_RATIO = 1.6;

/** 0.0001 as 10 to the power of -4: short enough for an axis. */
function decadeText(rate: number): string {
  const digits: Readonly<Record<string, string>> = {
    '-': '⁻',
    0: '⁰',
    1: '¹',
    2: '²',
    3: '³',
    4: '⁴',
    5: '⁵',
    6: '⁶',
    7: '⁷',
  };
  const power = [...String(Math.round(Math.log10(rate)))];
  return `10${power.map((sign) => digits[sign] ?? sign).join('')}`;
}

function RateChart({ test }: { readonly test: LearningRateTest }) {
  const { downloadBlob } = useCommands();
  const { rates, losses, smoothedLosses, suggestedRate } = test;
  const words = rateWords(test);
  const line = { values: smoothedLosses, color: 'var(--accent)', dash: 'solid' as const };
  return (
    <>
      <PointChart
        title="Loss by learning rate"
        unit="number"
        description={words}
        data={{
          xLabel: 'Learning rate',
          x: rates.slice(0, losses.length),
          lines: [
            { key: 'loss', label: 'Each batch', values: losses, color: 'var(--line-strong)', dash: 'dotted' },
            { key: 'smoothed', label: 'Smoothed', ...line },
          ],
        }}
        xScale="log"
        xText={(rate) => (DECADES.includes(rate) ? decadeText(rate) : numberText(rate))}
        xTicks={DECADES}
        yMax={(smoothedLosses[0] ?? 1) * DRAWN_RATIO}
        {...(suggestedRate === null ? {} : { mark: { x: suggestedRate, label: 'suggested' } })}
        fileName="learning-rates"
        onSave={downloadBlob}
      />
      <p>{words}</p>
    </>
  );
}
