import { halvedOnce, type Placement, placementOf } from '../domain/preprocessing.ts';
import type { ResizeMode } from '../domain/project.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import type { RejectReason } from './contract.ts';
import { exifTakenAt } from './exif-time.ts';
import { type ImageHeader, readImageHeader } from './image-header.ts';
import { perceptualHash } from './perceptual-hash.ts';
import { PixelBudget } from './pixel-budget.ts';
import { decoderHalvings, decodeShrunk } from './shrinking-decoder.ts';

/** An image that was not taken, and why. */
export class RejectedImage extends Error {
  override readonly name = 'RejectedImage';
  constructor(
    readonly reason: RejectReason,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

/** A decoded image, upright (EXIF applied). */
export interface OpenedImage {
  /** The picture, or of a large JPEG perhaps a half, a quarter or an eighth of it. Closed by whoever opened it. */
  readonly bitmap: ImageBitmap;
  readonly mediaType: string;
  /** Of the whole picture. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** By its EXIF data, ms since 1970 by the camera's own clock; null where it does not say. */
  readonly takenAtMs: number | null;
}

const MEGA = 1_000_000;
const MAX_PIXELS = 100 * MEGA;
const HEADER_BYTES = 64 * 1024;
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const THUMBNAIL_SIDE_PX = 144;
const THUMBNAIL_QUALITY = 0.8;

/** Beyond it a picture is opened alone, whatever other workers and tabs are doing. */
const LARGE_PIXELS = 20 * MEGA;

const openPixels = new PixelBudget();

/** One large picture at a time among all workers of all tabs; two at once could take all memory of a phone. */
function openAlone<T>(open: () => Promise<T>): Promise<T> {
  // Browsers without locks, or pages not allowed to use them, still open one at a time in each worker.
  if (navigator.locks === undefined) return open();
  return navigator.locks.request('graft-large-picture', open);
}

async function readBytes(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    throw new RejectedImage('unreadable', 'The file could not be read. It may have been moved or deleted.', {
      cause: error,
    });
  }
}

type FoundHeader = ImageHeader & { readonly kind: 'image' } & Pick<OpenedImage, 'takenAtMs'>;

async function readHeader(blob: Blob): Promise<FoundHeader> {
  const check = (bytes: Uint8Array): FoundHeader => {
    const header = readImageHeader(bytes);
    if (header.kind === 'image') return { ...header, takenAtMs: exifTakenAt(bytes) };
    throw new RejectedImage(header.reason, header.detail);
  };
  const header = check(await readBytes(blob.slice(0, HEADER_BYTES)));
  if (header.widthPx > 0 || blob.size <= HEADER_BYTES) return header;
  return check(await readBytes(blob));
}

/** @throws RejectedImage 'too-large' before anything is decoded: a small file can claim any size. */
function checkSize(widthPx: number, heightPx: number): void {
  const pixelCount = widthPx * heightPx;
  if (pixelCount <= MAX_PIXELS) return;
  const megapixels = Math.round(pixelCount / MEGA);
  throw new RejectedImage('too-large', `${widthPx} x ${heightPx} is ${megapixels} megapixels; the limit is 100.`);
}

/** @param leastSidePx what is wanted of it at least, px. */
async function decode(blob: Blob, header: FoundHeader, leastSidePx: number): Promise<OpenedImage> {
  const { mediaType, takenAtMs } = header;
  const halvings = mediaType === 'image/jpeg' ? decoderHalvings(header, leastSidePx) : 0;
  const shrunk = halvings === 0 ? null : await decodeShrunk(blob, header, halvings);
  if (shrunk !== null) return { ...shrunk, mediaType, takenAtMs };
  const bitmap = await decodeWhole(blob, mediaType);
  return { bitmap, mediaType, widthPx: bitmap.width, heightPx: bitmap.height, takenAtMs };
}

async function decodeWhole(blob: Blob, mediaType: string): Promise<ImageBitmap> {
  try {
    // A type the name got wrong, for example text/html, would be refused unseen.
    const typed = blob.type === mediaType ? blob : blob.slice(0, blob.size, mediaType);
    return await createImageBitmap(typed, { imageOrientation: 'from-image' });
  } catch (error) {
    throw new RejectedImage('broken', 'The image is damaged or incomplete.', { cause: error });
  }
}

/**
 * Decodes an image, hands it to `use` and closes it. Pictures over 20 megapixels are open strictly one at a time.
 *
 * @param side of the square that is wanted of it, px; a thumbnail can be made of it in any case.
 * @throws RejectedImage for anything that is no whole picture of at most 100 megapixels.
 */
export async function withImage<T>(blob: Blob, side: number, use: (image: OpenedImage) => Promise<T>): Promise<T> {
  if (blob.size > MAX_FILE_BYTES) throw new RejectedImage('too-large', 'The file is larger than 256 MB.');
  const header = await readHeader(blob);
  const { widthPx, heightPx } = header;
  checkSize(widthPx, heightPx);
  const open = async () => {
    const image = await decode(blob, header, Math.max(side, THUMBNAIL_SIDE_PX));
    try {
      return await use(image);
    } finally {
      image.bitmap.close();
    }
  };
  const pixelCount = widthPx * heightPx;
  return openPixels.use(pixelCount, () => (pixelCount > LARGE_PIXELS ? openAlone(open) : open()));
}

function openCanvas(): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser has no canvas in workers');
  return context;
}

/** Setting a size also clears the canvas and resets the state of its context. */
function resize({ canvas }: OffscreenCanvasRenderingContext2D, width: number, height: number): void {
  canvas.width = width;
  canvas.height = height;
}

