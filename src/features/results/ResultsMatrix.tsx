import { useMemo, useState } from 'react';
import type { ClassLabel } from '../../domain/dataset.ts';
import type { PartScores } from '../../domain/metrics/scores.ts';
import { ConfusionMatrix, type MatrixNumbers } from '../../ui/ConfusionMatrix.tsx';
import { SegmentedChoice } from '../../ui/SegmentedChoice.tsx';
import { MATRIX_NUMBERS } from './matrix-numbers.ts';
import type { PartWords } from './part-words.ts';
import styles from './ResultsTab.module.css';

interface ResultsMatrixProps {
  readonly classes: readonly ClassLabel[];
  readonly scores: PartScores;
  readonly words: PartWords;
  readonly onCell: (actualIndex: number, predictedIndex: number) => void;
  readonly onRow: (actualIndex: number) => void;
}

/** The confusion matrix of a part; cells and row names open their images. */
export function ResultsMatrix({ classes, scores, words, onCell, onRow }: ResultsMatrixProps) {
  const [numbers, setNumbers] = useState<MatrixNumbers>('counts');
  const names = useMemo(() => classes.map((label) => label.name), [classes]);
  const colors = useMemo(() => classes.map((label) => label.colorIndex), [classes]);
  const counts = useMemo(() => [...scores.matrix.counts], [scores]);
  return (
    <section className={styles.matrix}>
      <header className={styles.sectionHead}>
        <h3>Confusion matrix</h3>
        <SegmentedChoice label="Numbers in the matrix" value={numbers} options={MATRIX_NUMBERS} onChange={setNumbers} />
      </header>
      <p className={styles.hint}>Blue is right, orange is wrong. Press a cell or a class to see its images.</p>
      <ConfusionMatrix
        label={`${words.name} images`}
        classNames={names}
        classColorIndices={colors}
        counts={counts}
        numbers={numbers}
        onCell={onCell}
        onRow={onRow}
      />
    </section>
  );
}
