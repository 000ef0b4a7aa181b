/** What the first bytes of a file say. Sizes are as stored (before EXIF orientation), 0 where the header does not say. */
export type ImageHeader =
  | { readonly kind: 'image'; readonly mediaType: string; readonly widthPx: number; readonly heightPx: number }
  | { readonly kind: 'not-read'; readonly reason: 'empty' | 'not-an-image' | 'svg'; readonly detail: string };

type Size = readonly [widthPx: number, heightPx: number];
const UNKNOWN: Size = [0, 0];

/** Reads beyond the end give 0, so that a cut file has an unknown size instead of throwing. */
class Bytes {
  constructor(private readonly bytes: Uint8Array) {}
  get length(): number {
    return this.bytes.length;
  }
  u8(at: number): number {
    return this.bytes[at] ?? 0;
  }
  u16be(at: number): number {
    return this.u8(at) * 256 + this.u8(at + 1);
  }
  u16le(at: number): number {
    return this.u8(at + 1) * 256 + this.u8(at);
  }
  u24le(at: number): number {
    return this.u8(at + 2) * 65536 + this.u16le(at);
  }
  u32be(at: number): number {
    return this.u16be(at) * 65536 + this.u16be(at + 2);
  }
  u32le(at: number): number {
    return this.u16le(at + 2) * 65536 + this.u16le(at);
  }
  text(at: number, length: number): string {
    return String.fromCharCode(...this.bytes.subarray(at, at + length));
  }
}

/** Walks the JPEG segments to the frame header (SOF0-15 without DHT, JPG and DAC), ITU-T T.81 annex B. */
function jpegSize(bytes: Bytes): Size {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes.u8(at) !== 0xff) return UNKNOWN;
    const marker = bytes.u8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return [bytes.u16be(at + 7), bytes.u16be(at + 5)];
    // Fill bytes and markers without a body.
    const bare = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += marker === 0xff ? 1 : bare ? 2 : 2 + Math.max(2, bytes.u16be(at + 2));
  }
  return UNKNOWN;
}

/** The three kinds of WebP: lossy (RFC 6386), lossless and extended (RFC 9649). */
function webpSize(bytes: Bytes): Size {
  switch (bytes.text(12, 4)) {
    case 'VP8 ':
      return [bytes.u16le(26) % 16384, bytes.u16le(28) % 16384];
    case 'VP8L': {
      const bits = bytes.u32le(21);
      return [(bits % 16384) + 1, (Math.floor(bits / 16384) % 16384) + 1];
    }
    case 'VP8X':
      return [bytes.u24le(24) + 1, bytes.u24le(27) + 1];
    default:
      return UNKNOWN;
  }
}

/** Windows bitmaps, and the older OS/2 header of 12 bytes. A negative height means rows from the top. */
function bmpSize(bytes: Bytes): Size {
  if (bytes.u32le(14) === 12) return [bytes.u16le(18), bytes.u16le(20)];
  const height = bytes.u32le(22);
  return [bytes.u32le(18), height >= 2 ** 31 ? 2 ** 32 - height : height];
}

/** The largest `ispe` (image spatial extents) box: a grid or a thumbnail may bring smaller ones. ISO/IEC 23008-12. */
function avifSize(bytes: Bytes): Size {
  let best: Size = UNKNOWN;
  const last = Math.min(bytes.length - 16, 65_536);
  for (let at = 0; at < last; at += 1) {
    if (bytes.u8(at) !== 0x69 || bytes.text(at, 4) !== 'ispe') continue;
    const size: Size = [bytes.u32be(at + 8), bytes.u32be(at + 12)];
    if (size[0] * size[1] > best[0] * best[1]) best = size;
  }
  return best;
}

const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';
const AVIF_BRANDS = ['avif', 'avis'];
const HEIF_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];

/** True for a PNG with 16 bits a channel, of which a canvas keeps the upper 8. https://www.w3.org/TR/png-3/#11IHDR */
export function isDeepPng(start: Uint8Array): boolean {
  const bytes = new Bytes(start);
  return bytes.text(0, 8) === PNG_SIGNATURE && bytes.u8(24) === 16;
}

function measure(bytes: Bytes): readonly [mediaType: string, size: Size] | null {
  if (bytes.u16be(0) === 0xffd8 && bytes.u8(2) === 0xff) return ['image/jpeg', jpegSize(bytes)];
  if (bytes.text(0, 8) === PNG_SIGNATURE) return ['image/png', [bytes.u32be(16), bytes.u32be(20)]];
  if (bytes.text(0, 4) === 'RIFF' && bytes.text(8, 4) === 'WEBP') return ['image/webp', webpSize(bytes)];
  if (/^GIF8[79]a$/.test(bytes.text(0, 6))) return ['image/gif', [bytes.u16le(6), bytes.u16le(8)]];
  // "BM" alone begins many texts; the offset of the pixels never reaches into the headers.
  if (bytes.text(0, 2) === 'BM' && bytes.u32le(10) >= 26 && bytes.u32le(14) >= 12 && bytes.u32le(14) <= 124) {
    return ['image/bmp', bmpSize(bytes)];
  }
  if (isoBrands(bytes).some((brand) => AVIF_BRANDS.includes(brand))) return ['image/avif', avifSize(bytes)];
  return null;
}

/** Major and compatible brands of an ISO media file; empty for anything else. */
function isoBrands(bytes: Bytes): string[] {
  if (bytes.text(4, 4) !== 'ftyp') return [];
  const end = Math.min(bytes.u32be(0), bytes.length, 256);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) brands.push(bytes.text(at, 4));
  return brands;
}

/** Names what a file without a readable picture is, as far as its first bytes tell. */
function nameOther(bytes: Bytes): ImageHeader {
  const start = bytes
    .text(0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  const notAnImage = (detail: string): ImageHeader => ({ kind: 'not-read', reason: 'not-an-image', detail });
  if (start.startsWith('<svg') || (/^<(\?xml|!--|!doctype svg)/.test(start) && start.includes('<svg'))) {
    return { kind: 'not-read', reason: 'svg', detail: 'A drawing in SVG has no pixels of its own.' };
  }
  if (isoBrands(bytes).some((brand) => HEIF_BRANDS.includes(brand))) {
    return notAnImage('HEIC photos cannot be read by browsers; save them as JPEG.');
  }
  if (/^(ii\*\0|mm\0\*)/.test(start)) return notAnImage('TIFF cannot be read by browsers; save it as PNG or JPEG.');
  if (/^<(!doctype html|html|head|body|\?xml)/.test(start)) return notAnImage('This is a web page, not an image.');
  if (start.startsWith('%pdf')) return notAnImage('This is a PDF document, not an image.');
  return notAnImage('The first bytes belong to no image format that is read here.');
}

/**
 * Tells type and stored size of JPEG, PNG, WebP, GIF, BMP and AVIF from a file's first bytes, whatever its name says.
 * The first 64 kB are nearly always enough; a JPEG with a long EXIF block may need more to show its size.
 */
export function readImageHeader(start: Uint8Array): ImageHeader {
  if (start.length === 0) return { kind: 'not-read', reason: 'empty', detail: 'The file has no bytes.' };
  const bytes = new Bytes(start);
  const measured = measure(bytes);
  if (measured === null) return nameOther(bytes);
  const [mediaType, [widthPx, heightPx]] = measured;
  return { kind: 'image', mediaType, widthPx, heightPx };
}
