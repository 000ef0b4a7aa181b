/** A size in pixels. */
interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Below it the whole picture is decoded as fast (`npm run bench decoding`). */
const LEAST_PIXELS = 2_000_000;
/** JPEG decoders leave out up to three halvings: of 8 x 8 frequencies they then use 4 x 4, 2 x 2 or 1. */
const MOST_HALVINGS = 3;
/** Difference of a byte in the middle of a one-coloured field that JPEG itself may make. */
const FIELD_TOLERANCE = 24;

/**
 * Halvings a decoder may take over from the canvas: those that leave the shorter side at least `leastSidePx`, as the canvas
 * would go on halving until then.
 */
export function decoderHalvings({ widthPx, heightPx }: Size, leastSidePx: number): number {
  if (widthPx * heightPx < LEAST_PIXELS) return 0;
  const shorter = Math.min(widthPx, heightPx);
  let halvings = 0;
  while (halvings < MOST_HALVINGS && Math.ceil(shorter / 2 ** (halvings + 1)) >= leastSidePx) halvings += 1;
  return halvings;
}

/** An upright picture smaller than it was stored, and the size of the whole. */
interface ShrunkPicture extends Size {
  readonly bitmap: ImageBitmap;
}

/**
 * Decodes a JPEG at a fraction of its size, which takes less than half the time.
 *
 * @param stored its size before it is turned upright.
 * @param halvings from `decoderHalvings`, at least 1.
 * @returns null where this browser cannot, or not as it decodes whole pictures: then the whole one has to be decoded, which also
 * says what is wrong with a damaged file.
 */
export async function decodeShrunk(jpeg: Blob, stored: Size, halvings: number): Promise<ShrunkPicture | null> {
  if (!(await isTrustworthy())) return null;
  return shrink(jpeg, stored, halvings).catch(() => null);
}

/** @throws where the file is damaged, or the decoder has none of that size. */
async function shrink(jpeg: Blob, { widthPx, heightPx }: Size, halvings: number): Promise<ShrunkPicture> {
  const desiredWidth = Math.ceil(widthPx / 2 ** halvings);
  const desiredHeight = Math.ceil(heightPx / 2 ** halvings);
  if (desiredWidth === desiredHeight && widthPx !== heightPx) throw new Error('No telling whether it was turned');
  const data = await jpeg.arrayBuffer();
  const decoder = new ImageDecoder({ data, type: 'image/jpeg', desiredWidth, desiredHeight });
  try {
    const { image } = await decoder.decode();
    try {
      if (image.codedWidth !== desiredWidth || image.codedHeight !== desiredHeight) throw new Error('Another size');
      const bitmap = await createImageBitmap(image);
      const isTurned = bitmap.width !== desiredWidth;
      return { bitmap, widthPx: isTurned ? heightPx : widthPx, heightPx: isTurned ? widthPx : heightPx };
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}

let trust: Promise<boolean> | null = null;

/** Whether this browser's decoder shrinks and turns pictures upright as it does whole ones; tried once in each worker. */
function isTrustworthy(): Promise<boolean> {
  trust ??= tryOut().catch(() => false);
  return trust;
}

const FIELDS = ['#c82828', '#28c828', '#2828c8', '#c8c828'];
const TRIED: Size = { widthPx: 64, heightPx: 32 };

/** Four fields of one colour each, in orientations that turn, mirror and do both. */
async function tryOut(): Promise<boolean> {
  if (typeof ImageDecoder === 'undefined') return false;
  const canvas = new OffscreenCanvas(TRIED.widthPx, TRIED.heightPx);
  const context = canvas.getContext('2d');
  if (context === null) return false;
  FIELDS.forEach((color, index) => {
    context.fillStyle = color;
    context.fillRect((index % 2) * 32, Math.floor(index / 2) * 16, 32, 16);
  });
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 });
  for (const orientation of [1, 2, 6, 7]) {
    const turned = withOrientation(jpeg, orientation);
    const whole = fieldsOf(await createImageBitmap(turned, { imageOrientation: 'from-image' }));
    const shrunk = fieldsOf((await shrink(turned, TRIED, 1)).bitmap);
    if (whole.some((value, at) => Math.abs(value - (shrunk[at] ?? 0)) > FIELD_TOLERANCE)) return false;
  }
  return true;
}

/** The colours in the middles of the four quarters, RGBA. @param bitmap closed. */
function fieldsOf(bitmap: ImageBitmap): number[] {
  const context = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser has no canvas in workers');
  context.drawImage(bitmap, 0, 0, 8, 8);
  bitmap.close();
  const places = [2, 5].flatMap((y) => [2, 5].map((x) => [x, y] as const));
  return places.flatMap(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
}

/** A JPEG with an EXIF segment of one entry behind its first two bytes. @param orientation 1-8, of a JPEG that has none. */
function withOrientation(jpeg: Blob, orientation: number): Blob {
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8];
  const entry = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const content = [...exif, ...tiff, ...entry];
  const segment = Uint8Array.of(0xff, 0xe1, 0, content.length + 2, ...content);
  return new Blob([jpeg.slice(0, 2), segment, jpeg.slice(2)], { type: 'image/jpeg' });
}
