import { openDB } from 'idb';
import { backboneRef } from '../../../src/domain/backbone.ts';
import type { HeadWeights } from '../../../src/domain/head.ts';
import { unpackRow } from '../../../src/engine/packed-row.ts';
import { type EngineHost, loadBackbone, type OpenPage } from './open-page.ts';
import type { PoolPicture } from './pictures.ts';

export const BACKBONE_IDS = ['alike-a', 'alike-b', 'longer-c'] as const;

/** float32 features by backbone and picture hash, computed from the picture alone, with nothing cached. */
export type Features = ReadonlyMap<string, ReadonlyMap<string, Float32Array>>;

/** Features of every picture by every backbone, one after the other with nothing beside them. */
export async function computeFeatures(
  host: EngineHost,
  page: OpenPage,
  pictures: readonly PoolPicture[],
): Promise<Features> {
  const features = new Map<string, Map<string, Float32Array>>();
  for (const id of BACKBONE_IDS) {
    await loadBackbone(page, id);
    const byHash = new Map<string, Float32Array>();
    for (const { hash, file } of pictures) byHash.set(hash, await featuresNow(host, page, file));
    features.set(id, byHash);
  }
  return features;
}

/** What the backbone in use makes of a picture: a head that gives its features as they are classifies it. */
export async function featuresNow(host: EngineHost, { ctx }: OpenPage, image: Blob): Promise<Float32Array> {
  const { current } = ctx.store.getState().backbones;
  if (current === null) throw new Error('no backbone is in use');
  const key = 'features as they are';
  const backbone = backboneRef(current);
  await host.client.call('useHead', { backbone, key, head: identity(current.featureLength) });
  ctx.session.headOnDevice = null;
  return (await host.client.call('classify', { backbone, key, image, resizeMode: 'crop' })).probabilities;
}

function identity(length: number): HeadWeights {
  const kernel = Float32Array.from({ length: length * length }, (_, at) => (at % (length + 1) === 0 ? 1 : 0));
  const bias = new Float32Array(length);
  return { layers: [{ kernel, bias, inputLength: length, outputLength: length, activation: 'linear' }] };
}

/** What a head says of features, computed here in plain numbers. */
export function applyHead({ layers }: HeadWeights, features: Float32Array): number[] {
  let values = Array.from(features);
  for (const { kernel, bias, inputLength, outputLength, activation } of layers) {
    if (values.length !== inputLength) return new Array<number>(outputLength).fill(Number.NaN);
    const sums = Array.from(bias, (start, out) =>
      values.reduce((sum, value, input) => sum + value * (kernel[input * outputLength + out] ?? 0), start),
    );
    values = activated(sums, activation);
  }
  return values;
}

function activated(sums: readonly number[], activation: 'relu' | 'softmax' | 'linear'): number[] {
  if (activation === 'linear') return [...sums];
  if (activation === 'relu') return sums.map((sum) => Math.max(0, sum));
  const largest = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Largest difference of two rows; infinite where one is no number or the lengths differ. */
export function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let at = 0; at < one.length; at += 1) {
    const difference = Math.abs((one[at] ?? Number.NaN) - (other[at] ?? Number.NaN));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}

/** Rows of the feature cache that the backbone they are kept under did not compute. */
export async function wrongCachedFeatures(features: Features, tolerance: number): Promise<string[]> {
  const database = await openDB('graft-features');
  const store = database.transaction('features').store;
  const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
  database.close();
  return keys.flatMap((key, index) => {
    const [featureKey = '', , hash = ''] = Array.isArray(key) ? key.map(String) : [];
    const wanted = features.get(featureKey.split(' ')[0] ?? '')?.get(hash);
    if (wanted === undefined) return [];
    const difference = largestDifference(unpackRow(values[index]), wanted);
    return difference <= tolerance ? [] : [`features kept as ${featureKey} differ by ${difference}`];
  });
}
