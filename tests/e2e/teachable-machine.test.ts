import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OtherPage } from '../helpers/node/other-page.ts';
import { flowerPhotos, hasPhotos, labelledZip } from '../helpers/node/photos.ts';
import { openStudio, type Studio } from '../helpers/node/studio.ts';

declare global {
  // What `LOADER` offers.
  var answer: (address: string, way: Way) => Promise<Answers>;
}

/** What the library is given: an image element, a canvas with the whole picture, or that after prepare.js. */
type Way = 'image' | 'canvas' | 'prepared canvas';

type Answers = Readonly<Record<string, number>>;

const CLASSES = ['daisy', 'rose', 'sunflower'];
const TRAINED_PER_CLASS = 8;
const TRIED_PER_CLASS = 4;
/** Largest difference of a probability that preparing photos differently may make. */
const TOLERANCE_RATIO = 0.02;

/** Shrunk 2.1, 3.2 and 13.5 times for the bundled network of 224 px: two cameras of computers and a phone. */
const SIZES: readonly (PictureSize & { readonly pictureCount: number })[] = [
  { width: 640, height: 480, pictureCount: 3 },
  { width: 1280, height: 720, pictureCount: 3 },
  { width: 4032, height: 3024, pictureCount: 1 },
];

const NO_PHOTOS = 'No real photos beside the checkout (../shared/datasets).';

/** A page as someone writes it around Teachable Machine's library. */
const LOADER = `
  window.ready = (async () => {
    tf.wasm.setWasmPaths('./');
    await tf.setBackend('wasm');
    return tmImage.load('model.json', 'metadata.json');
  })();
  window.answer = async (address, way) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext('2d').drawImage(image, 0, 0);
    const { preprocessing } = (await (await fetch('metadata.json')).json()).userMetadata.graft;
    const given = { image, canvas, 'prepared canvas': prepareImage(canvas, preprocessing) };
    const found = await (await window.ready).predict(given[way]);
    return Object.fromEntries(found.map(({ className, probability }) => [className, probability]));
  };
`;

const elsewhere = new OtherPage();
let studio: Studio;
/** A page with the library. */
let other: Page;

/** Trains on some photos and lays the download out as files. */
async function trainAndUnpack(): Promise<void> {
  const { page } = studio;
  const { zip } = await labelledZip(TRAINED_PER_CLASS);
  const zipUrl = `data:application/zip;base64,${zip.toString('base64')}`;
  const base64 = await page.evaluate(async (url) => {
    await graft.importFiles(await (await fetch(url)).blob());
    await graft.train();
    const model = await graft.exportModel();
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
      reader.readAsDataURL(model);
    });
  }, zipUrl);
  await elsewhere.unpack(base64);
}

beforeAll(async () => {
  studio = await openStudio();
  if (!hasPhotos()) return;
  await trainAndUnpack();
  other = await elsewhere.open(studio.context, LOADER, ['page/prepare.js']);
});
afterAll(async () => {
  elsewhere.close();
  await studio.close();
});

/** Data URLs of photos that took no part in training, each of another class than the one before. */
function freshPhotos(): { path: string; address: string }[] {
  const takenPerClass = TRAINED_PER_CLASS + TRIED_PER_CLASS;
  const photos = flowerPhotos(takenPerClass, CLASSES);
  return Array.from({ length: TRIED_PER_CLASS * CLASSES.length }, (_, index) => {
    const nth = TRAINED_PER_CLASS + Math.floor(index / CLASSES.length);
    return photos[(index % CLASSES.length) * takenPerClass + nth] ?? expect.fail('There are too few photos.');
  }).map(({ path, bytes }) => ({ path, address: `data:image/jpeg;base64,${Buffer.from(bytes).toString('base64')}` }));
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * A PNG as sharp as the photos, pixel by pixel, at any size: they are laid side by side, none of them enlarged.
 * @param first which photo comes first; each gives another picture.
 */
function collage({ width, height }: PictureSize, first: number): Promise<string> {
  const addresses = freshPhotos().map(({ address }) => address);
  const turned = [...addresses.slice(first), ...addresses.slice(0, first)];
  return other.evaluate(
    async ({ width, height, addresses }) => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext('2d');
      let next = 0;
      for (let y = 0; y < height; y += 224) {
        for (let x = 0; x < width; x += 224) {
          const photo = new Image();
          photo.src = addresses[next++ % addresses.length] ?? '';
          await photo.decode();
          context?.drawImage(photo, x, y);
        }
      }
      return canvas.toDataURL('image/png');
    },
    { width, height, addresses: turned },
  );
}

