import type { RatioInterval } from '../../domain/metrics/wilson.ts';
import { isOpenedRun, type Run } from '../../domain/run.ts';
import { settingsDifference } from '../../domain/run-settings.ts';
import { headWords, RUN_KIND_WORDS, totalSeconds } from '../../domain/run-words.ts';
import { shortCautions } from '../../domain/score-cautions.ts';
import { testInterval } from '../../domain/test-interval.ts';
import { AccuracyFigure } from '../../ui/AccuracyFigure.tsx';
import type { DataColumn } from '../../ui/DataTable.tsx';
import { durationText, percentText, sizeText } from '../../ui/number-text.ts';
import { RunCheckbox } from './RunCheckbox.tsx';
import { RunName } from './RunName.tsx';
import styles from './RunsTab.module.css';

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** When a run was started, for people. */
export const whenText = ({ startedAtMs }: Run) => WHEN.format(startedAtMs);

/** What a run did differently from the defaults, in a line. */
export const settingsText = (run: Run) =>
  isOpenedRun(run) ? 'Not trained here' : settingsDifference(run).join(', ') || 'Defaults';

/** How long it took, a dash where that was not here. */
export const timeText = (run: Run) => (isOpenedRun(run) ? '-' : durationText(totalSeconds(run)));

/** Weights of the download, a dash where they are not known. */
export const modelText = ({ modelBytes }: Run) => (modelBytes === null ? '-' : sizeText(modelBytes));

/** A number of ms with two figures that mean something, a dash where it is not known. */
export function imageMsText({ imageMs }: Run): string {
  if (imageMs === null) return '-';
  return `${imageMs < 10 ? imageMs.toFixed(1) : Math.round(imageMs)}\u00a0ms`;
}

/** Everything in a run's row but its menu. */
export const RUN_COLUMNS: readonly DataColumn<Run>[] = [
  { key: 'choose', label: 'Choose', cell: (run) => <RunCheckbox run={run} /> },
  { key: 'name', label: 'Run', value: (run) => run.name, cell: (run) => <RunName run={run} /> },
  {
    key: 'accuracy',
    label: 'Test accuracy',
    numeric: true,
    value: (run) => run.scores.testAccuracyRatio,
    cell: (run) => (
      <>
        <AccuracyFigure accuracy={testAccuracy(run)} />
        {shortCautions(run) !== '' && <span className={styles.caution}>{shortCautions(run)}</span>}
      </>
    ),
  },
  {
    key: 'f1',
    label: 'Macro F1',
    numeric: true,
    from: 640,
    value: (run) => run.scores.testMacroF1Ratio,
    cell: (run) => percentText(run.scores.testMacroF1Ratio, 1),
  },
  { key: 'backbone', label: 'Network', from: 1280, value: (run) => run.backbone.name },
  {
    key: 'head',
    label: 'Trained',
    from: 1280,
    value: (run) => `${headWords(run)} ${run.kind}`,
    cell: (run) => (
      <>
        {headWords(run)}
        {run.kind !== 'head' && <span className={styles.kind}>{RUN_KIND_WORDS[run.kind]}</span>}
      </>
    ),
  },
  {
    key: 'settings',
    label: 'Settings',
    from: 640,
    value: settingsText,
    cell: (run) => <span className={styles.settings}>{settingsText(run)}</span>,
  },
  { key: 'size', label: 'Model', numeric: true, from: 1280, value: (run) => run.modelBytes, cell: modelText },
  { key: 'imageMs', label: 'Per image', numeric: true, from: 1280, value: (run) => run.imageMs, cell: imageMsText },
  { key: 'seconds', label: 'Time', numeric: true, from: 640, value: totalSeconds, cell: timeText },
  {
    key: 'when',
    label: 'When',
    numeric: true,
    from: 640,
    value: (run) => run.startedAtMs,
    cell: (run) => <span className={styles.when}>{whenText(run)}</span>,
  },
];

/** Accuracy on the test images; null when none were kept aside. */
function testAccuracy({ scores }: Run): RatioInterval | null {
  return testInterval(scores);
}
