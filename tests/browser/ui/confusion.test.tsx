import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ConfusionMatrix, type MatrixNumbers } from '../../../src/ui/ConfusionMatrix.tsx';
import { untrainedState } from '../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

/** Rows: 8 1 0 / 0 0 0 / 2 1 1. */
function show(numbers: MatrixNumbers = 'counts') {
  const opened: string[] = [];
  stage = onStage(
    <ConfusionMatrix
      label="Test images"
      classNames={['cat', 'dog', 'owl']}
      classColorIndices={[0, 1, 2]}
      counts={[8, 1, 0, 0, 0, 0, 2, 1, 1]}
      numbers={numbers}
      onCell={(actual, predicted) => opened.push(`${actual}-${predicted}`)}
      onRow={(actual) => opened.push(`row ${actual}`)}
    />,
    untrainedState(),
    recordingCommands().commands,
  );
  return opened;
}

const cell = (actual: string, predicted: string) =>
  page.getByRole('button', { name: new RegExp(`^Actual ${actual}, predicted ${predicted}:`) });

test('a click opens the cell of that actual row and predicted column', async () => {
  const opened = show();
  await cell('owl', 'cat').click();
  await cell('cat', 'dog').click();
  expect(opened).toEqual(['2-0', '0-1']);
});

test('a cell without images opens nothing', async () => {
  const opened = show();
  await userEvent.click(cell('dog', 'dog'), { force: true });
  expect(opened).toEqual([]);
});

test('the matrix is one stop of the Tab key, arrows walk it and Enter opens', async () => {
  const opened = show();
  await cell('cat', 'cat').click();
  opened.length = 0;
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowRight}');
  await expect.element(cell('owl', 'dog')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(opened).toEqual(['2-1']);
  await userEvent.keyboard('{End}{ArrowRight}');
  await expect.element(cell('owl', 'owl')).toHaveFocus();
  const stops = [...document.querySelectorAll<HTMLElement>('[data-cell]')].filter((element) => element.tabIndex === 0);
  expect(stops.map((element) => element.dataset.cell)).toEqual(['2-2']);
});

test('percent are shares of the row, and an empty row shows none', async () => {
  show('row-percent');
  await expect.element(cell('cat', 'cat')).toHaveTextContent('89');
  await expect.element(cell('owl', 'cat')).toHaveTextContent('50');
  await expect.element(cell('dog', 'dog')).toHaveTextContent('');
});

test('a class name opens its row, except when the row is empty', async () => {
  const opened = show();
  await page.getByRole('button', { name: 'owl', exact: true }).click();
  expect(opened).toEqual(['row 2']);
  expect(page.getByRole('button', { name: 'dog', exact: true }).elements()).toHaveLength(0);
});

test('both axes are labelled', () => {
  show();
  const headers = [...document.querySelectorAll('thead th')].map((header) => header.textContent);
  expect(headers).toEqual(['Predicted', 'Actual', 'cat', 'dog', 'owl']);
});
