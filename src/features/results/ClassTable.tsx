import { useMemo } from 'react';
import type { ClassLabel } from '../../domain/dataset.ts';
import type { ClassScore, PartScores } from '../../domain/metrics/scores.ts';
import { classColor } from '../../ui/class-color.ts';
import { type DataColumn, DataTable } from '../../ui/DataTable.tsx';
import { percentText } from '../../ui/number-text.ts';
import type { PartWords } from './part-words.ts';
import styles from './ResultsTab.module.css';

interface ClassTableProps {
  readonly classes: readonly ClassLabel[];
  readonly scores: PartScores;
  readonly words: PartWords;
  /** Opens the images of a class. */
  readonly onOpen: (classIndex: number) => void;
}

const SCORE_COLUMNS: readonly DataColumn<ClassScore>[] = [
  { key: 'support', label: 'Images', numeric: true, value: (score) => score.supportCount },
  ratioColumn('precision', 'Precision', (score) => (score.precisionDefined ? score.precisionRatio : null)),
  ratioColumn('recall', 'Recall', (score) => (score.recallDefined ? score.recallRatio : null)),
  ratioColumn('f1', 'F1', (score) => (score.f1Defined ? score.f1Ratio : null)),
];

function ratioColumn(key: string, label: string, value: (score: ClassScore) => number | null): DataColumn<ClassScore> {
  return { key, label, numeric: true, value, cell: (score) => percentText(value(score), 1) };
}

/** Scores of every class; what cannot be computed is a dash, explained below. */
export function ClassTable({ classes, scores, words, onOpen }: ClassTableProps) {
  const columns = useMemo((): readonly DataColumn<ClassScore>[] => {
    const nameOf = (score: ClassScore) => classes[score.classIndex]?.name ?? '';
    const color = (score: ClassScore) => classColor(classes[score.classIndex]?.colorIndex ?? score.classIndex);
    const name: DataColumn<ClassScore> = {
      key: 'name',
      label: 'Class',
      value: nameOf,
      cell: (score) => (
        <button type="button" className={styles.className} onClick={() => onOpen(score.classIndex)}>
          <span className={styles.swatch} style={{ background: color(score) }} />
          {nameOf(score)}
        </button>
      ),
    };
    return [name, ...SCORE_COLUMNS];
  }, [classes, onOpen]);
  const someUndefined = scores.classes.some((score) => !score.precisionDefined || !score.recallDefined);

  return (
    <section className={styles.classTable}>
      <h3>Scores of every class</h3>
      <p className={styles.hint}>
        Precision: how many of the images called this class are of it. Recall: how many images of this class were found.
        F1: both in one figure.
      </p>
      <DataTable
        caption={`Scores of every class on ${words.adjective} images`}
        columns={columns}
        rows={scores.classes}
        rowKey={(score) => String(score.classIndex)}
      />
      {someUndefined && (
        <p className={styles.hint}>
          A dash means there is nothing to divide by: no image was called this class (precision), or this part has no
          image of it (recall). In the averages it counts as 0; a class that is neither there nor predicted is left out.
        </p>
      )}
    </section>
  );
}
