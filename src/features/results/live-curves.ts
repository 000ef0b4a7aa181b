import type { EpochRecord } from '../../domain/run.ts';
import type { ChartData, ChartLine } from '../../ui/chart/chart-data.ts';
import { CLASS_COLOR_COUNT, classColor } from '../../ui/class-color.ts';
import type { ShownCurves } from './shown-curves.ts';

type Curve = (epoch: EpochRecord) => number | null;

/** Training is dashed, validation solid, in two hues that differ for everyone. */
function pair(
  epochs: readonly EpochRecord[],
  keptEpochIndex: number | null,
  train: Curve,
  validation: Curve,
): ChartData {
  const lines: readonly ChartLine[] = [
    { key: 'train', label: 'Train', color: 'var(--ink-muted)', dash: 'dashed', values: epochs.map(train) },
    {
      key: 'validation',
      label: 'Validation',
      color: 'var(--class-0)',
      dash: 'solid',
      values: epochs.map(validation),
    },
  ];
  return { xLabel: 'Epoch', x: epochNumbers(epochs), lines, ...fineTuningMark(epochs), ...keptMark(keptEpochIndex) };
}

/** The epoch whose weights the model has. */
function keptMark(keptEpochIndex: number | null): Pick<ChartData, 'kept'> {
  return keptEpochIndex === null ? {} : { kept: { x: keptEpochIndex + 1, label: 'Kept' } };
}

/** Between the head's last epoch and the first of the stages; nowhere in a run without a phase of the head. */
function fineTuningMark(epochs: readonly EpochRecord[]): Pick<ChartData, 'mark'> {
  const first = epochs.find(({ phase }) => phase === 'fine-tune');
  return first === undefined || first.epochIndex === 0
    ? {}
    : { mark: { x: first.epochIndex + 0.5, label: 'Fine-tuning' } };
}

/** Epochs are counted from 1 on the page. */
function epochNumbers(epochs: readonly EpochRecord[]): readonly number[] {
  return epochs.map((epoch) => epoch.epochIndex + 1);
}

export function lossCurves(epochs: readonly EpochRecord[], keptEpochIndex: number | null): ChartData {
  return pair(
    epochs,
    keptEpochIndex,
    (epoch) => epoch.trainLoss,
    (epoch) => epoch.validationLoss,
  );
}

export function accuracyCurves(epochs: readonly EpochRecord[], keptEpochIndex: number | null): ChartData {
  return pair(
    epochs,
    keptEpochIndex,
    (epoch) => epoch.trainAccuracyRatio,
    (epoch) => epoch.validationAccuracyRatio,
  );
}

/** Colours repeat after the palette's end; the stroke then changes, so that no two lines look the same. */
const STROKES = ['solid', 'dashed', 'dotted'] as const;

/** One line per class: the share of its images that is recognised. */
export function recallCurves(live: ShownCurves): ChartData {
  const lines = live.classNames.map((name, classIndex) => ({
    key: `class-${classIndex}`,
    label: name,
    color: classColor(live.classColorIndices[classIndex] ?? classIndex),
    dash: STROKES[Math.floor(classIndex / CLASS_COLOR_COUNT) % STROKES.length] ?? 'solid',
    values: live.epochs.map((epoch) => epoch.recallRatios[classIndex] ?? null),
  }));
  const marks = { ...fineTuningMark(live.epochs), ...keptMark(live.keptEpochIndex) };
  return { xLabel: 'Epoch', x: epochNumbers(live.epochs), lines, ...marks };
}
