import { clockTime } from '../domain/taken-at.ts';

const EXIF_IFD = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const SUB_SEC_TIME_ORIGINAL = 0x9291;

const ASCII = 2;
/** Cameras write some dozens of fields; a file that claims more is not believed. */
const MOST_FIELDS = 512;
const LONGEST_TEXT = 32;

/**
 * When a JPEG was taken by its EXIF data: DateTimeOriginal with SubSecTimeOriginal (CIPA DC-008), ms since 1970 by the camera's own
 * clock. Null for other files, without the field, or where it is damaged: nothing outside of the bytes is read, whatever
 * lengths and offsets the file claims.
 *
 * @param start the first bytes of the file; EXIF data stands among the first segments.
 */
export function exifTakenAt(start: Uint8Array): number | null {
  const tiff = tiffBlock(start);
  if (tiff === null) return null;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return null;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const block = { view, isLittle: order === 0x4949 };
  if (u16(block, 2) !== 42) return null;
  const exif = field(block, u32(block, 4), EXIF_IFD);
  if (exif === null) return null;
  const directory = u32(block, exif + 8);
  const taken = text(block, field(block, directory, DATE_TIME_ORIGINAL));
  const found = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(taken);
  if (found === null) return null;
  const fraction = /^\d+/.exec(text(block, field(block, directory, SUB_SEC_TIME_ORIGINAL)))?.[0] ?? '';
  return clockTime([...found.slice(1).map(Number), Math.round(Number(`0.${fraction || 0}`) * 1000)]);
}

/** The TIFF block of the first Exif segment (ITU-T T.81 annex B: APP1), as much of it as is there; null without one. */
function tiffBlock(bytes: Uint8Array): Uint8Array | null {
  const at16 = (at: number) => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  if (at16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = at16(at);
    const length = at16(at + 2);
    // From the start of the scan on there are no more headers.
    if (marker < 0xff01 || marker === 0xffda || length < 2) return null;
    const isExif = marker === 0xffe1 && [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, i) => bytes[at + 4 + i] === byte);
    if (isExif) return bytes.subarray(at + 10, at + 2 + length);
    at += 2 + length;
  }
  return null;
}

interface Block {
  readonly view: DataView;
  readonly isLittle: boolean;
}

/** 0 beyond the end. */
function u16({ view, isLittle }: Block, at: number): number {
  return at >= 0 && at + 2 <= view.byteLength ? view.getUint16(at, isLittle) : 0;
}

/** 0 beyond the end. */
function u32({ view, isLittle }: Block, at: number): number {
  return at >= 0 && at + 4 <= view.byteLength ? view.getUint32(at, isLittle) : 0;
}

/** Where the twelve bytes of a field stand in the directory at an offset; null when it is not in it. */
function field(block: Block, directory: number, tag: number): number | null {
  if (directory < 8) return null;
  const count = Math.min(u16(block, directory), MOST_FIELDS);
  for (let index = 0; index < count; index += 1) {
    const at = directory + 2 + 12 * index;
    if (at + 12 > block.view.byteLength) return null;
    if (u16(block, at) === tag) return at;
  }
  return null;
}

/** The text of a field, up to its first zero; empty for another kind of field. */
function text(block: Block, at: number | null): string {
  if (at === null || u16(block, at + 2) !== ASCII) return '';
  const length = Math.min(u32(block, at + 4), LONGEST_TEXT);
  // Four bytes or fewer stand in the field itself.
  const from = length <= 4 ? at + 8 : u32(block, at + 8);
  if (from + length > block.view.byteLength) return '';
  let found = '';
  for (let index = 0; index < length; index += 1) {
    const code = block.view.getUint8(from + index);
    if (code === 0) break;
    found += String.fromCharCode(code);
  }
  return found;
}
