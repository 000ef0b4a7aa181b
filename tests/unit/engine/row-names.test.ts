import { expect, test } from 'vitest';
import { strengthsOf } from '../../../src/domain/augmentation.ts';
import { hashOfRow, rowName, rowNamesOf } from '../../../src/engine/fine-tune/row-names.ts';
import { rowsToTrainOn } from '../../../src/engine/training/rows-by-part.ts';

const PLAN = { strengths: strengthsOf('photos'), seed: 3, viewCount: 2 };
const ROWS = {
  hashes: ['a', 'b', 'c', 'd'],
  classIndices: [0, 1, 0, 1],
  parts: ['validation', 'train', 'test', 'train'],
} as const;

test('rows are named in the order in which training asks for them', () => {
  const names = rowNamesOf(ROWS, PLAN);
  const { train } = rowsToTrainOn(ROWS, PLAN.viewCount);
  const asked = [...train.rowIndices].map((row) => names[row]);
  const view = (index: number) => ({ index, plan: PLAN });
  expect(asked).toEqual([
    'b',
    'd',
    rowName('b', view(0)),
    rowName('d', view(0)),
    rowName('b', view(1)),
    rowName('d', view(1)),
  ]);
  expect(asked.map((name) => hashOfRow(name ?? ''))).toEqual(['b', 'd', 'b', 'd', 'b', 'd']);
  expect(names).toHaveLength(8);
});

test('views of other strengths or another seed have other names', () => {
  const names = [PLAN, { ...PLAN, seed: 4 }, { ...PLAN, strengths: strengthsOf('documents') }].map((plan) =>
    rowName('a', { index: 0, plan }),
  );
  expect(new Set(names).size).toBe(3);
});
