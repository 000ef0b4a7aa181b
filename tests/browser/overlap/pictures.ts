import { randomStream } from '../../../src/domain/random.ts';
import { hashOf } from '../../helpers/browser/engine.ts';

/** A picture of the suite's pool, with the hash its features are kept by. */
export interface PoolPicture {
  readonly className: string;
  readonly file: File;
  readonly hash: string;
}

export const CLASS_NAMES = ['red', 'green', 'blue'] as const;
const SIDE_PX = 24;
const BLOCK_PX = 6;

/** A picture mostly of its class's hue: easy to tell from the others for some of the pictures, and hard for some. */
async function draw(classIndex: number, number: number): Promise<Blob> {
  const random = randomStream(number, CLASS_NAMES[classIndex] ?? '');
  const canvas = new OffscreenCanvas(SIDE_PX, SIDE_PX);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas.');
  for (let y = 0; y < SIDE_PX; y += BLOCK_PX) {
    for (let x = 0; x < SIDE_PX; x += BLOCK_PX) {
      const isOwnHue = random.uniform() < 0.45;
      const hue = isOwnHue ? classIndex * 120 : random.below(360);
      context.fillStyle = `hsl(${hue} ${40 + random.below(50)}% ${25 + random.below(50)}%)`;
      context.fillRect(x, y, BLOCK_PX, BLOCK_PX);
    }
  }
  return await canvas.convertToBlob({ type: 'image/png' });
}

/** `count` pictures of every class, the same ones for the same numbers. */
export async function drawPictures(from: number, count: number): Promise<PoolPicture[]> {
  const pictures: Promise<PoolPicture>[] = [];
  for (let number = from; number < from + count; number += 1) {
    for (const [classIndex, className] of CLASS_NAMES.entries()) pictures.push(picture(classIndex, className, number));
  }
  return await Promise.all(pictures);
}

async function picture(classIndex: number, className: string, number: number): Promise<PoolPicture> {
  const blob = await draw(classIndex, number);
  const hash = await hashOf(blob);
  // Numbered names would say that the pictures are frames of one burst.
  const file = new File([blob], `${hash.slice(0, 12)}.png`, { type: blob.type });
  // The folder of a file is its class.
  Object.defineProperty(file, 'webkitRelativePath', { value: `pictures/${className}/${file.name}` });
  return { className, file, hash };
}
