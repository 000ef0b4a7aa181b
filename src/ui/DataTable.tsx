import { ChevronDown, ChevronUp } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import styles from './DataTable.module.css';
import { VisuallyHidden } from './VisuallyHidden.tsx';

/** One column. `value` is what sorting compares; null sorts last in both directions. Without it the column does not sort. */
export interface DataColumn<Row> {
  readonly key: string;
  /** Read aloud only where the column does not sort. */
  readonly label: string;
  /** Shown in place of the value; the value itself when absent. */
  readonly cell?: (row: Row) => ReactNode;
  readonly value?: (row: Row) => number | string | null;
  readonly numeric?: boolean;
}

export interface TableSort {
  readonly key: string;
  readonly descending: boolean;
}

interface DataTableProps<Row> {
  /** Says what the table holds; read aloud, and shown when `captionShown`. */
  readonly caption: string;
  readonly captionShown?: boolean;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Order of the rows before the first click; as given when absent. */
  readonly initialSort?: TableSort;
}

const ROWS_AT_FIRST = 200;

function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

/** Rows in the wanted order; equal rows keep theirs, null and NaN stay last whatever the direction. */
function sortRows<Row>(rows: readonly Row[], column: DataColumn<Row> | undefined, descending: boolean): readonly Row[] {
  const value = column?.value;
  if (value === undefined) return rows;
  return rows.toSorted((left, right) => {
    const a = value(left);
    const b = value(right);
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
    return descending ? compareValues(b, a) : compareValues(a, b);
  });
}

function isMissing(value: number | string | null): value is null {
  return value === null || Number.isNaN(value);
}

function plainText<Row>(column: DataColumn<Row>, row: Row): string {
  const value = column.value?.(row) ?? null;
  return isMissing(value) ? '-' : String(value);
}

/** A table whose columns sort; long ones show their first 200 rows until more are asked for. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, captionShown = false, columns, rows, rowKey, initialSort } = props;
  const [sort, setSort] = useState<TableSort | null>(initialSort ?? null);
  const [shownCount, setShownCount] = useState(ROWS_AT_FIRST);
  const sorted = useMemo(() => {
    const column = columns.find((candidate) => candidate.key === sort?.key);
    return sortRows(rows, column, sort?.descending ?? false);
  }, [rows, columns, sort]);
  const hiddenCount = sorted.length - shownCount;

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable to be scrolled by keyboard.
    <section className={styles.frame} aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className={captionShown ? styles.caption : styles.hiddenCaption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shownCount).map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} data-numeric={column.numeric || undefined}>
                  {column.cell === undefined ? plainText(column, row) : column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hiddenCount > 0 && (
        <button type="button" className={styles.more} onClick={() => setShownCount((count) => count + ROWS_AT_FIRST)}>
          Show {Math.min(hiddenCount, ROWS_AT_FIRST)} more of {hiddenCount}
        </button>
      )}
    </section>
  );
}

interface HeaderCellProps<Row> {
  readonly column: DataColumn<Row>;
  readonly sort: TableSort | null;
  readonly onSort: (sort: TableSort) => void;
}

/** First click sorts numbers from high to low and words from A to Z; the next one turns it round. */
function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  if (column.value === undefined) {
    return (
      <th scope="col">
        <VisuallyHidden>{column.label}</VisuallyHidden>
      </th>
    );
  }
  const active = sort?.key === column.key ? sort : null;
  const direction = active === null ? 'none' : active.descending ? 'descending' : 'ascending';
  const descending = active === null ? column.numeric === true : !active.descending;
  const Icon = active?.descending ? ChevronDown : ChevronUp;
  return (
    <th scope="col" aria-sort={direction} data-numeric={column.numeric || undefined}>
      <button type="button" className={styles.sort} onClick={() => onSort({ key: column.key, descending })}>
        {column.label}
        <Icon size={14} aria-hidden data-active={active !== null || undefined} />
      </button>
    </th>
  );
}
