import type { ViewPlan } from '../domain/augmented-view.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { TrainingRows } from './contract.ts';
import type { EmbedTarget } from './embed-images.ts';
import type { FeatureStore } from './feature-store.ts';
import type { Features } from './training/features.ts';

/** A target whose rows can be asked for, too. */
interface FeatureTarget extends EmbedTarget {
  readonly store: FeatureStore;
}

/** What to make of every image: the views of a plan, or without one the image as it is. */
export async function embedTargets(store: FeatureStore, plan: ViewPlan | null): Promise<readonly FeatureTarget[]> {
  if (plan === null) return [{ store, view: null }];
  const stores = await store.ofViews(plan);
  return stores.map((viewStore, index) => ({ store: viewStore, view: { index, plan } }));
}

/** @returns those that lack the feature of any target, each once, in order. */
export async function missingFrom(targets: readonly FeatureTarget[], hashes: readonly ContentHash[]) {
  const missing = new Set<ContentHash>();
  for (const { store } of targets) for (const hash of await store.missing(hashes)) missing.add(hash);
  return [...new Set(hashes)].filter((hash) => missing.has(hash));
}

/**
 * Features of all rows, and behind them those of every view of the training rows, in the order of `rowsToTrainOn`.
 * @throws RemoteError 'features-missing' when one has none.
 */
export async function gatherForTraining(
  store: FeatureStore,
  { hashes, parts }: TrainingRows,
  plan: ViewPlan | null,
  featureLength: number,
): Promise<Features> {
  const plain = await store.gather(hashes);
  if (plan === null) return { values: plain, featureLength };
  const trainHashes = hashes.filter((_, row) => parts[row] === 'train');
  const viewLength = trainHashes.length * featureLength;
  const values = new Float32Array(plain.length + plan.viewCount * viewLength);
  values.set(plain);
  for (const [index, viewStore] of (await store.ofViews(plan)).entries()) {
    values.set(await viewStore.gather(trainHashes), plain.length + index * viewLength);
  }
  return { values, featureLength };
}
