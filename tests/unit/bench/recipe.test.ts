import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closureHash } from '../../../bench/recipe/code-closure.ts';
import { type DealtRows, dealRows } from '../../../bench/recipe/deal-rows.ts';
import { KeptScores } from '../../../bench/recipe/kept-scores.ts';
import { pairedDifference } from '../../../bench/recipe/paired-difference.ts';
import { markdownTable, overBackbones, summaryOf, type TableRow } from '../../../bench/recipe/table.ts';
import type { Part } from '../../../src/domain/dataset.ts';

const CLASSES = [
  { photoCount: 150, testedCount: 50 },
  { photoCount: 90, testedCount: 30 },
];

const photosOf = ({ classIndices, places, parts }: DealtRows, wanted: (part: Part) => boolean) =>
  parts.flatMap((part, row) => (wanted(part) ? [`${classIndices[row]} ${places[row]}`] : []));

describe('photos of a cell', () => {
  test('photos tested on are the same for every seed and size', () => {
    const one = photosOf(dealRows(CLASSES, 5, 1, true), (part) => part === 'test');
    const other = photosOf(dealRows(CLASSES, 'all', 2, true), (part) => part === 'test');
    expect(one).toHaveLength(80);
    expect(other).toEqual(one);
  });

  test('no photo is both learnt from and tested on', () => {
    const dealt = dealRows(CLASSES, 'all', 3, true);
    const all = photosOf(dealt, () => true);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(240);
  });

  test('each seed draws other photos, as many of every class', () => {
    const learnt = [1, 2].map((seed) => photosOf(dealRows(CLASSES, 20, seed, true), (part) => part !== 'test'));
    expect(learnt[0]).toHaveLength(40);
    expect(learnt[0]?.filter((photo) => photo.startsWith('0 '))).toHaveLength(20);
    expect(learnt[1]).not.toEqual(learnt[0]);
    expect(photosOf(dealRows(CLASSES, 20, 1, true), (part) => part !== 'test')).toEqual(learnt[0]);
  });

  test('every class has validation photos, or none has any', () => {
    const validation = photosOf(dealRows(CLASSES, 5, 4, true), (part) => part === 'validation');
    expect(new Set(validation.map((photo) => photo[0]))).toEqual(new Set(['0', '1']));
    expect(photosOf(dealRows(CLASSES, 5, 4, false), (part) => part === 'validation')).toEqual([]);
  });

  test('photos tested on come last', () => {
    const { parts } = dealRows(CLASSES, 10, 5, true);
    expect(parts.slice(0, 20)).not.toContain('test');
    expect(parts.slice(20).every((part) => part === 'test')).toBe(true);
  });
});

describe('what a score was computed by', () => {
  const files: Record<string, string> = {
    'a/entry.ts': "import { one } from './one.ts';\nimport type { Two } from '../two.ts';\n",
    'a/one.ts': "import {\n  type Three,\n  three,\n} from '../b/three.ts';\n",
    'b/three.ts': "export const three = 3;\nimport { one } from '../a/one.ts';\n",
    'two.ts': 'export interface Two {}\n',
  };
  const hashWith = (changed: Record<string, string>) =>
    closureHash('a/entry.ts', (file) => ({ ...files, ...changed })[file] ?? '');

  test('changes with a file that is imported through others', () => {
    expect(hashWith({ 'b/three.ts': 'export const three = 4;\n' })).not.toBe(hashWith({}));
  });

  test('stays when a file changes that gives types alone', () => {
    expect(hashWith({ 'two.ts': 'export interface Two { two: 2 }\n' })).toBe(hashWith({}));
  });
});

describe('scores between runs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'graft-scores-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are there again in the next run', () => {
    const file = join(folder, 'new', 'scores.jsonl');
    new KeptScores<number>(file, false).set('cell 1', 0.5);
    new KeptScores<number>(file, false).set('cell 2', 0.7);
    const kept = new KeptScores<number>(file, false);
    expect([kept.get('cell 1'), kept.get('cell 2'), kept.get('cell 3')]).toEqual([0.5, 0.7, undefined]);
  });

  test('survive a line that was cut off', () => {
    const file = join(folder, 'scores.jsonl');
    writeFileSync(file, '{"key":"cell 1","score":0.5}\n{"key":"cell 2","sc');
    const kept = new KeptScores<number>(file, false);
    kept.set('cell 3', 0.9);
    expect(kept.get('cell 2')).toBeUndefined();
    expect(new KeptScores<number>(file, false).get('cell 3')).toBe(0.9);
    expect(new KeptScores<number>(file, false).get('cell 1')).toBe(0.5);
  });

  test('a fresh run leaves them aside', () => {
    const file = join(folder, 'scores.jsonl');
    new KeptScores<number>(file, false).set('cell', 0.5);
    expect(new KeptScores<number>(file, true).get('cell')).toBeUndefined();
  });
});

describe('the table', () => {
  test('a difference counts photos and seeds in its standard error', () => {
    const { mean, standardError } = pairedDifference(['1110', '1100'], ['1010', '1100']);
    expect(mean).toBeCloseTo(0.125);
    // Photos differ by 0, 0.5, 0, 0: variance of the mean 1/64. Seeds differ by 0.25 and 0: 1/64.
    expect(standardError).toBeCloseTo(Math.sqrt(2 / 64));
    expect(pairedDifference(['10'], ['10'])).toEqual({ mean: 0, standardError: 0 });
  });

  const row = (size: number, rights: Record<string, string[]>): TableRow<string> => ({
    backboneId: 'net',
    dataset: 'photos',
    size,
    rights: new Map(Object.entries(rights)),
  });

  test('shows percent, the best of a line in bold, and what is missing', () => {
    const columns = ['means', 'auto', 'other'].map((column) => ({ column, title: column }));
    expect(markdownTable([row(5, { means: ['1000', '1100'], auto: ['1110'] })], columns)).toBe(
      [
        '| backbone | photos | a class | means | auto | other |',
        '| --- | --- | --- | --- | --- | --- |',
        '| `net` | photos | 5 | 37.5 | **75.0** | - |',
      ].join('\n'),
    );
  });

  test('means over backbones leave out rows that lack a column', () => {
    const lacking = row(5, { means: ['1111'] });
    const rows = [row(5, { means: ['1000'], auto: ['1111'] }), row(5, { means: ['1100'], auto: ['1110'] }), lacking];
    const [mean, ...others] = overBackbones(rows, ['means', 'auto']);
    expect(others).toEqual([]);
    expect(mean).toMatchObject({ backboneId: 'mean of 2', dataset: 'photos', size: 5 });
    expect(mean?.rights.get('means')).toEqual(['1000', '1100']);
  });

  test('says which cells are clearly under the class means', () => {
    const clearly = row(5, {
      means: ['1'.repeat(100)],
      auto: ['0'.repeat(90) + '1'.repeat(10)],
      judge: ['1'.repeat(100)],
    });
    const within = row(10, { means: ['1101'], auto: ['1011'], judge: ['1001'] });
    const lines = summaryOf([clearly, within], { own: 'auto', others: ['means'], simplest: 'means', judge: 'judge' });
    expect(lines[0]).toContain('45.0 points over 2 cells');
    expect(lines[1]).toContain('-32.5 points');
    expect(lines.slice(2)).toEqual([
      'cells more than 2 standard errors under means: 1 (aim: 0)',
      '  net photos 5: -90.0 points, standard error 3.0',
    ]);
  });
});
