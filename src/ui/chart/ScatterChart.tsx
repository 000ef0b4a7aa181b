import {
  CartesianGrid,
  ErrorBar,
  ScatterChart as Recharts,
  Scatter,
  type ScatterShapeProps,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { ChartFrame } from './ChartFrame.tsx';
import { chartValueText } from './chart-data.ts';
import lineStyles from './LineChart.module.css';
import { logTicks } from './log-ticks.ts';
import styles from './ScatterChart.module.css';

/** One mark of a scatter chart. */
export interface ScatterPoint {
  readonly key: string;
  readonly label: string;
  /** More than 0. */
  readonly x: number;
  readonly yRatio: number;
  /** Ends of the bar through the mark, 0-1. */
  readonly lowRatio: number;
  readonly highRatio: number;
  /** `best` is filled and joined by a line; `muted` stands back. */
  readonly look: 'plain' | 'best' | 'muted';
}

interface ScatterChartProps {
  readonly title: string;
  readonly points: readonly ScatterPoint[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** What `best` means, in two or three words. */
  readonly bestLabel: string;
  readonly fileName: string;
  readonly onSave: (fileName: string, blob: Blob) => void;
}

const TICKS: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

/** Marks with their names: a logarithmic x axis against a ratio 0-1. */
export function ScatterChart(props: ScatterChartProps) {
  const { title, points, xLabel, yLabel, bestLabel, fileName, onSave } = props;
  const rows = points.toSorted((one, other) => one.x - other.x);
  const table = [
    ['', xLabel, `${yLabel} in %`, '95 % from', 'to', ''],
    ...rows.map(({ label, x, yRatio, lowRatio, highRatio, look }) => [
      label,
      Number(x.toPrecision(3)),
      ...[yRatio, lowRatio, highRatio].map((ratio) => Number((ratio * 100).toFixed(1))),
      look === 'best' ? bestLabel : '',
    ]),
  ];
  const described = rows.map(
    ({ label, x, yRatio }) => `${label} ${x.toPrecision(2)} ${xLabel}, ${chartValueText(yRatio, 'ratio')}`,
  );
  return (
    <ChartFrame
      title={title}
      unit="ratio"
      description={`${yLabel} against ${xLabel}: ${described.join('; ')}.`}
      data={{ xLabel, x: [], lines: [] }}
      table={table}
      fileName={fileName}
      onSave={onSave}
      legend={<Names points={rows} />}
    >
      <Marks points={rows} xLabel={xLabel} />
    </ChartFrame>
  );
}

function Marks({ points, xLabel }: { readonly points: readonly ScatterPoint[]; readonly xLabel: string }) {
  const ticks = logTicks(points.map(({ x }) => x));
  const domain: [number, number] = [ticks[0] ?? 1, ticks.at(-1) ?? 10];
  const middle = Math.sqrt(domain[0] * domain[1]);
  const marks = points.map((point) => ({
    ...point,
    bar: [point.yRatio - point.lowRatio, point.highRatio - point.yRatio],
    namedLeft: point.x > middle,
  }));
  return (
    <Recharts
      responsive
      className={lineStyles.chart ?? ''}
      margin={{ top: 12, right: 18, bottom: 14, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--line)" />
      <XAxis
        type="number"
        dataKey="x"
        name={xLabel}
        scale="log"
        domain={domain}
        ticks={ticks}
        interval={0}
        height={34}
        stroke="var(--line)"
        label={{ value: xLabel, position: 'insideBottom', offset: -10 }}
      />
      <YAxis
        type="number"
        dataKey="yRatio"
        domain={[0, 1]}
        ticks={[...TICKS]}
        interval={0}
        width={40}
        tickFormatter={(value: number) => `${Math.round(value * 100)}`}
        stroke="var(--line)"
      />
      <Tooltip
        isAnimationActive={false}
        cursor={false}
        content={({ active, payload }) => {
          const point = marks.find(({ key }) => key === payload?.[0]?.payload?.key);
          return active === true && point !== undefined ? <Tip point={point} xLabel={xLabel} /> : null;
        }}
      />
      <Scatter
        data={marks.filter(({ look }) => look === 'best')}
        line={{ stroke: 'var(--accent)', strokeWidth: 1.5, strokeDasharray: '5 4' }}
        shape={() => <g />}
        isAnimationActive={false}
        legendType="none"
        tooltipType="none"
      />
      <Scatter
        data={marks}
        shape={(mark: ScatterShapeProps) => <Mark {...mark} marks={marks} />}
        isAnimationActive={false}
      >
        <ErrorBar
          dataKey="bar"
          direction="y"
          width={5}
          stroke="var(--line-strong)"
          strokeWidth={1}
          isAnimationActive={false}
        />
      </Scatter>
    </Recharts>
  );
}

type PlacedMark = ScatterPoint & { readonly namedLeft: boolean };

/** A disc or, for what stands back, a ring; its name beside it, towards the middle of the chart. */
function Mark({ cx = 0, cy = 0, index, marks }: ScatterShapeProps & { readonly marks: readonly PlacedMark[] }) {
  const mark = marks[index ?? -1];
  if (mark === undefined) return <g />;
  const color = mark.look === 'muted' ? 'var(--ink-muted)' : 'var(--accent)';
  return (
    <g>
      <circle
        cx={cx}
        cy={cy}
        r={5}
        fill={mark.look === 'best' ? color : 'var(--surface)'}
        stroke={color}
        strokeWidth={2}
      />
      <text
        className={styles.name}
        x={cx + (mark.namedLeft ? -10 : 10)}
        y={cy + 4}
        textAnchor={mark.namedLeft ? 'end' : 'start'}
      >
        {mark.label}
      </text>
      <text className={styles.number} x={cx + 8} y={cy - 6}>
        {marks.indexOf(mark) + 1}
      </text>
    </g>
  );
}

/** Where names do not fit into the drawing its marks bear numbers, which are explained here. */
function Names({ points }: { readonly points: readonly ScatterPoint[] }) {
  return (
    <ol className={styles.names}>
      {points.map(({ key, label }) => (
        <li key={key}>{label}</li>
      ))}
    </ol>
  );
}

function Tip({ point, xLabel }: { readonly point: ScatterPoint; readonly xLabel: string }) {
  return (
    <div className={`${lineStyles.tip} ${styles.tip}`}>
      <strong>{point.label}</strong>
      <span>
        {point.x.toPrecision(3)} {xLabel}
      </span>
      <span>
        {chartValueText(point.yRatio, 'ratio')}, 95 % between {Math.round(point.lowRatio * 100)} and{' '}
        {Math.round(point.highRatio * 100)}
      </span>
    </div>
  );
}
