import { sampleView, type ViewPlan } from '../domain/augmented-view.ts';
import type { ContentHash } from '../domain/dataset.ts';
import { augmentBatch } from './augment.ts';
import { uploadBytes } from './embedder.ts';
import * as tf from './tf.ts';

/**
 * View 0 of every picture, exactly as a run would make it.
 * @param pictures uint8 [side, side, 3] RGB.
 * @returns RGBA bytes [pictures, side, side, 4] as canvases take them, rounded.
 */
export async function augmentSamples(
  pictures: readonly { readonly hash: ContentHash; readonly pixels: Uint8Array }[],
  side: number,
  plan: Omit<ViewPlan, 'viewCount'>,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const views = pictures.map(({ hash }) => sampleView(hash, 0, plan));
  const bytes = pictures.map(({ pixels }) => pixels);
  const made = tf.tidy(() => augmentBatch(uploadBytes(bytes, bytes.length, side), views));
  const values = await made.data<'float32'>().finally(() => made.dispose());
  const rgba = new Uint8ClampedArray((values.length / 3) * 4).fill(255);
  values.forEach((value, index) => {
    rgba[Math.floor(index / 3) * 4 + (index % 3)] = value;
  });
  return rgba;
}
