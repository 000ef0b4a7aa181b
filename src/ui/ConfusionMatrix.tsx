import { type CSSProperties, type KeyboardEvent, memo, useState } from 'react';
import styles from './ConfusionMatrix.module.css';
import { classColor } from './class-color.ts';
import { percentText } from './number-text.ts';

export type MatrixNumbers = 'counts' | 'row-percent';

interface ConfusionMatrixProps {
  /** What the numbers count, for example "Validation images". Read aloud as the name of the matrix. */
  readonly label: string;
  readonly classNames: readonly string[];
  readonly classColorIndices: readonly number[];
  /** [classCount x classCount] row major; rows are the actual class, columns the predicted one. */
  readonly counts: readonly number[];
  readonly numbers: MatrixNumbers;
  /** Opens the images of a cell; without it the cells are not clickable. */
  readonly onCell?: (actualIndex: number, predictedIndex: number) => void;
  /** Opens every image of one actual class. */
  readonly onRow?: (actualIndex: number) => void;
}

interface Position {
  readonly row: number;
  readonly column: number;
}

/** Smaller cells for more classes, so that 50 still fit a wide screen. */
function cellSizePx(classCount: number): number {
  if (classCount <= 6) return 60;
  if (classCount <= 12) return 44;
  if (classCount <= 25) return 32;
  return 24;
}

const MOVES: Readonly<Record<string, (at: Position, last: number) => Position>> = {
  ArrowUp: (at) => ({ ...at, row: at.row - 1 }),
  ArrowDown: (at) => ({ ...at, row: at.row + 1 }),
  ArrowLeft: (at) => ({ ...at, column: at.column - 1 }),
  ArrowRight: (at) => ({ ...at, column: at.column + 1 }),
  Home: (at) => ({ ...at, column: 0 }),
  End: (at, last) => ({ ...at, column: last }),
};

/**
 * Actual classes as rows, predicted ones as columns. One stop of the Tab key; the arrow keys walk the cells, Enter opens one.
 * Right answers and mistakes have different hues, and the share of the row sets the strength.
 */
export function ConfusionMatrix(props: ConfusionMatrixProps) {
  const { label, classNames, classColorIndices, counts, numbers, onCell, onRow } = props;
  const [active, setActive] = useState<Position>({ row: 0, column: 0 });
  const last = classNames.length - 1;

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const move = MOVES[event.key];
    if (move === undefined || !(event.target instanceof HTMLElement) || event.target.dataset.cell === undefined) return;
    event.preventDefault();
    const to = move(active, last);
    if (to.row < 0 || to.column < 0 || to.row > last || to.column > last) return;
    setActive(to);
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${to.row}-${to.column}"]`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable to be scrolled by keyboard.
    <section className={styles.frame} aria-label={`${label}: confusion matrix`} tabIndex={0}>
      <table
        className={styles.matrix}
        style={{ '--cell': `${cellSizePx(classNames.length)}px` } as CSSProperties}
        onKeyDown={onKeyDown}
      >
        <caption className={styles.caption}>{label}. Rows are the actual class, columns the predicted one.</caption>
        <thead>
          <tr>
            <td className={styles.corner} />
            <th scope="colgroup" colSpan={classNames.length} className={styles.axis}>
              Predicted
            </th>
          </tr>
          <tr>
            <th scope="col" className={styles.actual}>
              Actual
            </th>
            {classNames.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a class here.
              <th scope="col" key={index} className={styles.columnName} title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classNames.map((name, row) => (
            <MatrixRow
              // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a class here.
              key={row}
              row={row}
              name={name}
              color={classColor(classColorIndices[row] ?? row)}
              classNames={classNames}
              cells={counts.slice(row * classNames.length, (row + 1) * classNames.length)}
              numbers={numbers}
              activeColumn={active.row === row ? active.column : null}
              onActive={setActive}
              onCell={onCell}
              onRow={onRow}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface MatrixRowProps {
  readonly row: number;
  readonly name: string;
  readonly color: string;
  readonly classNames: readonly string[];
  readonly cells: readonly number[];
  readonly numbers: MatrixNumbers;
  readonly activeColumn: number | null;
  readonly onActive: (at: Position) => void;
  readonly onCell: ConfusionMatrixProps['onCell'];
  readonly onRow: ConfusionMatrixProps['onRow'];
}

/** Rows compare their numbers, so a live matrix redraws only what changed. */
const MatrixRow = memo(
  function MatrixRow(props: MatrixRowProps) {
    const { row, name, color, cells, onRow } = props;
    const total = cells.reduce((sum, count) => sum + count, 0);
    const heading = (
      <>
        <span className={styles.swatch} style={{ background: color }} />
        <span className={styles.rowText}>{name}</span>
      </>
    );
    return (
      <tr>
        <th scope="row" className={styles.rowName} title={name}>
          {onRow === undefined || total === 0 ? (
            <span className={styles.rowLabel}>{heading}</span>
          ) : (
            <button type="button" className={styles.rowLabel} onClick={() => onRow(row)}>
              {heading}
            </button>
          )}
        </th>
        {cells.map((count, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a class here.
          <td key={column}>
            <MatrixCell {...props} column={column} count={count} shareRatio={total === 0 ? 0 : count / total} />
          </td>
        ))}
      </tr>
    );
  },
  (before, after) =>
    before.name === after.name &&
    before.color === after.color &&
    before.numbers === after.numbers &&
    before.classNames === after.classNames &&
    before.activeColumn === after.activeColumn &&
    before.onCell === after.onCell &&
    before.onRow === after.onRow &&
    before.cells.every((count, index) => count === after.cells[index]),
);

interface MatrixCellProps extends MatrixRowProps {
  readonly column: number;
  readonly count: number;
  readonly shareRatio: number;
}

/**
 * Percent of the hue over the ground, at most 60 so that the text keeps its contrast in light and dark.
 * Mistakes go by the square root of their share: a few among many right answers should still be seen.
 */
function strengthPercent(shareRatio: number, right: boolean): number {
  return Math.round(60 * (right ? shareRatio : Math.sqrt(shareRatio)));
}

function MatrixCell(props: MatrixCellProps) {
  const { row, column, count, shareRatio, name, classNames, numbers, activeColumn, onActive, onCell } = props;
  const shown = count === 0 ? '' : numbers === 'counts' ? String(count) : Math.round(shareRatio * 100);
  return (
    <button
      type="button"
      className={styles.cell}
      data-cell={`${row}-${column}`}
      data-right={row === column || undefined}
      tabIndex={activeColumn === column ? 0 : -1}
      aria-disabled={onCell === undefined || count === 0 || undefined}
      aria-label={`Actual ${name}, predicted ${classNames[column] ?? ''}: ${count}, ${percentText(shareRatio)} of the row`}
      title={`${name} taken for ${classNames[column] ?? ''}: ${count} (${percentText(shareRatio)})`}
      style={{ '--strength': `${strengthPercent(shareRatio, row === column)}%` } as CSSProperties}
      onFocus={() => onActive({ row, column })}
      onClick={() => count > 0 && onCell?.(row, column)}
    >
      {shown}
    </button>
  );
}
