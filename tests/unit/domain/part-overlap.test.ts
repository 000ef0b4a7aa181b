import { expect, test } from 'vitest';
import type { Part } from '../../../src/domain/dataset.ts';
import { overlapSentence, overlapsOf, strongestPart } from '../../../src/domain/part-overlap.ts';

test('the held-out part wins, whatever the order', () => {
  expect(strongestPart(['train', 'validation', 'test'])).toBe('test');
  expect(strongestPart(['validation', 'train'])).toBe('validation');
  expect(strongestPart(['train'])).toBe('train');
  expect(strongestPart([])).toBeNull();
});

test('photos in two parts are counted by pair and told in one sentence each', () => {
  const parts: [string, Part[]][] = [
    ['1', ['train', 'test']],
    ['2', ['test', 'train']],
    ['3', ['train', 'validation', 'test']],
    ['4', ['train', 'validation']],
    ['5', ['train']],
  ];
  const overlaps = overlapsOf(new Map(parts.map(([hash, own]) => [hash, new Set(own)])));
  expect(overlaps).toEqual([
    { keptIn: 'test', alsoIn: 'validation', photoCount: 1 },
    { keptIn: 'test', alsoIn: 'train', photoCount: 3 },
    { keptIn: 'validation', alsoIn: 'train', photoCount: 1 },
  ]);
  expect(overlaps.map(overlapSentence)).toEqual([
    '1 photo is in both the test and the validation folder. It is kept in the test part alone.',
    '3 photos are in both the test and the training folder. They are kept in the test part and not learnt from.',
    '1 photo is in both the validation and the training folder. It is kept in the validation part and not learnt from.',
  ]);
});
