import type { ViewPlan } from '../domain/augmented-view.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { HeadWeights } from '../domain/head.ts';
import { predictProbabilities } from './head.ts';
import type { Workplace } from './session.ts';
import * as tf from './tf.ts';

/** Rows per prediction: the device need not hold the features of a whole large project at once. */
const PREDICT_ROWS = 8192;

/** Lends features of cached images to `work`, on the device. */
async function withFeatures<R>(
  { backbone, store }: Workplace,
  hashes: readonly ContentHash[],
  work: (features: tf.Tensor2D) => Promise<R>,
): Promise<R> {
  const features = tf.tensor2d(await store.gather(hashes), [hashes.length, backbone.report.featureLength]);
  try {
    return await work(features);
  } finally {
    features.dispose();
  }
}

async function predictAll(workplace: Workplace, hashes: readonly ContentHash[], head: HeadWeights) {
  const classCount = head.layers.at(-1)?.outputLength ?? 0;
  const probabilities = new Float32Array(hashes.length * classCount);
  for (let start = 0; start < hashes.length; start += PREDICT_ROWS) {
    const part = hashes.slice(start, start + PREDICT_ROWS);
    const rows = await withFeatures(workplace, part, (features) => predictProbabilities(features, head));
    probabilities.set(rows, start * classCount);
  }
  return probabilities;
}

/** Probabilities of cached images, float32 [hashes.length, classCount]: the mean over every image and its views. */
export async function predictOverViews(
  { backbone, store }: Workplace,
  hashes: readonly ContentHash[],
  head: HeadWeights,
  plan: ViewPlan | undefined,
): Promise<Float32Array<ArrayBuffer>> {
  const stores = [store, ...(plan === undefined ? [] : await store.ofViews(plan))];
  const sums = await predictAll({ backbone, store }, hashes, head);
  for (const viewStore of stores.slice(1)) {
    const probabilities = await predictAll({ backbone, store: viewStore }, hashes, head);
    for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] ?? 0) + (probabilities[index] ?? 0);
  }
  return stores.length === 1 ? sums : sums.map((sum) => sum / stores.length);
}
