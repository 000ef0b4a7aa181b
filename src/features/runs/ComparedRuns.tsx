import { useEffect, useState } from 'react';
import type { Run } from '../../domain/run.ts';
import type { RunComparison } from '../../domain/run-comparison.ts';
import { comparisonWords } from '../../domain/run-comparison-words.ts';
import { settingsContrast } from '../../domain/run-settings.ts';
import { countText } from '../../ui/number-text.ts';
import { useCommands } from '../use-app.tsx';
import styles from './RunsTab.module.css';

type Outcome = { readonly kind: 'waiting' } | { readonly kind: 'failed' } | Known;
interface Known {
  readonly kind: 'known';
  readonly comparison: RunComparison;
}

interface ComparedRunsProps {
  readonly first: Run;
  readonly second: Run;
}

/** Two runs on the test images both judged: which is better, how sure that is, and what was done differently. */
export function ComparedRuns({ first, second }: ComparedRunsProps) {
  const outcome = useComparison(first.id, second.id);
  return (
    <section className={styles.compared} aria-labelledby="compared-runs">
      <h3 id="compared-runs">
        {first.name} and {second.name}
      </h3>
      <div aria-live="polite">
        {outcome.kind === 'waiting' && <p className={styles.hint}>Comparing...</p>}
        {outcome.kind === 'failed' && (
          <p>What one of them said of the images is not in this browser any more, so they cannot be compared.</p>
        )}
        {outcome.kind === 'known' && <Verdict first={first} second={second} comparison={outcome.comparison} />}
      </div>
      <Contrast first={first} second={second} />
    </section>
  );
}

function useComparison(firstId: string, secondId: string): Outcome {
  const { compareRuns } = useCommands();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'waiting' });
  useEffect(() => {
    let isWanted = true;
    const show = (next: Outcome) => {
      if (isWanted) setOutcome(next);
    };
    setOutcome({ kind: 'waiting' });
    compareRuns(firstId, secondId).then(
      (comparison) => show({ kind: 'known', comparison }),
      () => show({ kind: 'failed' }),
    );
    return () => {
      isWanted = false;
    };
  }, [compareRuns, firstId, secondId]);
  return outcome;
}

function Verdict({ first, second, comparison }: ComparedRunsProps & { readonly comparison: RunComparison }) {
  const { verdict, meaning, caveats } = comparisonWords(comparison, [first.name, second.name]);
  const counts: readonly (readonly [string, number])[] = [
    [`Only ${first.name} right`, comparison.onlyFirstCount],
    [`Only ${second.name} right`, comparison.onlySecondCount],
    ['Both right', comparison.bothRightCount],
    ['Both wrong', comparison.bothWrongCount],
  ];
  return (
    <>
      <p className={styles.verdict}>{verdict}</p>
      {meaning !== null && <p className={styles.hint}>{meaning}</p>}
      {comparison.sharedCount > 0 && (
        <dl className={styles.counts}>
          {counts.map(([term, count]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{countText(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {caveats.map((caveat) => (
        <p key={caveat} className={styles.hint}>
          {caveat}
        </p>
      ))}
      {second.continuedFromRunId === first.id && comparison.movedIntoTestCount > 0 && (
        <p className={styles.hint}>
          {second.name} goes on from {first.name}, so it has seen {countText(comparison.movedIntoTestCount)} of its own
          test images: its score looks better than it is.
        </p>
      )}
    </>
  );
}

function Contrast({ first, second }: ComparedRunsProps) {
  const contrast = settingsContrast(first, second);
  if (contrast.length === 0) {
    const sameData = first.datasetFingerprint === second.datasetFingerprint;
    return (
      <p className={styles.hint}>
        Both had the same settings{sameData ? ' and the same images and labels' : '; images, labels or split differ'}.
      </p>
    );
  }
  return (
    <table className={styles.contrast}>
      <caption>What was done differently</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{first.name}</th>
          <th scope="col">{second.name}</th>
        </tr>
      </thead>
      <tbody>
        {contrast.map((pair) => (
          <tr key={pair.label}>
            <th scope="row">{pair.label}</th>
            <td>{pair.first}</td>
            <td>{pair.second}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
