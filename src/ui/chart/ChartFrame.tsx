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
  const { title, unit, description, data, fileName, onSave, children, legend } = props;
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
  const saveCsv = () => onSave(`${fileName}.csv`, new Blob([toCsv(chartRows(data))], { type: 'text/csv' }));

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
        <ChartTable title={title} unit={unit} data={data} />
      ) : (
        <>
          <p className={styles.description}>{description}</p>
          <div ref={drawing} className={styles.drawing} aria-hidden>
            {children}
          </div>
        </>
      )}
      {legend}
    </figure>
  );
}

function ChartTable({
  title,
  unit,
  data,
}: {
  readonly title: string;
  readonly unit: ChartUnit;
  readonly data: ChartData;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable to be scrolled by keyboard.
    <section className={styles.tableFrame} aria-label={`${title}, as a table`} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{data.xLabel}</th>
            {data.lines.map((line) => (
              <th key={line.key} scope="col">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.x.map((x, index) => (
            <tr key={x}>
              <th scope="row">{x}</th>
              {data.lines.map((line) => (
                <td key={line.key}>{chartValueText(line.values[index] ?? null, unit)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
