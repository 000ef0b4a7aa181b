import { useMemo } from 'react';
import type { Run } from '../../domain/run.ts';
import { CurveChart } from '../../ui/chart/CurveChart.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './RunsTab.module.css';
import { hasCurves, validationAccuracyCurves, validationLossCurves } from './run-curves.ts';

/** Curves of the chosen runs over each other, one colour a run. */
export function RunCurves({ runs }: { readonly runs: readonly Run[] }) {
  const { downloadBlob } = useCommands();
  const drawn = useMemo(() => runs.filter(hasCurves), [runs]);
  const accuracy = useMemo(() => validationAccuracyCurves(drawn), [drawn]);
  const loss = useMemo(() => validationLossCurves(drawn), [drawn]);
  const without = runs.filter((run) => !hasCurves(run)).map(({ name }) => name);
  const common = { xMax: accuracy.x.length, onSave: downloadBlob };
  return (
    <section className={styles.curves} aria-label="Curves of the chosen runs">
      {drawn.length > 0 && (
        <div className={styles.charts}>
          <CurveChart
            title="Validation accuracy"
            unit="ratio"
            data={accuracy}
            fileName="graft-runs-accuracy"
            {...common}
          />
          <CurveChart title="Validation loss" unit="number" data={loss} fileName="graft-runs-loss" {...common} />
        </div>
      )}
      {without.length > 0 && (
        <p className={styles.hint}>Without a curve, because no validation images were judged: {without.join(', ')}.</p>
      )}
    </section>
  );
}
