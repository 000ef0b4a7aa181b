import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exifTakenAt } from '../../../src/engine/exif-time.ts';

interface MadeUp {
  readonly isLittle?: boolean;
  readonly taken?: string | null;
  readonly subSec?: string | null;
  /** A segment before the Exif one, as JFIF has. */
  readonly before?: readonly number[];
}

/** A JPEG up to its scan, with the fields asked for. Lengths stand where their names say, so that tests can break them. */
function madeUpJpeg({ isLittle = true, taken = '2024:06:01 12:00:00', subSec = null, before = [] }: MadeUp = {}) {
  const tiff: number[] = isLittle ? [0x49, 0x49] : [0x4d, 0x4d];
  const put = (value: number, bytes: number) => {
    for (let at = 0; at < bytes; at += 1) tiff.push((value >>> (8 * (isLittle ? at : bytes - 1 - at))) & 255);
  };
  const field = (tag: number, kind: number, count: number, value: number) => {
    put(tag, 2);
    put(kind, 2);
    put(count, 4);
    put(value, 4);
  };
  const texts = [
    ...(taken === null ? [] : [{ tag: 0x9003, text: `${taken}\0` }]),
    ...(subSec === null ? [] : [{ tag: 0x9291, text: `${subSec}\0` }]),
  ];
  put(42, 2);
  put(8, 4);
  put(1, 2);
  field(0x8769, 4, 1, 26);
  put(0, 4);
  put(texts.length, 2);
  let textAt = 26 + 2 + 12 * texts.length + 4;
  for (const { tag, text } of texts) {
    if (text.length <= 4) {
      put(tag, 2);
      put(2, 2);
      put(text.length, 4);
      for (let at = 0; at < 4; at += 1) tiff.push(text.charCodeAt(at) || 0);
    } else {
      field(tag, 2, text.length, textAt);
      textAt += text.length;
    }
  }
  put(0, 4);
  for (const { text } of texts) if (text.length > 4) for (const letter of text) tiff.push(letter.charCodeAt(0));
  const length = tiff.length + 8;
  return Uint8Array.from([
    ...[0xff, 0xd8, ...before, 0xff, 0xe1, length >> 8, length & 255],
    ...[0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff, 0xff, 0xda, 0, 2],
  ]);
}

const NOON = Date.UTC(2024, 5, 1, 12, 0, 0);

describe('the time of a photo', () => {
  test.each([true, false])('is read in either byte order (little: %s)', (isLittle) => {
    expect(exifTakenAt(madeUpJpeg({ isLittle }))).toBe(NOON);
  });

  test.each([
    ['5', 500],
    ['05', 50],
    ['125', 125],
    ['125999', 126],
    ['', 0],
    ['  ', 0],
  ])('has the fraction of a second written as "%s"', (subSec, milliseconds) => {
    expect(exifTakenAt(madeUpJpeg({ subSec }))).toBe(NOON + milliseconds);
  });

  test('is found behind other segments', () => {
    const jfif = [0xff, 0xe0, 0, 8, 0x4a, 0x46, 0x49, 0x46, 0, 1];
    expect(exifTakenAt(madeUpJpeg({ before: jfif }))).toBe(NOON);
  });

  test.each(['0000:00:00 00:00:00', '    :  :     :  :  ', '2024:13:01 12:00:00', '2000:01:01 00:00:08', 'noon', ''])(
    'is unknown where the camera wrote "%s"',
    (taken) => {
      expect(exifTakenAt(madeUpJpeg({ taken }))).toBeNull();
    },
  );

  test('is unknown without the field, and in files that are no JPEG', () => {
    expect(exifTakenAt(madeUpJpeg({ taken: null }))).toBeNull();
    expect(exifTakenAt(Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).toBeNull();
    expect(exifTakenAt(new Uint8Array(0))).toBeNull();
  });
});

test('hostile lengths and offsets are never followed out of the file', () => {
  const good = madeUpJpeg({ subSec: '125' });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.constantFrom(0, 1, 127, 128, 255)), { maxLength: 12 }),
      fc.nat(good.length),
      (changes, length) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const takenAtMs = exifTakenAt(bytes.subarray(0, length));
        expect(takenAtMs === null || Number.isSafeInteger(takenAtMs)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test('bytes behind the part that was read do not count', () => {
  const bytes = madeUpJpeg();
  const behind = new Uint8Array(bytes.length + 64);
  behind.set(bytes);
  expect(exifTakenAt(behind.subarray(0, 40))).toBeNull();
});
