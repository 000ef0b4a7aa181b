import { type RandomStream, randomStream } from '../../../src/domain/random.ts';
import type { DroppedFile } from '../../../src/files/dropped-file.ts';

const SIDE = 160;
/** Frames move by so many px at most. */
const SHIFT = 1;

export interface BurstFrame extends DroppedFile {
  readonly scene: number;
}

/** Draws a scene of its own: blots of random size and colour on a random ground, a margin larger than the frame. */
function drawScene(random: RandomStream): OffscreenCanvas {
  const canvas = new OffscreenCanvas(SIDE + 2 * SHIFT, SIDE + 2 * SHIFT);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas');
  const colour = () => `hsl(${random.below(360)} ${30 + random.below(60)}% ${20 + random.below(60)}%)`;
  context.fillStyle = colour();
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let blot = 0; blot < 14; blot += 1) {
    context.fillStyle = colour();
    context.beginPath();
    const [x, y] = [random.below(canvas.width), random.below(canvas.height)];
    context.ellipse(x, y, 10 + random.below(50), 10 + random.below(50), random.uniform() * 3, 0, 7);
    context.fill();
  }
  return canvas;
}

async function drawFrame(scene: OffscreenCanvas, random: RandomStream): Promise<Blob> {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas');
  context.drawImage(scene, -random.below(2 * SHIFT + 1), -random.below(2 * SHIFT + 1));
  const image = context.getImageData(0, 0, SIDE, SIDE);
  const noise = new Uint32Array(image.data.length);
  random.fill(noise);
  for (let at = 0; at < image.data.length; at += 1) {
    if (at % 4 !== 3) image.data[at] = (image.data[at] ?? 0) + ((noise[at] ?? 0) % 11) - 5;
  }
  context.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}

/**
 * Frames of scenes whose class is drawn at random, so that nothing can be learnt of it: an honest score is near chance, and
 * one near 100 % has seen frames of its own burst.
 *
 * @param nameOf the file's name by scene and frame. @param classOf the folder of a scene.
 */
export async function burstPhotos(
  sceneCount: number,
  frameCount: number,
  classOf: (scene: number) => string,
  nameOf: (scene: number, frame: number) => string,
): Promise<BurstFrame[]> {
  const blobs = await drawAll(sceneCount, frameCount);
  return blobs.map((blob, index) => {
    const [scene, frame] = [Math.floor(index / frameCount), index % frameCount];
    return { blob, path: `${classOf(scene)}/${nameOf(scene, frame)}`, scene };
  });
}

const drawn = new Map<string, Promise<Blob[]>>();

/** The same frames for every test of a file: drawing them takes seconds. */
function drawAll(sceneCount: number, frameCount: number): Promise<Blob[]> {
  const key = `${sceneCount} ${frameCount}`;
  const all = drawn.get(key) ?? drawScenes(sceneCount, frameCount);
  drawn.set(key, all);
  return all;
}

async function drawScenes(sceneCount: number, frameCount: number): Promise<Blob[]> {
  const random = randomStream(7, 'bursts');
  const frames: Blob[] = [];
  for (let scene = 0; scene < sceneCount; scene += 1) {
    const ground = drawScene(random);
    for (let frame = 0; frame < frameCount; frame += 1) frames.push(await drawFrame(ground, random));
  }
  return frames;
}

/** As this page's recorder names frames: 125 ms apart, scenes three minutes apart. */
export function recordedName(scene: number, frame: number): string {
  const iso = new Date(Date.UTC(2026, 10, 28, 9, 3 * scene, 0, 125 * frame)).toISOString();
  return `camera-${iso.replaceAll(':', '-')}.jpg`;
}
