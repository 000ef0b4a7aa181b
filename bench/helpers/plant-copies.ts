import { launchChromium } from './launch-chromium.ts';

/** Ways in which a copy of a photo differs from it. */
export const COPY_WAYS = ['half size', 'JPEG 40', 'cropped 5 %', 'brighter', 'shifted 7 px', 'noise'] as const;
type CopyWay = (typeof COPY_WAYS)[number];

interface Job {
  readonly jpeg: string;
  readonly side: number;
  readonly ways: readonly (CopyWay | 'as it is')[];
}

/** Runs in the page; no function in it may have a name, which the compiler would note with a helper of its own. */
async function drawCopies({ jpeg, side, ways }: Job): Promise<string[]> {
  const photo = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob());
  const squares: string[] = [];
  for (const way of ways) {
    const scale = way === 'half size' ? 0.5 : 1;
    const copy = new OffscreenCanvas(Math.round(photo.width * scale), Math.round(photo.height * scale));
    const drawing = copy.getContext('2d', { willReadFrequently: true });
    if (drawing === null) throw new Error('no canvas');
    drawing.imageSmoothingQuality = 'medium';
    if (way === 'brighter') drawing.filter = 'brightness(1.2)';
    const { width, height } = copy;
    // A twentieth of the width and height is cut away, two thirds of it left and above.
    const [cutX, cutY] = way === 'cropped 5 %' ? [0.05 * photo.width, 0.05 * photo.height] : [0, 0];
    const shift = way === 'shifted 7 px' ? (7 * Math.min(photo.width, photo.height)) / 224 : 0;
    drawing.drawImage(
      photo,
      (cutX * 2) / 3 + shift,
      (cutY * 2) / 3,
      photo.width - cutX - shift,
      photo.height - cutY,
      0,
      0,
      way === 'shifted 7 px' ? width - shift : width,
      height,
    );
    if (way === 'shifted 7 px') drawing.drawImage(photo, 0, 0, shift, photo.height, width - shift, 0, shift, height);
    if (way === 'noise') {
      const image = drawing.getImageData(0, 0, width, height);
      for (let at = 0; at < image.data.length; at += 1) {
        if (at % 4 !== 3) image.data[at] = (image.data[at] ?? 0) + 24 * (Math.random() + Math.random() - 1);
      }
      drawing.putImageData(image, 0, 0);
    }
    const quality = way === 'JPEG 40' ? 0.4 : 0.9;
    const seen =
      way === 'as it is' ? photo : await createImageBitmap(await copy.convertToBlob({ type: 'image/jpeg', quality }));
    const square = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
    if (square === null) throw new Error('no canvas');
    const fit = side / Math.min(seen.width, seen.height);
    const [fitted, tall] = [seen.width * fit, seen.height * fit];
    square.imageSmoothingQuality = 'medium';
    square.drawImage(seen, (side - fitted) / 2, (side - tall) / 2, fitted, tall);
    const rgba = new Blob([square.getImageData(0, 0, side, side).data]);
    const reader = new FileReader();
    await new Promise((resolve) => {
      reader.onload = resolve;
      reader.readAsDataURL(rgba);
    });
    squares.push(String(reader.result).slice(String(reader.result).indexOf(',') + 1));
  }
  return squares;
}

/**
 * Draws photos in a real Chromium, and copies of those that `copied` chooses.
 * @returns for each photo its centre square, uint8 [side, side, 3], then one for each way where it was copied.
 */
export async function plantCopies(
  jpegs: readonly Buffer[],
  side: number,
  copied: (index: number) => boolean,
): Promise<Uint8Array[][]> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const drawn: Uint8Array[][] = [];
    for (const [index, jpeg] of jpegs.entries()) {
      const ways = ['as it is' as const, ...(copied(index) ? COPY_WAYS : [])];
      const squares = await page.evaluate(drawCopies, { jpeg: jpeg.toString('base64'), side, ways });
      drawn.push(squares.map((base64) => Buffer.from(base64, 'base64').filter((_, at) => at % 4 < 3)));
    }
    return drawn;
  } finally {
    await browser.close();
  }
}
