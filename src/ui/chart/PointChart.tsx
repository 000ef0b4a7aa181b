import { Area, CartesianGrid, Line, ComposedChart as Recharts, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { ticksFromZero } from './axis-ticks.ts';
import { ChartFrame } from './ChartFrame.tsx';
import { type ChartData, type ChartUnit, chartValueText, dashPattern } from './chart-data.ts';
import lineStyles from './LineChart.module.css';
import styles from './PointChart.module.css';

/** Between which values something lies at each x. */
interface ChartBand {
  readonly label: string;
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

interface PointChartProps {
  readonly title: string;
  readonly unit: ChartUnit;
  /** One or two sentences for those who do not see the drawing. */
  readonly description: string;
  /** Rising x, more than 0 on a logarithmic axis; a line needs no value at each. */
  readonly data: ChartData;
  readonly band?: ChartBand;
  readonly xScale: 'linear' | 'log';
  readonly xText: (x: number) => string;
  readonly xTicks: readonly number[];
  /** Last value of the y axis; what lies above is not drawn. The axis ends at 1 for ratios. */
  readonly yMax?: number;
  /** A value of the x axis with a name of its own. */
  readonly mark?: { readonly x: number; readonly label: string };
  readonly fileName: string;
  readonly onSave: (fileName: string, blob: Blob) => void;
}

const RATIO_TICKS: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

/** A few lines over any x axis, with a band around one of them and a mark. */
export function PointChart(props: PointChartProps) {
  const { title, unit, description, data, band, fileName, onSave } = props;
  return (
    <ChartFrame
      title={title}
      unit={unit}
      description={description}
      data={data}
      fileName={fileName}
      onSave={onSave}
      legend={<Legend data={data} band={band} />}
    >
      <Drawing {...props} />
    </ChartFrame>
  );
}

function Drawing({ data, unit, band, xScale, xText, xTicks, yMax, mark }: PointChartProps) {
  const yTicks = unit === 'ratio' ? RATIO_TICKS : ticksFromZero(yMax ?? largest(data));
  const last = yTicks.at(-1) ?? 1;
  const points = data.x.map((x, index) => ({
    x,
    band: bandAt(band, index),
    ...Object.fromEntries(data.lines.map(({ key, values }) => [key, drawable(values[index], last)])),
  }));
  return (
    <Recharts
      responsive
      className={lineStyles.chart ?? ''}
      data={points}
      margin={{ top: 18, right: 22, bottom: 14, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="x"
        type="number"
        scale={xScale}
        domain={[xTicks[0] ?? 'dataMin', xTicks.at(-1) ?? 'dataMax']}
        ticks={[...xTicks]}
        tickFormatter={xText}
        interval="preserveStartEnd"
        height={34}
        stroke="var(--line)"
        label={{ value: data.xLabel, position: 'insideBottom', offset: -10 }}
      />
      <YAxis
        domain={[0, last]}
        ticks={[...yTicks]}
        interval={0}
        width={40}
        tickMargin={4}
        tickFormatter={(value: number) => (unit === 'ratio' ? `${Math.round(value * 100)}` : String(value))}
        stroke="var(--line)"
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={({ active, label }) =>
          active === true && typeof label === 'number' ? <Tip data={data} unit={unit} x={label} xText={xText} /> : null
        }
      />
      {band !== undefined && (
        <Area
          dataKey="band"
          type="linear"
          stroke="none"
          fill="var(--accent)"
          fillOpacity={0.16}
          connectNulls
          isAnimationActive={false}
          activeDot={false}
        />
      )}
      {mark !== undefined && (
        <ReferenceLine
          x={mark.x}
          stroke="var(--ink)"
          strokeDasharray="3 3"
          label={{ value: mark.label, position: 'top' }}
        />
      )}
      {data.lines.map((line) => (
        <Line
          key={line.key}
          dataKey={line.key}
          type="linear"
          stroke={line.color}
          strokeWidth={2}
          strokeDasharray={dashPattern(line.dash)}
          dot={
            band !== undefined && line.dash === 'solid' ? { r: 3, fill: line.color, strokeDasharray: 'none' } : false
          }
          activeDot={{ r: 3 }}
          connectNulls={line.dash !== 'dotted'}
          isAnimationActive={false}
        />
      ))}
    </Recharts>
  );
}

function largest({ lines }: ChartData): number {
  return Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0).filter(Number.isFinite)));
}

function drawable(value: number | null | undefined, last: number): number | null {
  return value === null || value === undefined || !(value <= last) ? null : value;
}

function bandAt(band: ChartBand | undefined, index: number): [number, number] | null {
  const [low, high] = [band?.low[index] ?? null, band?.high[index] ?? null];
  return low === null || high === null ? null : [low, high];
}

interface TipProps {
  readonly data: ChartData;
  readonly unit: ChartUnit;
  readonly x: number;
  readonly xText: (x: number) => string;
}

function Tip({ data, unit, x, xText }: TipProps) {
  const index = data.x.indexOf(x);
  return (
    <div className={lineStyles.tip}>
      <strong>
        {data.xLabel} {xText(x)}
      </strong>
      {data.lines.map(({ key, label, color, values }) => (
        <span key={key} className={lineStyles.tipLine}>
          <span className={lineStyles.tipSwatch} style={{ background: color }} />
          <span>{label}</span>
          <span className={lineStyles.tipValue}>{chartValueText(values[index] ?? null, unit)}</span>
        </span>
      ))}
    </div>
  );
}

function Legend({ data, band }: { readonly data: ChartData; readonly band: ChartBand | undefined }) {
  return (
    <ul className={styles.legend}>
      {data.lines.map(({ key, label, color, dash }) => (
        <li key={key} className={styles.item}>
          <svg width="24" height="8" aria-hidden="true">
            <line x1="1" x2="23" y1="4" y2="4" stroke={color} strokeWidth="2.5" strokeDasharray={dashPattern(dash)} />
          </svg>
          {label}
        </li>
      ))}
      {band !== undefined && (
        <li className={styles.item}>
          <span className={styles.band} aria-hidden="true" />
          {band.label}
        </li>
      )}
    </ul>
  );
}
