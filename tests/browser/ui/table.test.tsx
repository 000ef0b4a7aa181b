import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { type DataColumn, DataTable } from '../../../src/ui/DataTable.tsx';
import { untrainedState } from '../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../helpers/browser/stage.tsx';

interface Row {
  readonly name: string;
  readonly score: number | null;
}

const COLUMNS: readonly DataColumn<Row>[] = [
  { key: 'name', label: 'Name', value: (row) => row.name },
  { key: 'score', label: 'Score', numeric: true, value: (row) => row.score },
];

let stage: Stage | null = null;
afterEach(() => stage?.leave());

function show(rows: readonly Row[]): void {
  stage = onStage(
    <DataTable caption="Scores" columns={COLUMNS} rows={rows} rowKey={(row) => row.name} />,
    untrainedState(),
    recordingCommands().commands,
  );
}

const firstColumn = () => [...document.querySelectorAll('tbody tr')].map((row) => row.querySelector('td')?.textContent);

const ROWS = [
  { name: 'b10', score: 0.2 },
  { name: 'b2', score: null },
  { name: 'a', score: 0.9 },
  { name: 'c', score: Number.NaN },
];

test('numbers sort from high to low first, then turn round, and missing ones stay last', async () => {
  show(ROWS);
  await page.getByRole('button', { name: 'Score' }).click();
  expect(firstColumn()).toEqual(['a', 'b10', 'b2', 'c']);
  await page.getByRole('button', { name: 'Score' }).click();
  expect(firstColumn()).toEqual(['b10', 'a', 'b2', 'c']);
});

test('words sort from A to Z, numbers inside them by size, and the header says so', async () => {
  show(ROWS);
  await page.getByRole('button', { name: 'Name' }).click();
  expect(firstColumn()).toEqual(['a', 'b2', 'b10', 'c']);
  await expect.element(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
});

test('a long table shows 200 rows and more on demand', async () => {
  show(Array.from({ length: 450 }, (_, index) => ({ name: `row ${index}`, score: index })));
  expect(firstColumn()).toHaveLength(200);
  await page.getByRole('button', { name: 'Show 200 more of 250' }).click();
  await page.getByRole('button', { name: 'Show 50 more of 50' }).click();
  expect(firstColumn()).toHaveLength(450);
});
