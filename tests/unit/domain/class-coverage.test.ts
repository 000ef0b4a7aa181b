import { expect, test } from 'vitest';
import { coverageSentences, datasetCoverage, namesText, runCoverage } from '../../../src/domain/class-coverage.ts';
import { type Dataset, PARTS, type Part } from '../../../src/domain/dataset.ts';
import { scoreCautions, shortCautions } from '../../../src/domain/score-cautions.ts';
import { DEFAULT_SPLIT } from '../../../src/domain/split.ts';
import { runOf } from '../../helpers/sample-run.ts';
import { datasetOf, imageItem } from './dataset-arbitraries.ts';

/** Images locked to parts, by class. */
function lockedDataset(counts: Readonly<Record<string, Partial<Record<Part, number>>>>): Dataset {
  const items = Object.entries(counts).flatMap(([classId, byPart]) =>
    PARTS.flatMap((lockedPart) =>
      Array.from({ length: byPart[lockedPart] ?? 0 }, (_, index) =>
        imageItem(`${classId}-${lockedPart}-${index}`, classId, { lockedPart }),
      ),
    ),
  );
  return datasetOf(
    Object.keys(counts).map((id, colorIndex) => ({ id, name: id, colorIndex })),
    items,
  );
}

test('classes without a training, test or validation image are named', () => {
  const dataset = lockedDataset({
    cat: { train: 8, validation: 2, test: 4 },
    dog: { train: 8, test: 4 },
    bird: { train: 8, validation: 2 },
    unknown: { test: 4 },
    empty: {},
  });
  const coverage = datasetCoverage(dataset, DEFAULT_SPLIT);
  expect(coverage).toEqual({ untrained: ['unknown'], untested: ['bird'], unvalidated: ['dog'] });
  expect(coverageSentences(coverage)).toEqual([
    'No image of “unknown” is in the training part, so the model does not know this class: its images are left out, of the scores too.',
    'Not tested: “bird”. The test part has no image of it.',
    'The validation part has no image of “dog”.',
  ]);
});

test('an empty part is not a gap of every class', () => {
  const coverage = datasetCoverage(lockedDataset({ a: { train: 2 }, b: { train: 1 } }), DEFAULT_SPLIT);
  expect(coverage).toEqual({ untrained: [], untested: [], unvalidated: [] });
});

test('a run says what its score says nothing of, and an older one nothing', () => {
  const run = runOf(['one', 'two', 'sixty'], {
    classParts: [
      { train: 1, validation: 0, test: 0 },
      { train: 2, validation: 0, test: 0 },
      { train: 42, validation: 9, test: 9 },
    ],
    leftOut: [{ name: 'zero', imageCount: 1 }],
  });
  expect(runCoverage(run)).toEqual({ untrained: ['zero'], untested: ['one', 'two'], unvalidated: ['one', 'two'] });
  expect(scoreCautions(run, 'test')).toEqual([
    expect.stringMatching(/^No image of “zero”/),
    'Not tested: “one” and “two”. The test part has no image of them.',
  ]);
  expect(shortCautions(run)).toBe('3 classes not tested');
  const older = runOf(['one', 'two']);
  expect(scoreCautions(older, 'test')).toEqual([]);
  expect(shortCautions(older)).toBe('');
});

test('many names are counted', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  expect(namesText(names)).toBe('“a”, “b”, “c”, “d”, “e” and 3 more');
  expect(namesText(names.slice(0, 6))).toBe('“a”, “b”, “c”, “d”, “e” and “f”');
  expect(namesText(['a', 'b'])).toBe('“a” and “b”');
  expect(namesText(['a'])).toBe('“a”');
});
