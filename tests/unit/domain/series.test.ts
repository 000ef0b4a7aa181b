import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from '../../../src/domain/csv.ts';
import { thinnedPositions } from '../../../src/domain/series.ts';

describe('thinning a curve', () => {
  const curve = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN)), { maxLength: 3000 });

  test('never leaves more points than allowed', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 4, max: 700 }), (values, maxPoints) => {
        expect(thinnedPositions(values, maxPoints).length).toBeLessThanOrEqual(maxPoints);
      }),
    );
  });

  test('keeps the first, last, lowest and highest point, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 3000 }), (values) => {
        const kept = thinnedPositions(values, 50);
        const heights = kept.map((position) => values[position] ?? Number.NaN);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(values.length - 1);
        expect(Math.min(...heights)).toBe(Math.min(...values));
        expect(Math.max(...heights)).toBe(Math.max(...values));
        expect(kept.every((position, index) => index === 0 || position > (kept[index - 1] ?? 0))).toBe(true);
      }),
    );
  });

  test('leaves a short curve alone', () => {
    const values = Array.from({ length: 600 }, (_, position) => position % 7);
    expect(thinnedPositions(values)).toEqual(values.map((_, position) => position));
    expect(thinnedPositions([...values, 0]).length).toBeLessThanOrEqual(600);
  });

  test('finds a spike after a gap', () => {
    const values = new Array<number>(1000).fill(Number.NaN);
    values[503] = 9;
    expect(thinnedPositions(values, 20)).toContain(503);
  });
});

describe('writing CSV', () => {
  test('quotes what holds a comma, a quote or a line break', () => {
    expect(toCsv([['a,b', 'say "hi"', 'two\nlines', 'plain']])).toBe('"a,b","say ""hi""","two\nlines",plain\r\n');
  });

  test('leaves a field empty for nothing and for NaN', () => {
    expect(
      toCsv([
        ['class', 'recall'],
        ['rose', Number.NaN],
        ['tulip', null],
      ]),
    ).toBe('class,recall\r\nrose,\r\ntulip,\r\n');
  });

  test('disarms texts that a spreadsheet would run, but not numbers', () => {
    expect(toCsv([['=1+1', '+x', '-x', '@x', '\tx', -1, 0.5]])).toBe("'=1+1,'+x,'-x,'@x,'\tx,-1,0.5\r\n");
    expect(toCsv([['=HYPERLINK("a")']])).toBe('"\'=HYPERLINK(""a"")"\r\n');
  });
});
