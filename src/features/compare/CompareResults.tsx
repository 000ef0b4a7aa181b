import { useMemo } from 'react';
import { type Comparison, measuredRows } from '../../domain/comparison.ts';
import { bestNetworkIds, outcomeAccuracy } from '../../domain/comparison-scores.ts';
import { comparisonSummary } from '../../domain/comparison-words.ts';
import type { AppState } from '../../state/app-state.ts';
import { backendName } from '../../ui/backend-names.ts';
import { ScatterChart, type ScatterPoint } from '../../ui/chart/ScatterChart.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { countText } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './CompareResults.module.css';
import { CompareTable } from './CompareTable.tsx';
import { whyOutOfDate } from './compare-facts.ts';

const selectProject = (state: AppState) => state.project;
const selectEngine = (state: AppState) => state.engine;

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** What a comparison gave: in words, as time against accuracy, and in numbers. */
export function CompareResults({ comparison }: { readonly comparison: Comparison }) {
  const { rows, imageCount, classCount, foldCount, device, endedAtMs } = comparison;
  const { downloadBlob } = useCommands();
  const project = useApp(selectProject);
  const engine = useApp(selectEngine);
  const outOfDate = useMemo(() => whyOutOfDate(comparison, { project, engine }), [comparison, project, engine]);
  const summary = useMemo(() => comparisonSummary(rows), [rows]);
  const points = useMemo(() => pointsOf(comparison), [comparison]);
  const [first, ...further] = summary;
  return (
    <section className={styles.results} aria-label="Networks compared">
      {outOfDate !== null && (
        <Notice tone="warning" title="This comparison is out of date">
          {outOfDate} Compare again for figures of now.
        </Notice>
      )}
      {first !== undefined && (
        <div className={styles.summary}>
          <p className={styles.first}>{first}</p>
          {further.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      )}
      <div className={styles.halves}>
        <ScatterChart
          title="Time against accuracy"
          points={points}
          xLabel="ms per image"
          yLabel="Accuracy"
          bestLabel="best trade-off"
          fileName="networks-compared"
          onSave={downloadBlob}
        />
        <div className={styles.how}>
          <h3 className={styles.title}>How it was measured</h3>
          <p>
            {countText(imageCount)} images of {countText(classCount)} classes, {foldCount} folds; every image is judged
            by a softmax head that has not seen it, on standardised features, with the same recipe for all. Bars are 95
            % intervals.
          </p>
          <p>
            Times are medians after a warm-up, on {backendName(device.backend)}, without decoding. The line joins the
            best trade-offs: no other network is both faster and more accurate.
          </p>
          <p>
            A network counts as clearly better than a baseline when McNemar’s exact test on the same images says so at 5
            %. Last measured {WHEN.format(endedAtMs)}.
          </p>
        </div>
      </div>
      <CompareTable rows={rows} />
    </section>
  );
}

function pointsOf({ rows }: Comparison): ScatterPoint[] {
  const best = bestNetworkIds(rows);
  return measuredRows(rows).flatMap(({ id, name, kind, result }) => {
    const accuracy = outcomeAccuracy(result.outcomes);
    if (accuracy === null) return [];
    return [
      {
        key: id,
        label: name,
        x: result.batchMs,
        yRatio: accuracy.ratio,
        lowRatio: accuracy.lowRatio,
        highRatio: accuracy.highRatio,
        look: kind !== 'network' ? 'muted' : best.has(id) ? 'best' : 'plain',
      },
    ];
  });
}
