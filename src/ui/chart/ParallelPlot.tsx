import { useBoxSize } from '../use-box-size.ts';
import { ChartFrame } from './ChartFrame.tsx';
import styles from './ParallelPlot.module.css';
import { axisPlaces, linePath, type PlotLayout, plotLayout } from './parallel-layout.ts';

/** One axis; places on it go from 0 (low) to 1 (high). */
export interface ParallelAxis {
  readonly key: string;
  readonly label: string;
  readonly ticks: readonly { readonly place: number; readonly text: string }[];
}

/** One line through all axes. */
export interface ParallelLine {
  readonly key: string;
  readonly label: string;
  /** By axis, 0-1; null leaves the axis out. */
  readonly places: readonly (number | null)[];
  /** 0-1: from grey and thin to coloured and strong. */
  readonly strengthRatio: number;
  readonly isBest: boolean;
}

interface ParallelPlotProps {
  readonly title: string;
  /** One or two sentences for those who do not see the drawing. */
  readonly description: string;
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly ParallelLine[];
  /** The line singled out; null for none. */
  readonly litKey: string | null;
  /** The pointer came to a line, or left it. A table with the same rows is the way for keyboards. */
  readonly onPoint: (key: string | null) => void;
  readonly onPick: (key: string) => void;
  /** Header first: the numbers behind the drawing. */
  readonly table: readonly (readonly (string | number)[])[];
  readonly fileName: string;
  readonly onSave: (fileName: string, blob: Blob) => void;
}

/** Parallel coordinates: side by side where there is room, one axis below the other where there is not. */
export function ParallelPlot(props: ParallelPlotProps) {
  const { title, description, axes, lines, litKey, onPoint, onPick, table, fileName, onSave } = props;
  const { attach, widthPx } = useBoxSize();
  const layout = plotLayout(axes.length, widthPx);
  return (
    <ChartFrame
      title={title}
      unit="number"
      description={description}
      data={{ xLabel: '', x: [], lines: [] }}
      table={table}
      heightPx={layout.heightPx}
      fileName={fileName}
      onSave={onSave}
      legend={
        <p className={styles.legend}>The stronger a line, the higher its accuracy; the dashed one is the best.</p>
      }
    >
      <div ref={attach}>
        {widthPx > 0 && (
          <svg className={styles.plot} aria-hidden="true" width={layout.widthPx} height={layout.heightPx}>
            {axes.map(({ key }, index) => (
              <AxisLine key={key} index={index} layout={layout} />
            ))}
            {inDrawingOrder(lines, litKey).map((line) => (
              <path
                key={line.key}
                className={styles.line}
                d={linePath(line.places, layout)}
                style={lineStyle(line, litKey)}
                data-lit={line.key === litKey || undefined}
                strokeDasharray={line.isBest ? '7 4' : undefined}
              />
            ))}
            {axes.map((axis, index) => (
              <AxisText key={axis.key} axis={axis} index={index} layout={layout} />
            ))}
            {lines.map((line) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: the drawing is hidden from readers; the table's buttons do the same.
              <path
                key={line.key}
                className={styles.catch}
                d={linePath(line.places, layout)}
                onPointerEnter={() => onPoint(line.key)}
                onPointerLeave={() => onPoint(null)}
                onClick={() => onPick(line.key)}
              />
            ))}
          </svg>
        )}
      </div>
    </ChartFrame>
  );
}

/** Strong lines above weak ones, the one singled out above all. */
function inDrawingOrder(lines: readonly ParallelLine[], litKey: string | null): ParallelLine[] {
  const height = ({ key, strengthRatio }: ParallelLine) => (key === litKey ? 2 : strengthRatio);
  return lines.toSorted((one, other) => height(one) - height(other));
}

function lineStyle({ key, strengthRatio, isBest }: ParallelLine, litKey: string | null) {
  if (key === litKey) return { stroke: 'var(--focus)', strokeWidth: 4 };
  const fadeRatio = litKey === null ? 1 : 0.4;
  return {
    stroke: `color-mix(in oklab, var(--accent) ${Math.round(strengthRatio * 100)}%, var(--line-strong))`,
    strokeWidth: isBest ? 3 : 1 + 1.25 * strengthRatio,
    opacity: fadeRatio * (0.6 + 0.35 * strengthRatio),
  };
}

interface AxisProps {
  readonly index: number;
  readonly layout: PlotLayout;
}

function AxisLine({ index, layout }: AxisProps) {
  const { from, to } = axisPlaces(index, layout);
  return <line className={styles.axis} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />;
}

/** Name and values of an axis; above the lines, so that they can be read. */
function AxisText({ axis, index, layout }: AxisProps & { readonly axis: ParallelAxis }) {
  const { from, to, label, tickOffset } = axisPlaces(index, layout);
  return (
    <g>
      <text className={styles.label} x={label.x} y={label.y} textAnchor={label.anchor}>
        {axis.label}
      </text>
      {axis.ticks.map(({ place, text }) => (
        <text
          key={place}
          className={styles.tick}
          x={from.x + (to.x - from.x) * place + tickOffset.x}
          y={from.y + (to.y - from.y) * place + tickOffset.y}
          textAnchor={layout.isStacked ? stackedAnchor(place) : tickOffset.anchor}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

/** Texts under a lying axis end where it ends. */
function stackedAnchor(place: number): 'start' | 'middle' | 'end' {
  if (place < 0.1) return 'start';
  return place > 0.9 ? 'end' : 'middle';
}
