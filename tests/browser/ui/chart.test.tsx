import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { ticksFromOne, ticksFromZero } from '../../../src/ui/chart/axis-ticks.ts';
import { CurveChart } from '../../../src/ui/chart/CurveChart.tsx';
import type { ChartData } from '../../../src/ui/chart/chart-data.ts';
import { drawnPoints } from '../../../src/ui/chart/drawn-points.ts';
import { untrainedState } from '../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../helpers/browser/stage.tsx';

function waves(count: number, lineCount = 2): ChartData {
  return {
    xLabel: 'Epoch',
    x: Array.from({ length: count }, (_, index) => index + 1),
    lines: Array.from({ length: lineCount }, (_, line) => ({
      key: `line-${line}`,
      label: line === 0 ? 'Train' : `=Class ${line}`,
      color: `var(--class-${line % 12})`,
      dash: 'solid',
      values: Array.from({ length: count }, (_, index) => 0.5 + 0.4 * Math.sin(index / 9 + line)),
    })),
  };
}

let stage: Stage | null = null;
afterEach(() => {
  stage?.leave();
  document.documentElement.style.colorScheme = '';
});

function show(data: ChartData) {
  const saved: { name: string; blob: Blob }[] = [];
  stage = onStage(
    <CurveChart
      title="Accuracy"
      unit="ratio"
      data={data}
      xMax={data.x.length}
      fileName="graft-accuracy"
      onSave={(name, blob) => saved.push({ name, blob })}
    />,
    untrainedState(),
    recordingCommands().commands,
  );
  return saved;
}

const paths = () => [...document.querySelectorAll<SVGPathElement>('path.recharts-line-curve')];

test('the CSV file has every epoch and every line, drawn or not', async () => {
  const data = waves(2000);
  const saved = show(data);
  await page.getByRole('button', { name: 'CSV' }).click();
  const rows = (await saved[0]?.blob.text())?.trimEnd().split('\r\n') ?? [];
  expect(saved[0]?.name).toBe('graft-accuracy.csv');
  expect(rows).toHaveLength(2001);
  expect(rows[0]).toBe("Epoch,Train,'=Class 1");
  expect(rows[2000]).toBe(`2000,${data.lines[0]?.values[1999]},${data.lines[1]?.values[1999]}`);
});

test('a line of 2,000 epochs is drawn with at most 600 points', async () => {
  show(waves(2000));
  await expect.poll(() => paths().length).toBe(2);
  for (const path of paths()) {
    const points = path.getAttribute('d')?.match(/[ML]/g)?.length ?? 0;
    expect(points).toBeGreaterThan(100);
    expect(points).toBeLessThanOrEqual(600);
  }
});

test('reduced curves keep first, last and the extremes of a single line', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 601, maxLength: 3000 }), (values) => {
      const data: ChartData = {
        ...waves(values.length, 1),
        lines: waves(values.length, 1).lines.map((line) => ({ ...line, values })),
      };
      const drawn = drawnPoints(data);
      expect(drawn.x.length).toBeLessThanOrEqual(600);
      expect([drawn.x[0], drawn.x.at(-1)]).toEqual([1, values.length]);
      expect(Math.max(...(drawn.lines[0]?.values ?? []).map(Number))).toBe(Math.max(...values));
    }),
    { numRuns: 50 },
  );
});

test('a single epoch is drawn as a dot, because a line of one point cannot be seen', async () => {
  show(waves(1));
  await expect.poll(() => document.querySelectorAll('.recharts-line-dots circle').length).toBe(2);
});

test('the table shows the figures of the chart', async () => {
  show(waves(3));
  await page.getByRole('button', { name: 'Table' }).click();
  const cells = [...document.querySelectorAll('tbody tr:last-child > *')].map((cell) => cell.textContent);
  expect(cells).toEqual(['3', '58.8\u00a0%', '87.6\u00a0%']);
});

test('the description says where the curves ended', async () => {
  show(waves(3));
  await expect.element(page.getByText(/^Accuracy at epoch 3: Train 58.8/)).toBeInTheDocument();
});

test('pressing a legend entry fades the other lines, pressing it again brings them back', async () => {
  show(waves(5));
  const opacities = () => paths().map((path) => path.getAttribute('stroke-opacity'));
  await page.getByRole('button', { name: /Train/ }).click();
  await expect.poll(opacities).toEqual(['1', '0.18']);
  await page.getByRole('button', { name: /Train/ }).click();
  await expect.poll(opacities).toEqual(['1', '1']);
});

test.each(['light', 'dark'])(
  'the PNG file has the %s ground of the page and the colour of the lines',
  async (scheme) => {
    document.documentElement.style.colorScheme = scheme;
    const saved = show(waves(40, 1));
    await expect.poll(() => paths().length).toBe(1);
    await page.getByRole('button', { name: 'PNG' }).click();
    await expect.poll(() => saved.length).toBe(1);
    const picture = await createImageBitmap(saved[0]?.blob ?? new Blob());
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const ground = rgb(getComputedStyle(document.body).backgroundColor);
    const line = rgb(paths().map((path) => getComputedStyle(path).stroke)[0] ?? '');
    expect([...data.slice(0, 3)]).toEqual(ground);
    expect(countNear(data, line)).toBeGreaterThan(200);
  },
);

function rgb(color: string): number[] {
  return (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

function countNear(data: Uint8ClampedArray, color: readonly number[]): number {
  let count = 0;
  for (let index = 0; index < data.length; index += 4) {
    const far = color.some((value, channel) => Math.abs((data[index + channel] ?? 0) - value) > 8);
    if (!far) count += 1;
  }
  return count;
}

test('ticks are round, rise, start at the start and reach the end', () => {
  expect(ticksFromZero(1.8)).toEqual([0, 0.5, 1, 1.5, 2]);
  expect(ticksFromZero(0.03)).toEqual([0, 0.01, 0.02, 0.03]);
  expect(ticksFromOne(50)).toEqual([1, 10, 20, 30, 40, 50]);
  expect(ticksFromOne(2)).toEqual([1, 2]);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 2000 }), (max) => {
      const ticks = ticksFromOne(max);
      expect(ticks[0]).toBe(1);
      expect(ticks.at(-1)).toBe(max);
      expect(ticks.toSorted((a, b) => a - b)).toEqual(ticks);
      expect(ticks.length).toBeLessThanOrEqual(8);
    }),
  );
});
