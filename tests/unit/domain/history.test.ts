import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dataset, EMPTY_DATASET } from '../../../src/domain/dataset.ts';
import { applyEdit, type Edit } from '../../../src/domain/edits.ts';
import {
  EMPTY_HISTORY,
  HISTORY_LIMIT,
  type History,
  recordStep,
  redoStep,
  undoStep,
} from '../../../src/domain/history.ts';
import { datasetOf, datasets, editsOf, imageItem } from './dataset-arbitraries.ts';

interface State {
  readonly dataset: Dataset;
  readonly history: History;
}

const inOrder = ({ classes, images }: Dataset) => ({ classes, images: [...images] });

function edited({ dataset, history }: State, edit: Edit, joinKey: string | null = null): State {
  const applied = applyEdit(dataset, edit);
  const step = { name: edit.kind, joinKey, inverses: [applied.inverse] };
  return { dataset: applied.dataset, history: recordStep(history, step) };
}

function addClass(serial: number): Edit {
  return { kind: 'add-class', label: { id: `c${serial}`, name: `Class ${serial}`, colorIndex: 0 } };
}

test('undoing everything and redoing everything passes through the same states', () => {
  fc.assert(
    fc.property(datasets, fc.gen(), (start, choose) => {
      const states: State[] = [{ dataset: start, history: EMPTY_HISTORY }];
      for (let serial = 0; serial < 8; serial += 1) {
        const last = states[serial];
        if (last !== undefined) states.push(edited(last, choose(editsOf, last.dataset, serial)));
      }
      let { dataset, history } = states.at(-1) ?? { dataset: start, history: EMPTY_HISTORY };
      for (const expected of states.slice(0, -1).reverse()) {
        const back = undoStep(history, dataset);
        if (back === null) throw new Error('nothing to undo');
        ({ dataset, history } = back);
        expect(inOrder(dataset)).toEqual(inOrder(expected.dataset));
      }
      expect(undoStep(history, dataset)).toBeNull();
      for (const expected of states.slice(1)) {
        const forth = redoStep(history, dataset);
        if (forth === null) throw new Error('nothing to redo');
        ({ dataset, history } = forth);
        expect(inOrder(dataset)).toEqual(inOrder(expected.dataset));
      }
      expect(redoStep(history, dataset)).toBeNull();
    }),
  );
});

test('the chunks of one import are undone together', () => {
  const start: State = { dataset: datasetOf([{ id: 'c', name: 'C', colorIndex: 0 }], []), history: EMPTY_HISTORY };
  const one = edited(start, { kind: 'add-images', items: [imageItem('1', 'c')] }, 'import 1');
  const two = edited(one, { kind: 'add-images', items: [imageItem('2', 'c')] }, 'import 1');
  const other = edited(two, { kind: 'add-images', items: [imageItem('3', 'c')] }, 'import 2');
  const back = undoStep(other.history, other.dataset);
  expect([...(back?.dataset.images.keys() ?? [])]).toEqual(['1', '2']);
  const further = back === null ? null : undoStep(back.history, back.dataset);
  expect(further?.dataset.images.size).toBe(0);
  const again = further === null ? null : redoStep(further.history, further.dataset);
  expect([...(again?.dataset.images.keys() ?? [])]).toEqual(['1', '2']);
});

test('a new edit forgets what could be redone', () => {
  const one = edited({ dataset: EMPTY_DATASET, history: EMPTY_HISTORY }, addClass(0));
  const back = undoStep(one.history, one.dataset);
  if (back === null) throw new Error('nothing to undo');
  expect(redoStep(edited(back, addClass(1)).history, back.dataset)).toBeNull();
});

test('only the last steps are kept', () => {
  let state: State = { dataset: EMPTY_DATASET, history: EMPTY_HISTORY };
  for (let serial = 0; serial < HISTORY_LIMIT + 10; serial += 1) state = edited(state, addClass(serial));
  expect(state.history.undo).toHaveLength(HISTORY_LIMIT);
  expect(undoStep(state.history, state.dataset)?.dataset.classes.at(-1)?.id).toBe(`c${HISTORY_LIMIT + 8}`);
});
