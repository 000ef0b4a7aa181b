import { expect, test } from 'vitest';
import { applyEdit } from '../../../src/domain/edits.ts';
import { deletedMistakes, heldOutEditsSentence, relabelledToAnswer } from '../../../src/domain/held-out-edits.ts';
import { predictionsOf, runOf } from '../../helpers/sample-run.ts';
import { datasetOf, imageItem } from './dataset-arbitraries.ts';

/** image-0, image-1: test images of class 0 called class 1; image-2: one called right; image-3: a training image called class 1. */
const judged = {
  run: runOf(['zero', 'one', 'two']),
  predictions: predictionsOf(3, [
    { part: 'test', from: 0, to: 1, count: 2 },
    { part: 'test', from: 0, to: 0, count: 1 },
    { part: 'train', from: 0, to: 1, count: 1 },
  ]),
};
const IDS = ['image-0', 'image-1', 'image-2', 'image-3'];
const dataset = datasetOf(
  judged.run.classes,
  IDS.map((id) => imageItem(id, 'class-0')),
);

test('test images moved to what the model said count, others do not', () => {
  expect(relabelledToAnswer(dataset, { imageIds: IDS, classId: 'class-1' }, judged)).toBe(2);
  expect(relabelledToAnswer(dataset, { imageIds: IDS, classId: 'class-2' }, judged)).toBe(0);
  expect(relabelledToAnswer(dataset, { imageIds: ['image-2', 'gone'], classId: 'class-0' }, judged)).toBe(0);
});

test('test images deleted that the model got wrong count, others do not', () => {
  expect(deletedMistakes(dataset, IDS, judged)).toBe(2);
  expect(deletedMistakes(dataset, ['image-2', 'image-3', 'gone'], judged)).toBe(0);
});

test('the count is an edit that its inverse takes back whole', () => {
  const edit = { kind: 'count-held-out-edits', change: { relabelledCount: 2, deletedCount: 1 } } as const;
  const once = applyEdit(dataset, edit);
  const twice = applyEdit(once.dataset, edit);
  expect(twice.dataset.heldOutEdits).toEqual({ relabelledCount: 4, deletedCount: 2 });
  expect(applyEdit(twice.dataset, twice.inverse).dataset).toEqual(once.dataset);
  expect(applyEdit(once.dataset, once.inverse).dataset).toEqual(dataset);
});

test('one sentence says what was done', () => {
  expect(heldOutEditsSentence({ relabelledCount: 0, deletedCount: 0 })).toBeNull();
  expect(heldOutEditsSentence({ relabelledCount: 1, deletedCount: 0 })).toBe(
    '1 test photo was relabelled to what a model had said, so the test score may be better than the model is on new photos.',
  );
  expect(heldOutEditsSentence({ relabelledCount: 2, deletedCount: 3 })).toMatch(
    /^2 test photos were relabelled to what a model had said, and 3 test photos were deleted that a model had got wrong, so/,
  );
});
