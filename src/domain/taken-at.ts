/** Names that a camera, a phone or this page's recorder gives a photo it takes; other names with a date in them are of another moment. */
const TAKEN_BY_NAME: readonly RegExp[] = [
  // The recorder of this page: camera-2026-11-28T09-00-00.125Z.jpg
  /^camera-(\d{4})-(\d\d)-(\d\d)T(\d\d)[-:](\d\d)[-:](\d\d)(?:\.(\d{3}))?Z?\b/i,
  // Older Android bursts: 00003IMG_00003_BURST20240101120000123_COVER.jpg, whose number is that of the whole burst.
  /_BURST(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?(?!\d)/i,
  // IMG_20240101_120000.jpg, IMG_20240101_120000_BURST001.jpg, PXL_20240101_120000123.jpg, 20240101_120000_001.jpg
  /^(?:(?:IMG|PXL|MVIMG|DSC|DCIM|PANO|BURST)[-_]?)?(\d{4})(\d\d)(\d\d)[-_](\d\d)(\d\d)(\d\d)(\d{3})?(?!\d)/i,
  // Windows: WIN_20240101_12_00_00_Pro.jpg
  /^WIN_(\d{4})(\d\d)(\d\d)_(\d\d)_(\d\d)_(\d\d)(?!\d)/i,
];

const EARLIEST_YEAR = 1990;
const LATEST_YEAR = 2200;

/**
 * When a photo was taken by its file's name, ms since 1970 by the camera's own clock; null for a name that does not say. A
 * plain counter, as in IMG_0001.jpg, says nothing.
 */
export function takenAtByName(name: string): number | null {
  for (const pattern of TAKEN_BY_NAME) {
    const found = pattern.exec(name);
    if (found !== null) return clockTime(found.slice(1).map((digits) => Number(digits ?? 0)));
  }
  return null;
}

/**
 * A moment as cameras write it, without a time zone, as if it were UTC.
 * @param fields year, month (1-12), day, hour, minute, second, millisecond.
 * @returns ms since 1970, or null for no moment of a calendar, and for the midnight that a camera's unset clock starts at.
 */
export function clockTime(fields: readonly number[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = fields;
  if (!(year >= EARLIEST_YEAR && year <= LATEST_YEAR && hour < 24 && minute < 60 && second < 61)) return null;
  const midnightMs = Date.UTC(year, month - 1, day);
  const date = new Date(midnightMs);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const isUnset = month === 1 && day === 1 && hour === 0 && minute === 0;
  return isUnset ? null : midnightMs + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}
