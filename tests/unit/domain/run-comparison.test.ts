import { describe, expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import { compareJudged, type JudgedRun } from '../../../src/domain/run-comparison.ts';
import { comparisonWords } from '../../../src/domain/run-comparison-words.ts';

const CLASSES = ['a', 'b'].map((id, colorIndex) => ({ id, name: id.toUpperCase(), colorIndex }));

/** One image a letter: `+` right, `-` wrong; in upper places of `parts` the part, test by default. */
function judged(
  verdicts: string,
  change: { parts?: readonly Part[]; trueIds?: string; order?: string } = {},
): JudgedRun {
  const order = change.order ?? 'ab';
  const rows = [...verdicts];
  const trueIndex = (row: number) => order.indexOf(change.trueIds?.[row] ?? 'a');
  return {
    classes: [...order].flatMap((id) => CLASSES.filter((label) => label.id === id)),
    predictions: {
      imageIds: rows.map((_, row) => `image-${row}`),
      parts: rows.map((_, row) => change.parts?.[row] ?? 'test'),
      classIndices: rows.map((_, row) => trueIndex(row)),
      classCount: 2,
      probabilities: Float32Array.from(
        rows.flatMap((sign, row) => [0, 1].map((index) => Number((index === trueIndex(row)) === (sign === '+')))),
      ),
    },
  };
}

const words = (first: string, second: string) =>
  comparisonWords(compareJudged(judged(first), judged(second)), ['Run 1', 'Run 2']);

describe('two runs', () => {
  test('are counted on the test images of both', () => {
    expect(compareJudged(judged('++--+-'), judged('+-+-+'))).toMatchObject({
      sharedCount: 5,
      bothRightCount: 2,
      bothWrongCount: 1,
      onlyFirstCount: 1,
      onlySecondCount: 1,
      pValue: 1,
    });
  });

  test('are compared by class identity when the order of the classes changed', () => {
    const [first, second] = [judged('+-', { trueIds: 'ab' }), judged('-+', { trueIds: 'ab', order: 'ba' })];
    expect(compareJudged(first, second)).toMatchObject({ sharedCount: 2, onlyFirstCount: 1, onlySecondCount: 1 });
  });

  test('leave out images that one of them has seen, and tell those apart that moved into the test part', () => {
    const first = judged('++++', { parts: ['test', 'test', 'train', 'train'] });
    const second = judged('++++', { parts: ['test', 'validation', 'test', 'train'] });
    expect(compareJudged(first, second)).toMatchObject({ sharedCount: 1, movedCount: 2, movedIntoTestCount: 1 });
  });

  test('leave out images that got another class', () => {
    const comparison = compareJudged(judged('++'), judged('++', { trueIds: 'ab' }));
    expect(comparison).toMatchObject({ sharedCount: 1, relabelledCount: 1 });
  });
});

describe('in words', () => {
  test('the better one is named with how often chance does as much', () => {
    // 1 against 8: p = 2 (1 + 9) / 512 = 0.0390625. 0 against 8: p = 2 / 256 = 0.0078125.
    const close = words('+--------', '-++++++++');
    expect(close.verdict).toBe('Run 2 is better: 7 more of the same 9 test images right.');
    expect(close.meaning).toContain('at least this unevenly in 4 of 100 tests');
    expect(words('--------', '++++++++').meaning).toContain('in 8 of 1,000 tests');
    const far = words('+'.repeat(40), '-'.repeat(40));
    expect(far.verdict).toBe('Run 1 is better: 40 more of the same 40 test images right.');
    expect(far.meaning).toContain('in fewer than 1 of 1,000 tests');
  });

  test('a split that chance makes often tells nothing', () => {
    // 0 against 5: p = 2 / 32 = 0.0625.
    const { verdict, meaning } = words('-----+', '++++++');
    expect(verdict).toBe('They cannot be told apart on 6 images.');
    expect(meaning).toContain('They differ on 5: 0 only Run 1 got right, 5 only Run 2.');
    expect(meaning).toContain('in 6 of 100 tests');
  });

  test('the same answers everywhere, and no common image, are said as what they are', () => {
    expect(words('++-', '++-').verdict).toContain('each image is right in both or wrong in both');
    expect(words('', '').verdict).toContain('no test image that both judged');
  });

  test('what is left out is told, and that few images show little', () => {
    const first = judged('++', { parts: ['test', 'train'] });
    const { caveats } = comparisonWords(compareJudged(first, judged('++')), ['Run 1', 'Run 2']);
    expect(caveats[0]).toContain('1 image was a test image in one run and not in the other, and is left out');
    expect(caveats[1]).toBe('1 image can show no difference.');
  });
});
