import { launchChromium } from './launch-chromium.ts';

/**
 * Ways from a large JPEG to a square. `bitmap`: `createImageBitmap`, then a canvas by halves. `image`: an `<img>` drawn in one
 * step, as Teachable Machine's library does. `decoder`: `ImageDecoder` takes all halvings but the last step.
 * `decoder, one less`: a halving more is left to the canvas.
 */
export const DECODE_WAYS = ['bitmap', 'image', 'decoder', 'decoder, one less'] as const;
export type DecodeWay = (typeof DECODE_WAYS)[number];

/** What became of one photo in one way. */
export interface DecodedPhoto {
  /** Centre square, uint8 [side, side, 3] RGB. */
  readonly pixels: Uint8Array;
  readonly elapsedMs: number;
}

interface Job {
  readonly jpeg: string;
  readonly longSide: number;
  readonly side: number;
  readonly ways: readonly DecodeWay[];
}

/** Runs in the page; no function in it may have a name, which the compiler would note with a helper of its own. */
async function decodeEachWay({ jpeg, longSide, side, ways }: Job) {
  const photo = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob());
  const factor = longSide / Math.max(photo.width, photo.height);
  const large = new OffscreenCanvas(Math.round(photo.width * factor), Math.round(photo.height * factor));
  const enlarging = large.getContext('2d', { willReadFrequently: true });
  const noise = new OffscreenCanvas(509, 509);
  const grains = noise.getContext('2d', { willReadFrequently: true });
  if (enlarging === null || grains === null) throw new Error('no canvas');
  enlarging.imageSmoothingQuality = 'high';
  enlarging.drawImage(photo, 0, 0, large.width, large.height);
  // As grainy as a phone's photo: a standard deviation of about 12 of 255 in the middle greys.
  const grey = grains.createImageData(509, 509);
  grey.data.forEach((_, at) => {
    grey.data[at] = at % 4 === 3 ? 255 : 96 + 64 * Math.abs((Math.sin((at >> 2) * 12.9898) * 43_758.5453) % 1);
  });
  grains.putImageData(grey, 0, 0);
  enlarging.globalCompositeOperation = 'overlay';
  for (let y = 0; y < large.height; y += 509)
    for (let x = 0; x < large.width; x += 509) enlarging.drawImage(noise, x, y);
  const file = await large.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
  const scale = side / Math.min(large.width, large.height);
  const [width, height] = [Math.ceil(large.width * scale), Math.ceil(large.height * scale)];
  const results: { pixels: string; elapsedMs: number }[] = [];
  for (const way of ways) {
    const startMs = performance.now();
    let picture: CanvasImageSource & { width: number; height: number };
    const open: { close(): void }[] = [];
    if (way === 'image') {
      const image = new Image();
      image.src = URL.createObjectURL(file);
      await image.decode();
      picture = image;
    } else if (way === 'bitmap') {
      const bitmap = await createImageBitmap(file);
      picture = bitmap;
      open.push(bitmap);
    } else {
      const wanted = [large.width, large.height] as [number, number];
      const least = way === 'decoder' ? 1 : 2;
      for (let power = 0; power < 3; power++) {
        const [halfWidth, halfHeight] = [Math.ceil(wanted[0] / 2), Math.ceil(wanted[1] / 2)];
        if (halfWidth < least * width || halfHeight < least * height) break;
        wanted.splice(0, 2, halfWidth, halfHeight);
      }
      const [desiredWidth, desiredHeight] = wanted;
      const decoder = new ImageDecoder({
        data: await file.arrayBuffer(),
        type: 'image/jpeg',
        desiredWidth,
        desiredHeight,
      });
      const { image: frame } = await decoder.decode();
      if (frame.displayWidth !== desiredWidth) throw new Error('another size');
      const first = new OffscreenCanvas(desiredWidth, desiredHeight);
      first.getContext('2d', { willReadFrequently: true })?.drawImage(frame, 0, 0);
      picture = first;
      open.push(frame, decoder);
    }
    while (way !== 'image' && Math.ceil(picture.width / 2) >= width && Math.ceil(picture.height / 2) >= height) {
      const half: OffscreenCanvas = new OffscreenCanvas(Math.ceil(picture.width / 2), Math.ceil(picture.height / 2));
      half.getContext('2d', { willReadFrequently: true })?.drawImage(picture, 0, 0, half.width, half.height);
      picture = half;
    }
    const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas');
    const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
    context.drawImage(picture, -left, -top, width, height);
    const rgba = context.getImageData(0, 0, side, side).data;
    const elapsedMs = performance.now() - startMs;
    for (const resource of open) resource.close();
    const rgb = Array.from(
      rgba.filter((_, at) => at % 4 < 3),
      (byte) => String.fromCharCode(byte),
    );
    results.push({ pixels: btoa(rgb.join('')), elapsedMs });
  }
  return results;
}

/** Enlarges photos to JPEGs of that long side and makes squares of `side` px of them in a real Chromium, in every way. */
export async function decodeLargePhotos(
  jpegs: Iterable<Buffer>,
  longSide: number,
  side: number,
): Promise<Record<DecodeWay, DecodedPhoto>[]> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    // Pages of localhost alone have an `ImageDecoder` without a certificate.
    await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto('http://localhost/');
    const photos: Record<DecodeWay, DecodedPhoto>[] = [];
    for (const jpeg of jpegs) {
      // Each way comes first in its turn.
      const shift = photos.length % DECODE_WAYS.length;
      const ways = [...DECODE_WAYS.slice(shift), ...DECODE_WAYS.slice(0, shift)];
      const results = await page.evaluate(decodeEachWay, { jpeg: jpeg.toString('base64'), longSide, side, ways });
      const entries = results.map(({ pixels, elapsedMs }, at) => [
        ways[at],
        { pixels: new Uint8Array(Buffer.from(pixels, 'base64')), elapsedMs },
      ]);
      photos.push(Object.fromEntries(entries) as Record<DecodeWay, DecodedPhoto>);
    }
    return photos;
  } finally {
    await browser.close();
  }
}
