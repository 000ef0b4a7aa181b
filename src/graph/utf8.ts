const CHUNK = 8192;
const BAD = -1;
/** Shorter runs are not worth a call of their own. */
const WORTH_A_CALL = 32;

/** Smallest code point that needs this many bytes after the first; shorter spellings are not allowed. */
const LEAST = [0, 0x80, 0x800, 0x10000] as const;

/**
 * UTF-8 as text (RFC 3629); a byte order mark in front is left out. This folder may use no browser API.
 *
 * @returns null where the bytes are not well formed.
 */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const parts: string[] = [];
  let points: number[] = [];
  const flush = () => {
    parts.push(String.fromCodePoint(...points));
    points = [];
  };
  let position = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let asciiEnd = 0;
  while (position < bytes.length) {
    if (position >= asciiEnd) asciiEnd = endOfAscii(bytes, position);
    if (asciiEnd - position >= WORTH_A_CALL) {
      flush();
      parts.push(String.fromCharCode(...bytes.subarray(position, asciiEnd)));
      position = asciiEnd;
      continue;
    }
    const length = followers(bytes[position] ?? 0);
    const point = length === BAD ? BAD : codePoint(bytes, position, length);
    if (point === BAD) return null;
    points.push(point);
    position += length + 1;
    if (points.length === CHUNK) flush();
  }
  flush();
  return parts.join('');
}

/** Where a run of plain letters ends; descriptions are made of hardly anything else. At most a chunk further on. */
function endOfAscii(bytes: Uint8Array, start: number): number {
  const limit = Math.min(bytes.length, start + CHUNK);
  let end = start;
  while (end < limit && (bytes[end] ?? 0) < 0x80) end += 1;
  return end;
}

/** How many bytes belong to the one that starts a character. */
function followers(first: number): number {
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  return first >= 0xf0 && first < 0xf5 ? 3 : BAD;
}

function codePoint(bytes: Uint8Array, position: number, length: number): number {
  let point = (bytes[position] ?? 0) & (length === 0 ? 0x7f : 0x3f >> length);
  for (let i = 1; i <= length; i += 1) {
    const byte = bytes[position + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return BAD;
    point = (point << 6) | (byte & 0x3f);
  }
  const isSurrogate = point >= 0xd800 && point < 0xe000;
  return point < (LEAST[length] ?? 0) || isSurrogate || point > 0x10ffff ? BAD : point;
}
