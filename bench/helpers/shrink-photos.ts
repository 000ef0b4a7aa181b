import type { Page } from 'playwright';
import { launchChromium } from './launch-chromium.ts';

/**
 * Ways to shrink a photo. `low` and `medium` are one canvas of that smoothing quality: the first blends two by two pixels
 * and leaves others out from 2x on, the second goes through Chromium's mipmap. `halves` is this program's own.
 */
const WAYS = ['medium', 'low', 'halves'] as const;
export type Way = (typeof WAYS)[number];

/** One photo's centre square, uint8 [side, side, 3] RGB each. */
export type ShrunkPhoto = Readonly<Record<Way, Uint8Array>> & {
  /** Source pixels per pixel of the square. */
  readonly ratio: number;
};

interface Job {
  readonly jpeg: string;
  readonly side: number;
  readonly ways: readonly Way[];
}

/** Runs in the page; no function in it may have a name, which the compiler would note with a helper of its own. */
async function drawEachWay({ jpeg, side, ways }: Job) {
  const photo = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob());
  const scale = side / Math.min(photo.width, photo.height);
  const [width, height] = [Math.ceil(photo.width * scale), Math.ceil(photo.height * scale)];
  const pictures = ways.map((way) => {
    let shrunk: ImageBitmap | OffscreenCanvas = photo;
    while (way === 'halves' && Math.ceil(shrunk.width / 2) >= width && Math.ceil(shrunk.height / 2) >= height) {
      const half: OffscreenCanvas = new OffscreenCanvas(Math.ceil(shrunk.width / 2), Math.ceil(shrunk.height / 2));
      const halving = half.getContext('2d', { willReadFrequently: true });
      halving?.drawImage(shrunk, 0, 0, half.width, half.height);
      shrunk = half;
    }
    const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas');
    context.imageSmoothingQuality = way === 'medium' ? 'medium' : 'low';
    const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
    context.drawImage(shrunk, -left, -top, width, height);
    const rgb = context.getImageData(0, 0, side, side).data.filter((_, at) => at % 4 < 3);
    return btoa(Array.from(rgb, (byte) => String.fromCharCode(byte)).join(''));
  });
  return { pictures, ratio: 1 / scale };
}

async function shrink(page: Page, jpeg: Buffer, side: number): Promise<ShrunkPhoto> {
  const job = { jpeg: jpeg.toString('base64'), side, ways: WAYS };
  const { pictures, ratio } = await page.evaluate(drawEachWay, job);
  const [medium, low, halves] = pictures.map((base64) => Buffer.from(base64, 'base64'));
  if (medium === undefined || low === undefined || halves === undefined) throw new Error('the page drew too few');
  return { medium, low, halves, ratio };
}

/** Shrinks photos to squares of `side` px in a real Chromium, in every way. */
export async function shrinkPhotos(jpegs: Iterable<Buffer>, side: number): Promise<ShrunkPhoto[]> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const shrunk: ShrunkPhoto[] = [];
    for (const jpeg of jpegs) shrunk.push(await shrink(page, jpeg, side));
    return shrunk;
  } finally {
    await browser.close();
  }
}
