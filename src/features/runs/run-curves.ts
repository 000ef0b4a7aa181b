import type { EpochRecord, Run } from '../../domain/run.ts';
import type { ChartData } from '../../ui/chart/chart-data.ts';
import { classColor } from '../../ui/class-color.ts';

type Curve = (epoch: EpochRecord) => number | null;

/** One line a run over the epochs of the longest; a shorter run's line ends where the run did. */
function overlay(runs: readonly Run[], curve: Curve): ChartData {
  const epochCount = Math.max(0, ...runs.map(({ curves }) => curves.length));
  const x = Array.from({ length: epochCount }, (_, index) => index + 1);
  const lines = runs.map((run, index) => ({
    key: run.id,
    label: run.name,
    color: classColor(index),
    dash: 'solid' as const,
    values: x.map((_, epoch) => valueAt(run, epoch, curve)),
  }));
  return { xLabel: 'Epoch', x, lines };
}

function valueAt({ curves }: Run, epoch: number, curve: Curve): number | null {
  const record = curves[epoch];
  return record === undefined ? null : curve(record);
}

export function validationAccuracyCurves(runs: readonly Run[]): ChartData {
  return overlay(runs, (epoch) => epoch.validationAccuracyRatio);
}

export function validationLossCurves(runs: readonly Run[]): ChartData {
  return overlay(runs, (epoch) => epoch.validationLoss);
}

/** True when a run can be drawn: it has epochs, and validation images judged them. */
export function hasCurves({ curves }: Run): boolean {
  return curves.some(({ validationLoss }) => validationLoss !== null);
}
