import { useMemo, useState } from 'react';
import { ChartFrame } from './ChartFrame.tsx';
import styles from './CurveChart.module.css';
import {
  type ChartData,
  type ChartLine,
  type ChartUnit,
  chartValueText,
  dashPattern,
  shownIndex,
} from './chart-data.ts';
import { drawnPoints } from './drawn-points.ts';
import { LineChart } from './LineChart.tsx';

interface CurveChartProps {
  readonly title: string;
  readonly unit: ChartUnit;
  /** Every epoch; the drawing gets at most 600 points a line. */
  readonly data: ChartData;
  /** Last x of the axis. */
  readonly xMax: number;
  readonly fileName: string;
  readonly onSave: (fileName: string, blob: Blob) => void;
}

function describe({ title, unit, data }: CurveChartProps): string {
  const at = shownIndex(data);
  const x = data.x[at];
  if (x === undefined) return `${title}: nothing to show yet.`;
  const values = data.lines.map((line) => `${line.label} ${chartValueText(line.values[at] ?? null, unit)}`);
  const kept = data.kept === undefined ? '' : `, the one ${data.kept.label.toLowerCase()}`;
  const mark = data.mark === undefined ? '' : ` ${data.mark.label} begins after ${Math.floor(data.mark.x)}.`;
  return `${title} at ${data.xLabel.toLowerCase()} ${x}${kept}: ${values.join(', ')}.${mark}`;
}

/** A chart of curves with its frame and a legend whose entries single out their line. */
export function CurveChart(props: CurveChartProps) {
  const { title, unit, data, xMax, fileName, onSave } = props;
  const [highlightedKey, setHighlightedKey] = useState<string | null>(null);
  const drawn = useMemo(() => drawnPoints(data), [data]);
  return (
    <ChartFrame
      title={title}
      unit={unit}
      description={describe(props)}
      data={data}
      fileName={fileName}
      onSave={onSave}
      legend={<Legend data={data} unit={unit} pressedKey={highlightedKey} onPress={setHighlightedKey} />}
    >
      <LineChart data={drawn} unit={unit} highlightedKey={highlightedKey} xMax={xMax} />
    </ChartFrame>
  );
}

interface LegendProps {
  readonly data: ChartData;
  readonly unit: ChartUnit;
  readonly pressedKey: string | null;
  readonly onPress: (key: string | null) => void;
}

/** Names, line samples and the values kept, else the latest; pressing one singles its line out, pressing again shows all. */
function Legend({ data, unit, pressedKey, onPress }: LegendProps) {
  const at = shownIndex(data);
  return (
    <ul className={styles.legend}>
      {data.lines.map((line: ChartLine) => (
        <li key={line.key}>
          <button
            type="button"
            className={styles.item}
            aria-pressed={pressedKey === line.key}
            title={`Single out ${line.label}`}
            onClick={() => onPress(pressedKey === line.key ? null : line.key)}
          >
            <svg width="24" height="8" aria-hidden="true">
              <line
                x1="1"
                x2="23"
                y1="4"
                y2="4"
                stroke={line.color}
                strokeWidth="2.5"
                strokeDasharray={dashPattern(line.dash)}
              />
            </svg>
            <span className={styles.name}>{line.label}</span>
            <span className={styles.value}>{chartValueText(line.values[at] ?? null, unit)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