type Picture = ImageBitmap | OffscreenCanvas;

/** Two canvases in turn: a picture is halved from one to the other. */
class Halver {
  private readonly pair = [openCanvas(), openCanvas()] as const;

  /** @returns the picture itself, or a canvas that holds until the next call, less than twice the wanted size. */
  shrink(picture: Picture, wanted: { readonly width: number; readonly height: number }): Picture {
    let shrunk = picture;
    let [target, other] = this.pair;
    for (;;) {
      const width = halvedOnce(shrunk.width, wanted.width);
      const height = halvedOnce(shrunk.height, wanted.height);
      if (width === shrunk.width && height === shrunk.height) return shrunk;
      resize(target, width, height);
      target.imageSmoothingQuality = 'low';
      target.drawImage(shrunk, 0, 0, width, height);
      shrunk = target.canvas;
      [target, other] = [other, target];
    }
  }

  /** Gives the memory back: half a large photo is tens of megabytes. */
  clear(): void {
    for (const context of this.pair) resize(context, 1, 1);
  }
}

/** One canvas, reused: a new one for each image costs more than the drawing. */
class SquareCanvas {
  private readonly context = openCanvas();

  /** Draws on white. */
  draw(picture: Picture, side: number, at: Placement, smoothing: 'low' | 'medium'): void {
    const { context } = this;
    resize(context, side, side);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    context.imageSmoothingQuality = smoothing;
    context.drawImage(picture, at.x, at.y, at.width, at.height);
  }

  /** @returns uint8 [side, side, 3] RGB. */
  pixels(side: number): Uint8Array {
    const data = this.rgba(side);
    const rgb = new Uint8Array(side * side * 3);
    for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
      rgb[to] = data[from] ?? 0;
      rgb[to + 1] = data[from + 1] ?? 0;
      rgb[to + 2] = data[from + 2] ?? 0;
    }
    return rgb;
  }

  /** uint8 [side, side, 4] RGBA. */
  rgba(side: number): Uint8ClampedArray {
    return this.context.getImageData(0, 0, side, side).data;
  }

  async toFile(): Promise<ThumbnailFile> {
    // A browser that cannot write WebP gives PNG here, which serves as well.
    const blob = await this.context.canvas.convertToBlob({ type: 'image/webp', quality: THUMBNAIL_QUALITY });
    return { bytes: new Uint8Array(await blob.arrayBuffer()), mediaType: blob.type };
  }
}

let pixelCanvas: SquareCanvas | null = null;
let halver: Halver | null = null;

/**
 * The pre-processing of this program, the only one: training, try-out and parity samples all pass here.
 * Centre square crop, squash or white-padded fit; sRGB; transparency on white; shrunk by halves
 * and the rest bilinearly. Whoever changes what comes out raises `FEATURE_VERSION`.
 *
 * @param bitmap borrowed.
 * @returns uint8 [side, side, 3] RGB.
 */
export function toPixels(bitmap: ImageBitmap, side: number, mode: ResizeMode): Uint8Array {
  pixelCanvas ??= new SquareCanvas();
  halver ??= new Halver();
  const at = placementOf(bitmap.width, bitmap.height, side, mode);
  pixelCanvas.draw(halver.shrink(bitmap, at), side, at, 'low');
  halver.clear();
  return pixelCanvas.pixels(side);
}

/** Rows looked at in one go. */
const STRIP_ROWS = 256;

/** Whether a picture has any pixel with a channel above `level`, 0 to 255. @param bitmap borrowed. */
export function isBrighterThan(bitmap: ImageBitmap, level: number): boolean {
  const context = openCanvas();
  for (let top = 0; top < bitmap.height; top += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, bitmap.height - top);
    resize(context, bitmap.width, rows);
    context.drawImage(bitmap, 0, -top);
    const { data } = context.getImageData(0, 0, bitmap.width, rows);
    if (data.some((value, index) => index % 4 !== 3 && value > level)) return true;
  }
  return false;
}

/** `toPixels` of a file. @throws RejectedImage. */
export function decodePixels(blob: Blob, side: number, mode: ResizeMode): Promise<Uint8Array> {
  return withImage(blob, side, async ({ bitmap }) => toPixels(bitmap, side, mode));
}

/** Canvases of thumbnails being written; writing is asynchronous, so each needs its own until it is done. */
const idleThumbnailCanvases: SquareCanvas[] = [];

/** What a picture looks like, for people and for telling copies of it. */
interface Preview {
  /** A centre crop of 144 x 144 px as WebP. */
  readonly thumbnail: ThumbnailFile;
  /** Of that crop; see `perceptual-hash.ts`. */
  readonly perceptualHash: string;
}

/** @param bitmap borrowed. */
export async function toPreview(bitmap: ImageBitmap): Promise<Preview> {
  const canvas = idleThumbnailCanvases.pop() ?? new SquareCanvas();
  try {
    const at = placementOf(bitmap.width, bitmap.height, THUMBNAIL_SIDE_PX, 'crop');
    // Medium goes through a mipmap in one call: quick, and no model sees it.
    canvas.draw(bitmap, THUMBNAIL_SIDE_PX, at, 'medium');
    const hash = perceptualHash(canvas.rgba(THUMBNAIL_SIDE_PX), THUMBNAIL_SIDE_PX, 4);
    return { thumbnail: await canvas.toFile(), perceptualHash: hash };
  } finally {
    idleThumbnailCanvases.push(canvas);
  }
}
