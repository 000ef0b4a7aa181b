import { useMemo, useState } from 'react';
import { besidePriorText } from '../../domain/prior-run.ts';
import type { Run } from '../../domain/run.ts';
import type { SearchRecord } from '../../domain/search-record.ts';
import { testInterval } from '../../domain/test-interval.ts';
import type { AppState } from '../../state/app-state.ts';
import { intervalWords } from '../../ui/accuracy-words.ts';
import { Button } from '../../ui/Button.tsx';
import { ParallelPlot } from '../../ui/chart/ParallelPlot.tsx';
import { countOf, percentText } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import { useCurrentRun } from '../use-current-run.ts';
import { SearchTable } from './SearchTable.tsx';
import { searchPlot } from './search-axes.ts';
import { searchRows, searchWords, valueText, variedSettings } from './search-rows.ts';
import styles from './TuneTab.module.css';

interface SearchResultsProps {
  readonly record: SearchRecord;
  /** Images of the validation part; null when they are not those of the search any more. */
  readonly imageCount: number | null;
}

/** What a search found: in words, as lines through all settings, and in numbers. */
export function SearchResults({ record, imageCount }: SearchResultsProps) {
  const { downloadBlob } = useCommands();
  const [pointed, setPointed] = useState<string | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const rows = useMemo(() => searchRows(record), [record]);
  const varied = useMemo(() => variedSettings(record), [record]);
  const plot = useMemo(() => searchPlot(record, varied, rows), [record, varied, rows]);
  const words = useMemo(() => searchWords(rows, imageCount), [rows, imageCount]);
  const failures = record.results.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const lit = pointed ?? picked;
  const pick = (key: string) => setPicked(picked === key ? null : key);
  if (rows.length === 0) return failures.length === 0 ? null : <Failures reasons={failures} />;
  const table = [
    ['', ...varied.map(({ label }) => label), 'Validation accuracy in %'],
    ...rows.map(({ rank, change, accuracyRatio }) => [
      rank,
      ...varied.map((setting) => valueText(setting, change[setting.key])),
      Number((accuracyRatio * 100).toFixed(1)),
    ]),
  ];
  return (
    <>
      <div className={styles.words}>
        {words.map((sentence, index) => (
          <p key={sentence} className={index === 0 ? styles.lead : undefined}>
            {sentence}
          </p>
        ))}
        <TestSentence record={record} />
      </div>
      <ParallelPlot
        title="Settings against validation accuracy"
        description={`Every line is one try, through its settings to its accuracy. ${words.join(' ')} The table below has every figure.`}
        axes={plot.axes}
        lines={plot.lines}
        litKey={lit}
        onPoint={setPointed}
        onPick={pick}
        table={table}
        fileName="settings-searched"
        onSave={downloadBlob}
      />
      <SearchTable
        record={record}
        rows={rows}
        varied={varied}
        imageCount={imageCount}
        litKey={lit}
        pickedKey={picked}
        onPoint={setPointed}
        onPick={pick}
      />
      {failures.length > 0 && <Failures reasons={failures} />}
    </>
  );
}

function Failures({ reasons }: { readonly reasons: readonly string[] }) {
  return (
    <p className={styles.note}>
      {countOf(reasons.length, 'try', 'tries')} could not be trained: {[...new Set(reasons)].join(' ')}
    </p>
  );
}

const selectRuns = (state: AppState) => state.runs;

/** What the one test at the end gave, and why it is the figure to believe. */
function TestSentence({ record: { runId } }: Pick<SearchResultsProps, 'record'>) {
  const run = useApp(selectRuns).find(({ id }) => id === runId);
  if (runId === null) return <p className={styles.note}>The test images have not been touched by this search.</p>;
  if (run === undefined) return <p className={styles.note}>The run with the best settings was deleted.</p>;
  const { testCount } = run.scores;
  const interval = testInterval(run.scores);
  if (interval === null) {
    return (
      <>
        <p className={styles.note}>
          There are no test images. The validation figure of the best is flattered by having been chosen.
        </p>
        <BestRun run={run} />
      </>
    );
  }
  return (
    <>
      <p>
        The test images were touched once, at the end, for the best settings ({run.name}):{' '}
        <strong>{percentText(interval.ratio, 1)}</strong> of {testCount} right, {intervalWords(interval)}. Believe this
        figure rather than the validation one, which is flattered by having been chosen.
      </p>
      <BestRun run={run} />
    </>
  );
}

/** Whether the model with the best settings is in use, how it did beside the one that is, and the way to use it. */
function BestRun({ run }: { readonly run: Run }) {
  const commands = useCommands();
  const isInUse = useCurrentRun()?.id === run.id;
  const prior = useApp(selectRuns).find(({ id }) => id === run.prior?.runId);
  if (isInUse) return <p className={styles.note}>{run.name} is in use.</p>;
  const beside = run.prior === null || prior === undefined ? null : besidePriorText(run.prior, prior.name);
  return (
    <div className={styles.actions}>
      {/* biome-ignore lint/correctness/useHookAtTopLevel: a command called "use", not a hook */}
      <Button size="small" onPress={() => void commands.useRun(run.id)}>
        Use this model
      </Button>
      <p className={styles.note}>The model in use has stayed the same. {beside}</p>
    </div>
  );
}