/** A JPEG of one photo, enlarged to cover the size: browsers may decode a JPEG at a smaller size than it has. */
function enlarged({ width, height }: PictureSize, address: string): Promise<string> {
  return other.evaluate(
    async ({ width, height, address }) => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const photo = new Image();
      photo.src = address;
      await photo.decode();
      const factor = Math.max(width / photo.width, height / photo.height);
      const context = canvas.getContext('2d');
      context?.drawImage(photo, 0, 0, photo.width * factor, photo.height * factor);
      return canvas.toDataURL('image/jpeg', 0.92);
    },
    { width, height, address },
  );
}

/** What Graft says of a picture. */
function answerHere(address: string): Promise<Answers> {
  return studio.page.evaluate(async (url) => {
    const found = await graft.classify(await (await fetch(url)).blob());
    return Object.fromEntries(found.map(({ className, probability }) => [className, probability]));
  }, address);
}

/** The largest difference of a probability between that and what the library says. */
async function differenceThere(ours: Answers, address: string, way: Way): Promise<number> {
  const theirs = await other.evaluate(([url, given]) => answer(url, given), [address, way] as const);
  return Math.max(...Object.entries(ours).map(([name, ratio]) => Math.abs(ratio - (theirs[name] ?? Number.NaN))));
}

/** What Graft and the library say of one picture: the largest difference of a probability, and the largest probability. */
async function compare(address: string): Promise<{ difference: number; top: number }> {
  const ours = await answerHere(address);
  return { difference: await differenceThere(ours, address, 'image'), top: Math.max(...Object.values(ours)) };
}

describe('the library of Teachable Machine gives the same answer', () => {
  test('to a photo as it comes', async (context) => {
    if (!hasPhotos()) return context.skip(NO_PHOTOS);
    let doubtCount = 0;
    for (const { path, address } of freshPhotos()) {
      const { difference, top } = await compare(address);
      expect(difference, path).toBeLessThanOrEqual(TOLERANCE_RATIO);
      if (top < 0.95) doubtCount += 1;
    }
    expect(doubtCount, 'photos the model is not certain of, which alone could differ').toBeGreaterThan(0);
  });

  test.for(SIZES)('to pictures of $width x $height px, sharp ones and photos', async (size, context) => {
    if (!hasPhotos()) return context.skip(NO_PHOTOS);
    for (const { path, address } of freshPhotos().slice(0, size.pictureCount)) {
      const { difference } = await compare(await enlarged(size, address));
      expect(difference, path).toBeLessThanOrEqual(TOLERANCE_RATIO);
    }
    for (let first = 0; first < size.pictureCount; first++) {
      const { difference } = await compare(await collage(size, first));
      expect(difference, `collage ${first}`).toBeLessThanOrEqual(TOLERANCE_RATIO);
    }
  });

  test('to a canvas, which a browser shrinks coarsely, once prepare.js has shrunk it', async (context) => {
    if (!hasPhotos()) return context.skip(NO_PHOTOS);
    const unprepared: number[] = [];
    for (let first = 0; first < 3; first++) {
      const address = await collage({ width: 1280, height: 720 }, first);
      const ours = await answerHere(address);
      unprepared.push(await differenceThere(ours, address, 'canvas'));
      const difference = await differenceThere(ours, address, 'prepared canvas');
      expect(difference, `collage ${first}`).toBeLessThanOrEqual(TOLERANCE_RATIO);
    }
    expect(Math.max(...unprepared), 'without prepare.js').toBeGreaterThan(TOLERANCE_RATIO);
  });
});
