import { CartesianGrid, Line, LineChart as Recharts, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { ticksFromOne, ticksFromZero } from './axis-ticks.ts';
import { type ChartData, type ChartLine, type ChartUnit, chartValueText, dashPattern } from './chart-data.ts';
import styles from './LineChart.module.css';

interface LineChartProps {
  readonly data: ChartData;
  readonly unit: ChartUnit;
  /** The line singled out, or null. The others fade. */
  readonly highlightedKey: string | null;
  /** Last x of the axis, so that a growing curve does not rescale with every point. */
  readonly xMax: number;
}

interface PlotPoint {
  readonly x: number;
  readonly [key: string]: number | null;
}

function toPoints(data: ChartData): PlotPoint[] {
  return data.x.map((x, index) => {
    const point: Record<string, number | null> = {};
    for (const line of data.lines) {
      const value = line.values[index] ?? null;
      point[line.key] = value === null || !Number.isFinite(value) ? null : value;
    }
    return { ...point, x };
  });
}

const RATIO_TICKS: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

function largestValue(data: ChartData): number {
  return Math.max(0, ...data.lines.flatMap((line) => line.values.map((value) => value ?? 0).filter(Number.isFinite)));
}

function tickText(value: number, unit: ChartUnit): string {
  return unit === 'ratio' ? `${Math.round(value * 100)}` : String(value);
}

/** Room for the name of a mark, px; the names of two stand above each other, for the marks may be close. */
const NAME_HEIGHT = 13;

/** Lines without animation and without dots, except a line of one point, which would not be seen. */
export function LineChart({ data, unit, highlightedKey, xMax }: LineChartProps) {
  const { mark, kept } = data;
  const points = toPoints(data);
  const xLast = Math.max(2, xMax, data.x.at(-1) ?? 0);
  const yTicks = unit === 'ratio' ? RATIO_TICKS : ticksFromZero(largestValue(data));
  return (
    <Recharts
      responsive
      className={styles.chart ?? ''}
      data={points}
      margin={{ top: 8 + NAME_HEIGHT * [mark, kept].filter(Boolean).length, right: 18, bottom: 4, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="x"
        type="number"
        domain={[1, xLast]}
        ticks={ticksFromOne(xLast)}
        interval={0}
        tickMargin={6}
        height={26}
        stroke="var(--line)"
      />
      <YAxis
        domain={[0, yTicks.at(-1) ?? 1]}
        ticks={yTicks}
        interval={0}
        width={40}
        tickMargin={4}
        tickFormatter={(value: number) => tickText(value, unit)}
        stroke="var(--line)"
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={({ active, label }) =>
          active === true && typeof label === 'number' ? <ChartTip data={data} unit={unit} x={label} /> : null
        }
      />
      {mark !== undefined && (
        <ReferenceLine
          x={mark.x}
          stroke="var(--ink-muted)"
          strokeDasharray="2 3"
          label={{
            value: mark.label,
            position: 'top',
            fill: 'var(--ink-muted)',
            fontSize: 11,
            dy: kept === undefined ? 0 : -NAME_HEIGHT,
          }}
        />
      )}
      {kept !== undefined && (
        <ReferenceLine
          x={kept.x}
          stroke="var(--accent)"
          label={{ value: kept.label, position: 'top', fill: 'var(--accent)', fontSize: 11 }}
        />
      )}
      {data.lines.map((line) => (
        <Line
          key={line.key}
          dataKey={line.key}
          name={line.label}
          type="linear"
          stroke={line.color}
          strokeWidth={highlightedKey === line.key ? 3 : 2}
          strokeOpacity={highlightedKey === null || highlightedKey === line.key ? 1 : 0.18}
          strokeDasharray={dashPattern(line.dash)}
          dot={points.length === 1 ? { r: 3, fill: line.color } : false}
          activeDot={{ r: 3 }}
          isAnimationActive={false}
        />
      ))}
    </Recharts>
  );
}

/** A line list longer than this would cover the chart it explains. */
const TIP_LINES = 12;

function valueAt(data: ChartData, line: ChartLine, x: number): number | null {
  return line.values[data.x.indexOf(x)] ?? null;
}

function ChartTip({ data, unit, x }: { readonly data: ChartData; readonly unit: ChartUnit; readonly x: number }) {
  const shown = data.lines.slice(0, TIP_LINES);
  return (
    <div className={styles.tip}>
      <strong>
        {data.xLabel} {x}
      </strong>
      {shown.map((line) => (
        <span key={line.key} className={styles.tipLine}>
          <span className={styles.tipSwatch} style={{ background: line.color }} />
          <span>{line.label}</span>
          <span className={styles.tipValue}>{chartValueText(valueAt(data, line, x), unit)}</span>
        </span>
      ))}
      {data.lines.length > TIP_LINES && <span>and {data.lines.length - TIP_LINES} more in the table</span>}
    </div>
  );
}
