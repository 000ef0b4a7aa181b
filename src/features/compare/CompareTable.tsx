import { useMemo } from 'react';
import type { ComparisonRow, Measured } from '../../domain/comparison.ts';
import { bestNetworkIds, outcomeAccuracy, transferOf } from '../../domain/comparison-scores.ts';
import { transferText } from '../../domain/comparison-words.ts';
import type { AppState } from '../../state/app-state.ts';
import { jobOf } from '../../state/job-selectors.ts';
import { AccuracyFigure } from '../../ui/AccuracyFigure.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { countText, durationText, sizeText } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './CompareTable.module.css';

const selectCurrentId = (state: AppState) => state.backbones.current?.id ?? null;
const selectIsBusy = (state: AppState) => jobOf(state, 'comparison') !== undefined;
const selectEntries = (state: AppState) => state.backbones.entries;

type FigureKey = Exclude<keyof Measured, 'kind' | 'outcomes'>;

function figure(
  key: FigureKey,
  label: string,
  text: (value: number) => string,
  isEmpty: (row: ComparisonRow) => boolean = () => false,
): DataColumn<ComparisonRow> {
  const value = (row: ComparisonRow) => (row.result.kind === 'measured' && !isEmpty(row) ? row.result[key] : null);
  const cell = (row: ComparisonRow) => {
    const found = value(row);
    return <span className={styles.figure}>{found === null ? '-' : text(found)}</span>;
  };
  return { key, label, numeric: true, value, cell };
}

const msText = (ms: number) => `${ms < 10 ? ms.toFixed(1) : countText(Math.round(ms))}\u00a0ms`;
const secondsText = (ms: number) => (ms < 1000 ? msText(ms) : durationText(ms / 1000));
const isNoNetwork = ({ kind }: ComparisonRow) => kind === 'pixels';
const isNoDownload = ({ kind }: ComparisonRow) => kind !== 'network';

const FIGURES: readonly DataColumn<ComparisonRow>[] = [
  figure('batchMs', 'Per image', msText),
  figure('singleMs', 'Single image', msText),
  figure('headMs', 'Quick head', secondsText),
  figure('loadMs', 'Load', secondsText, isNoNetwork),
  figure('heldBytes', 'Memory', sizeText, isNoNetwork),
  figure('downloadBytes', 'Download', sizeText, isNoDownload),
  figure('parameterCount', 'Parameters', countText, isNoNetwork),
  figure('featureLength', 'Features', countText),
];

function accuracyOf({ result }: ComparisonRow) {
  return result.kind === 'measured' ? outcomeAccuracy(result.outcomes) : null;
}

/** Every row with its figures, its verdict, and the way to put it to use. */
export function CompareTable({ rows }: { readonly rows: readonly ComparisonRow[] }) {
  const columns = useMemo((): readonly DataColumn<ComparisonRow>[] => {
    const best = bestNetworkIds(rows);
    return [
      {
        key: 'name',
        label: 'Network',
        value: ({ name }) => name,
        cell: (row) => <NameCell row={row} rows={rows} isBest={best.has(row.id)} />,
      },
      {
        key: 'accuracy',
        label: 'Accuracy',
        numeric: true,
        value: (row) => accuracyOf(row)?.ratio ?? null,
        cell: (row) => <AccuracyFigure accuracy={accuracyOf(row)} />,
      },
      ...FIGURES,
    ];
  }, [rows]);
  return (
    <DataTable
      caption="Networks compared on these photos"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      initialSort={{ key: 'accuracy', descending: true }}
    />
  );
}

interface NameCellProps {
  readonly row: ComparisonRow;
  readonly rows: readonly ComparisonRow[];
  readonly isBest: boolean;
}

function NameCell({ row, rows, isBest }: NameCellProps) {
  const { result } = row;
  const verdict = result.kind === 'measured' && row.kind === 'network' ? transferOf({ ...row, result }, rows) : null;
  const text = verdict === null ? null : transferText(verdict);
  return (
    <div className={styles.name}>
      <span className={styles.line}>
        {row.name}
        {row.kind !== 'network' && <Badge>no pretraining</Badge>}
        {isBest && <Badge tone="accent">best trade-off</Badge>}
        {row.kind === 'network' && <UseNetwork row={row} />}
      </span>
      {result.kind === 'failed' && <span className={styles.failure}>Not measured: {result.reason}</span>}
      {text !== null && <span className={verdict?.kind === 'helps' ? styles.verdict : styles.doubt}>{text}</span>}
    </div>
  );
}

function UseNetwork({ row }: { readonly row: ComparisonRow }) {
  const commands = useCommands();
  const currentId = useApp(selectCurrentId);
  const isBusy = useApp(selectIsBusy);
  const isThere = useApp(selectEntries).some(({ manifest }) => manifest.id === row.id);
  if (row.id === currentId) return <Badge tone="accent">in use</Badge>;
  const reason = isBusy ? 'Networks are being compared.' : isThere ? null : 'This network is not here any more.';
  return (
    <Button
      size="small"
      aria-label={`Use ${row.name}`}
      disabledReason={reason}
      // biome-ignore lint/correctness/useHookAtTopLevel: a command called "use", not a hook
      onPress={() => void commands.useBackbone(row.id)}
    >
      Use
    </Button>
  );
}
