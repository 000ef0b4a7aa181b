import { LineChart as ChartIcon, FileDown, ImageDown, Table2 } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { toCsv } from '../../domain/csv.ts';
import styles from './ChartFrame.module.css';
import { type ChartData, type ChartUnit, chartRows, chartValueText } from './chart-data.ts';
import { svgToPng } from './svg-to-png.ts';

interface ChartFrameProps {
  readonly title: string;
  readonly unit: ChartUnit;
  /** One sentence for those who do not see the drawing: what the lines say. */
  readonly description: string;
  /** Every point, before any reduction: for the table and the CSV file. */
  readonly data: ChartData;
  /** In place of `data` for the table and the CSV file: a header and its rows, where x alone does not name a row. */
  readonly table?: readonly (readonly (string | number)[])[];
  /** Height of the drawing and of the table in its place, px; 220 when absent. */
  readonly heightPx?: number;
  /** Name of saved files without their ending. */
  readonly fileName: string;
  readonly onSave: (fileName: string, blob: Blob) => void;
  /** The drawing, holding one `<svg>`. */
  readonly children: ReactNode;
  /** Below the drawing and the table; part of the picture through `data.lines`. */
  readonly legend: ReactNode;
}

/** Title, unit, table view and saving around a chart. Its height does not change with what it shows. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, unit, description, data, table, heightPx, fileName, onSave, children, legend } = props;
  const [tableShown, setTableShown] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const drawing = useRef<HTMLDivElement>(null);
  const titleId = useId();

  const savePng = async () => {
    const svg = drawing.current?.querySelector('svg');
    if (!(svg instanceof SVGSVGElement)) return;
    try {
      onSave(`${fileName}.png`, await svgToPng(svg, { title, lines: data.lines }));
      setFailure(null);
    } catch (error) {
      setFailure(
        `${error instanceof Error ? error.message : 'The picture could not be made.'} The CSV file still works.`,
      );
    }
  };
  const saveCsv = () => onSave(`${fileName}.csv`, new Blob([toCsv(table ?? chartRows(data))], { type: 'text/csv' }));

  return (
    <figure className={styles.frame} aria-labelledby={titleId}>
      <figcaption className={styles.head}>
        <span id={titleId} className={styles.title}>
          {title}
          <span className={styles.unit}>{unit === 'ratio' ? ' in %' : ''}</span>
        </span>
        <span className={styles.tools}>
          <button
            type="button"
            className={styles.tool}
            aria-pressed={tableShown}
            title={tableShown ? 'Show the chart' : 'Show as a table'}
            onClick={() => setTableShown(!tableShown)}
          >
            {tableShown ? <ChartIcon size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
            <span className={styles.word}>{tableShown ? 'Chart' : 'Table'}</span>
          </button>
          {!tableShown && (
            <button type="button" className={styles.tool} title="Save as a picture" onClick={savePng}>
              <ImageDown size={15} aria-hidden />
              <span className={styles.word}>PNG</span>
            </button>
          )}
          <button type="button" className={styles.tool} title="Save the numbers" onClick={saveCsv}>
            <FileDown size={15} aria-hidden />
            <span className={styles.word}>CSV</span>
          </button>
        </span>
      </figcaption>
      {failure !== null && <p role="alert">{failure}</p>}
      {tableShown ? (
        <ChartTable title={title} rows={table ?? shownRows(data, unit)} heightPx={heightPx} />
      ) : (
        <>
          <p className={styles.description}>{description}</p>
          <div ref={drawing} className={styles.drawing} style={{ height: heightPx }} aria-hidden>
            {children}
          </div>
        </>
      )}
      {legend}
    </figure>
  );
}

/** The chart's numbers as they are shown. */
function shownRows(data: ChartData, unit: ChartUnit): (string | number)[][] {
  const header = [data.xLabel, ...data.lines.map(({ label }) => label)];
  const cells = (index: number) => data.lines.map(({ values }) => chartValueText(values[index] ?? null, unit));
  return [header, ...data.x.map((x, index) => [x, ...cells(index)])];
}

interface ChartTableProps {
  readonly title: string;
  /** The header first; the first cell of each row names it. */
  readonly rows: readonly (readonly (string | number)[])[];
  readonly heightPx: number | undefined;
}

function ChartTable({ title, rows: [header = [], ...rows], heightPx }: ChartTableProps) {
  return (
    <section
      className={styles.tableFrame}
      style={{ height: heightPx }}
      aria-label={`${title}, as a table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable to be scrolled by keyboard.
      tabIndex={0}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            {header.map((label, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns neither move nor come and go.
              <th key={column} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name = '', ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns neither move nor come and go.
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
