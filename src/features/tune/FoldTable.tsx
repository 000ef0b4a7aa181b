import { useMemo } from 'react';
import { type CrossValidation, type FoldScores, type Spread, spreadOf } from '../../domain/cross-validation.ts';
import type { ClassLabel } from '../../domain/dataset.ts';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { percentText } from '../../ui/number-text.ts';
import styles from './FoldTable.module.css';

interface FoldTableProps {
  readonly crossValidation: CrossValidation;
  readonly classes: readonly ClassLabel[];
}

interface ScoreRow {
  readonly key: string;
  readonly name: string;
  /** Accuracy belongs to all classes together. */
  readonly accuracy: Spread | null;
  readonly precision: Spread | null;
  readonly recall: Spread | null;
  readonly f1: Spread | null;
}

function column(key: 'accuracy' | 'precision' | 'recall' | 'f1', label: string): DataColumn<ScoreRow> {
  return {
    key,
    label,
    numeric: true,
    value: (row) => row[key]?.meanRatio ?? null,
    cell: (row) => <SpreadFigure spread={row[key]} />,
  };
}

const COLUMNS: readonly DataColumn<ScoreRow>[] = [
  { key: 'name', label: 'Class', value: ({ name }) => name },
  column('accuracy', 'Accuracy'),
  column('precision', 'Precision'),
  column('recall', 'Recall'),
  column('f1', 'F1'),
];

/** Mean and spread of every score over the folds: all classes together, then each. */
export function FoldTable({ crossValidation, classes }: FoldTableProps) {
  const rows = useMemo(() => scoreRows(crossValidation, classes), [crossValidation, classes]);
  return (
    <DataTable
      caption="Scores over the folds, mean and spread"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ key }) => key}
      isFirst={isAll}
      isBounded
    />
  );
}

const ALL = 'all';
const isAll = ({ key }: ScoreRow) => key === ALL;

function scoreRows(crossValidation: CrossValidation, classes: readonly ClassLabel[]): ScoreRow[] {
  const spread = (ratioOf: (fold: FoldScores) => number | undefined) => spreadOf(crossValidation, ratioOf);
  const together: ScoreRow = {
    key: ALL,
    name: 'All classes, each counting the same',
    accuracy: spread((fold) => fold.accuracyRatio),
    precision: spread((fold) => fold.macroPrecisionRatio),
    recall: spread((fold) => fold.macroRecallRatio),
    f1: spread((fold) => fold.macroF1Ratio),
  };
  const each = classes.map(
    ({ id, name }, index): ScoreRow => ({
      key: id,
      name,
      accuracy: null,
      precision: spread((fold) => fold.precisionRatios[index]),
      recall: spread((fold) => fold.recallRatios[index]),
      f1: spread((fold) => fold.f1Ratios[index]),
    }),
  );
  return [together, ...each];
}

function SpreadFigure({ spread }: { readonly spread: Spread | null }) {
  if (spread === null) return '-';
  return (
    <span className={styles.figure}>
      {percentText(spread.meanRatio, 1)}{' '}
      <span className={styles.spread}>± {(spread.spreadRatio * 100).toFixed(1)}</span>
    </span>
  );
}
