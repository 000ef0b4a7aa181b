import { ChevronDown, ChevronUp } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import styles from './DataTable.module.css';
import { IconButton } from './IconButton.tsx';
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
  /** Shown from this width on, px; below it, what unfolds under the row should say it. */
  readonly from?: 640 | 1280;
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
  /** Rows that stand first whatever the order. */
  readonly isFirst?: (row: Row) => boolean;
  /** What unfolds under a row. */
  readonly details?: RowDetails<Row>;
  /** True: the table scrolls by itself once it is long, its header stays. */
  readonly isBounded?: boolean;
}

interface RowDetails<Row> {
  /** Names the button that unfolds it: "Details of Run 1". */
  readonly label: (row: Row) => string;
  readonly content: (row: Row) => ReactNode;
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
  const { caption, captionShown = false, columns, rows, rowKey, initialSort, isFirst, details } = props;
  const [sort, setSort] = useState<TableSort | null>(initialSort ?? null);
  const [shownCount, setShownCount] = useState(ROWS_AT_FIRST);
  const sorted = useMemo(() => {
    const column = columns.find((candidate) => candidate.key === sort?.key);
    const inOrder = sortRows(rows, column, sort?.descending ?? false);
    return isFirst === undefined ? inOrder : inOrder.toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  }, [rows, columns, sort, isFirst]);
  const hiddenCount = sorted.length - shownCount;

  return (
    <section
      className={styles.frame}
      data-bounded={props.isBounded || undefined}
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable to be scrolled by keyboard.
      tabIndex={0}
    >
      <table className={styles.table}>
        <caption className={captionShown ? styles.caption : styles.hiddenCaption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} onSort={setSort} />
            ))}
            {details !== undefined && (
              <th scope="col">
                <VisuallyHidden>Details</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shownCount).map((row) => (
            <DataRow key={rowKey(row)} row={row} columns={columns} details={details} />
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

interface DataRowProps<Row> {
  readonly row: Row;
  readonly columns: readonly DataColumn<Row>[];
  readonly details: RowDetails<Row> | undefined;
}

function DataRow<Row>({ row, columns, details }: DataRowProps<Row>) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <tr>
        {columns.map((column) => (
          <td key={column.key} data-numeric={column.numeric || undefined} data-from={column.from}>
            {column.cell === undefined ? plainText(column, row) : column.cell(row)}
          </td>
        ))}
        {details !== undefined && (
          <td>
            <IconButton
              size="small"
              label={details.label(row)}
              icon={isOpen ? <ChevronUp /> : <ChevronDown />}
              isExpanded={isOpen}
              onPress={() => setIsOpen(!isOpen)}
            />
          </td>
        )}
      </tr>
      {isOpen && details !== undefined && (
        <tr>
          <td colSpan={columns.length + 1} className={styles.details}>
            {details.content(row)}
          </td>
        </tr>
      )}
    </>
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
      <th scope="col" data-from={column.from}>
        <VisuallyHidden>{column.label}</VisuallyHidden>
      </th>
    );
  }
  const active = sort?.key === column.key ? sort : null;
  const direction = active === null ? 'none' : active.descending ? 'descending' : 'ascending';
  const descending = active === null ? column.numeric === true : !active.descending;
  const Icon = active?.descending ? ChevronDown : ChevronUp;
  return (
    <th scope="col" aria-sort={direction} data-numeric={column.numeric || undefined} data-from={column.from}>
      <button type="button" className={styles.sort} onClick={() => onSort({ key: column.key, descending })}>
        {column.label}
        <Icon size={14} aria-hidden data-active={active !== null || undefined} />
      </button>
    </th>
  );
}
