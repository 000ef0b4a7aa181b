import { useMemo } from 'react';
import type { SearchRecord } from '../../domain/search-record.ts';
import type { Setting } from '../../domain/settings.ts';
import type { AppState } from '../../state/app-state.ts';
import { AccuracyFigure } from '../../ui/AccuracyFigure.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { durationText, percentText } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './SearchTable.module.css';
import { accuracyInterval, isInForm, type SearchRow, settingsOfRow, valueText } from './search-rows.ts';

interface SearchTableProps {
  readonly record: SearchRecord;
  readonly rows: readonly SearchRow[];
  readonly varied: readonly Setting[];
  readonly imageCount: number | null;
  /** Candidate that is singled out here and in the drawing. */
  readonly litKey: string | null;
  readonly pickedKey: string | null;
  readonly onPoint: (key: string | null) => void;
  readonly onPick: (key: string) => void;
}

/** Every try with its settings and scores; the twin of the drawing for keyboards and readers. */
export function SearchTable(props: SearchTableProps) {
  const { record, rows, varied, imageCount, litKey, pickedKey, onPoint, onPick } = props;
  const columns = useMemo(
    (): readonly DataColumn<SearchRow>[] => [
      {
        key: 'rank',
        label: 'Rank',
        value: ({ rank }) => rank,
        cell: (row) => <RankCell row={row} litKey={litKey} pickedKey={pickedKey} onPick={onPick} />,
      },
      ...figureColumns(imageCount),
      ...varied.map(settingColumn),
      ...costColumns(record),
      {
        key: 'use',
        label: 'Use these settings',
        cell: (row) => <UseSettings record={record} row={row} />,
      },
    ],
    [record, varied, imageCount, litKey, pickedKey, onPick],
  );
  const point = (target: EventTarget) => onPoint(target instanceof Element ? keyOfRow(target) : null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only lights up the line of the row; the rank's button does it for good.
    <div
      className={styles.table}
      onPointerOver={({ target }) => point(target)}
      onPointerLeave={() => onPoint(null)}
      onFocus={({ target }) => point(target)}
      onBlur={() => onPoint(null)}
    >
      <DataTable
        caption="Settings tried"
        columns={columns}
        rows={rows}
        rowKey={({ candidateIndex }) => String(candidateIndex)}
        initialSort={{ key: 'rank', descending: false }}
        isBounded
      />
    </div>
  );
}

/** Which candidate the row around an element is of. */
function keyOfRow(element: Element): string | null {
  return element.closest('tr')?.querySelector('[data-candidate]')?.getAttribute('data-candidate') ?? null;
}

function figureColumns(imageCount: number | null): DataColumn<SearchRow>[] {
  return [
    {
      key: 'accuracy',
      label: 'Validation accuracy',
      numeric: true,
      value: ({ accuracyRatio }) => accuracyRatio,
      cell: ({ accuracyRatio }) => {
        const interval = accuracyInterval(accuracyRatio, imageCount);
        return interval === null ? percentText(accuracyRatio, 1) : <AccuracyFigure accuracy={interval} />;
      },
    },
    {
      key: 'loss',
      label: 'Loss',
      numeric: true,
      value: ({ result }) => result.validationLoss,
      cell: ({ result }) => result.validationLoss?.toFixed(3) ?? '-',
    },
  ];
}

function settingColumn(setting: Setting): DataColumn<SearchRow> {
  return {
    key: setting.key,
    label: setting.label,
    numeric: setting.kind === 'number',
    value: ({ change }) => {
      const value = change[setting.key] ?? null;
      return typeof value === 'number' ? value : valueText(setting, value ?? undefined);
    },
    cell: ({ change }) => valueText(setting, change[setting.key]),
  };
}

function costColumns({ plan, results }: SearchRecord): DataColumn<SearchRow>[] {
  const stages: DataColumn<SearchRow> = {
    key: 'stages',
    label: 'Stages',
    value: ({ result }) => stagesText(result),
  };
  const round: DataColumn<SearchRow> = {
    key: 'round',
    label: 'Rounds',
    numeric: true,
    value: ({ result }) => result.rung + 1,
  };
  return [
    ...(results.some(({ stagesKept }) => stagesKept !== null) ? [stages] : []),
    ...(plan.method === 'halving' ? [round] : []),
    { key: 'trained', label: 'Epochs run', numeric: true, value: ({ result }) => result.epochCount },
    {
      key: 'seconds',
      label: 'Time',
      numeric: true,
      value: ({ result }) => result.elapsedMs,
      cell: ({ result }) => <span className={styles.time}>{secondsText(result.elapsedMs / 1000)}</span>,
    },
  ];
}

/** What became of the stages a try trained: kept only where the validation images show that they help. */
function stagesText({ stagesKept }: SearchRow['result']): string {
  if (stagesKept === null) return 'frozen';
  return stagesKept ? 'kept' : 'not kept';
}

function secondsText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)}\u00a0s` : durationText(seconds);
}

type RankCellProps = Pick<SearchTableProps, 'litKey' | 'pickedKey' | 'onPick'> & { readonly row: SearchRow };

function RankCell({ row, litKey, pickedKey, onPick }: RankCellProps) {
  const key = String(row.candidateIndex);
  return (
    <span className={styles.rank} data-candidate={key} data-lit={litKey === key || undefined}>
      <button
        type="button"
        className={styles.pick}
        aria-pressed={pickedKey === key}
        aria-label={`${row.rank}: single out in the drawing`}
        title="Single out in the drawing"
        onClick={() => onPick(key)}
      >
        {row.rank}
      </button>
      {row.rank === 1 && <Badge tone="accent">best</Badge>}
    </span>
  );
}

const selectSettings = (state: AppState) => state.project?.settings ?? null;

/** Puts the settings of a row into the form. The button stays where it is, so that the keyboard does. */
function UseSettings({ record, row }: { readonly record: SearchRecord; readonly row: SearchRow }) {
  const { changeSettings } = useCommands();
  const now = useApp(selectSettings);
  if (now === null) return null;
  const wanted = settingsOfRow(now, record, row);
  const isUsed = isInForm(now, wanted);
  return (
    <Button
      size="small"
      aria-label={isUsed ? `In the form: settings ${row.rank}` : `Use these settings: ${row.rank}`}
      disabledReason={isUsed ? 'The form under Train holds these settings.' : null}
      onPress={() => changeSettings(wanted)}
    >
      {isUsed ? 'In the form' : 'Use these settings'}
    </Button>
  );
}
