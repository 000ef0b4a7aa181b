import { describe, expect, test } from 'vitest';
import { parseNumber } from '../../../src/ui/parse-number.ts';

const SPACES = [' ', '\u00a0', '\u2009', '\u202f'];
const GROUP_SIGNS = [',', '.', "'", '\u2019', ...SPACES];

describe('a whole number', () => {
  test.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    ['50', 50],
    [' 50 ', 50],
    ['+50', 50],
    ['-5', -5],
    ['\u22125', -5],
    ['4294967295', 4_294_967_295],
  ])('%j is read as %d', (text, value) => {
    expect(parseNumber(text, true)).toBe(value);
  });

  test.each(GROUP_SIGNS)('thousands grouped by %j are read as thousands', (sign) => {
    expect(parseNumber(`1${sign}000`, true)).toBe(1000);
    expect(parseNumber(`12${sign}345`, true)).toBe(12_345);
    expect(parseNumber(`123${sign}456${sign}789`, true)).toBe(123_456_789);
    expect(parseNumber(`-1${sign}000`, true)).toBe(-1000);
  });

  test.each(['1.5', '1,5', '2.25', '0.1234'])('the fraction of %j stays, for the field to refuse', (text) => {
    const value = parseNumber(text, true);
    expect(value).toBe(Number(text.replace(',', '.')));
    expect(Number.isInteger(value)).toBe(false);
  });

  test.each([
    ...['1,', '1.', '1,0', '1.0', '1,00', '10.00', '1,0000', '0,123', '01,000', '1,000,', ',000', '.5', ',5'],
    ...['1,00,000', '1,000.000', '1.000,5', '1,000.5', '1 000,000', '1  000', '1000,000', '1,000 000'],
    ...[
      '0x10',
      '0b11',
      '0o17',
      '1e3',
      '1E3',
      'Infinity',
      '-Infinity',
      'NaN',
      'ten',
      '12px',
      '5 %',
      '1_000',
      '--5',
      '+-5',
    ],
    ...['-', '+', '.', ',', '\u0661\u0662', '\uff11', '1/2', '=5'],
  ])('%j is refused', (text) => {
    expect(parseNumber(text, true)).toBeNaN();
  });
});

describe('a number with a fraction', () => {
  test.each([
    ['1', 1],
    ['0.01', 0.01],
    ['0,01', 0.01],
    ['0,001', 0.001],
    ['1,000', 1],
    ['1.250', 1.25],
    ['.5', 0.5],
    [',5', 0.5],
    ['1.', 1],
    ['1,', 1],
    ['-0,5', -0.5],
    ['\u22120.5', -0.5],
    ['+0.5', 0.5],
    ['1e-3', 0.001],
    ['1,5E-4', 0.00015],
    ['100', 100],
  ])('%j is read as %d', (text, value) => {
    expect(parseNumber(text, false)).toBe(value);
  });

  test.each([
    ...['1 000', '1,000.5', '1.000,5', '1,000,000', '0,0,1', '0..1', '1.2.3', "1'000", '1\u202f000'],
    ...['0x10', '0x1', 'Infinity', 'NaN', 'e5', '1e', '1e1000', '5%', '12px', '-', '.', ',', '1/2', '--1', '1-'],
  ])('%j is refused', (text) => {
    expect(parseNumber(text, false)).toBeNaN();
  });
});

test.each(['', ' ', '\u00a0', '\t\n'])('nothing typed (%j) is no number', (text) => {
  expect(parseNumber(text, true)).toBeNull();
  expect(parseNumber(text, false)).toBeNull();
});
