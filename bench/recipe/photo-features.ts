import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream, shuffledIndices } from '../../src/domain/random.ts';
import { createEmbedder } from '../../src/engine/embedder.ts';
import { FEATURE_VERSION } from '../../src/engine/feature-version.ts';
import { packRow, unpackRow } from '../../src/engine/packed-row.ts';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';
import { DATASETS_DIR } from '../helpers/datasets.ts';
import type { PhotoDecoder } from '../helpers/engine-decoder.ts';
import { readKept, writeWhole } from './kept-file.ts';

/** Where pixels and features lie between runs of the bench; not in the repository. */
const KEPT_DIR = join('.graft', 'bench-features', `v${FEATURE_VERSION}`);
const BATCH = 8;

/** Names of the classes of a data set, in order. */
export const classesOf = (dataset: string): string[] => readdirSync(join(DATASETS_DIR, dataset)).sort();

/** Photos of a class: its first ones in an order that is always the same and says nothing of them. */
export interface PhotosOfClass {
  readonly dataset: string;
  readonly className: string;
  /** At most. */
  readonly limit: number;
}

/** Photos of a class in all. */
export const photoCountOf = (dataset: string, className: string): number =>
  readdirSync(join(DATASETS_DIR, dataset, className)).length;

function namesOf({ dataset, className, limit }: PhotosOfClass): string[] {
  const names = readdirSync(join(DATASETS_DIR, dataset, className)).sort();
  const order = shuffledIndices(names.length, randomStream(0, `${dataset} ${className}`));
  return Array.from(order.subarray(0, limit), (index) => names[index] ?? '');
}

interface Backbone {
  /** Names the backbone and its contents. */
  readonly key: string;
  readonly graph: FoldedGraph;
}

/**
 * Features of the photos of a class. Those of an earlier run are taken from disk; only what is missing is computed.
 * @returns float32 [photos, featureLength], rounded as the engine keeps them.
 */
export async function featuresOf(
  photos: PhotosOfClass,
  backbone: Backbone,
  decoder: PhotoDecoder,
): Promise<Float32Array> {
  const { featureLength, inputSide } = backbone.graph;
  const length = namesOf(photos).length * featureLength;
  const file = join(KEPT_DIR, photos.dataset, backbone.key, `${photos.className}.f32`);
  const kept = new Float32Array(readKept(file)).subarray(0, length);
  if (kept.length === length) return kept;
  const values = new Float32Array(length);
  values.set(kept);
  const pixels = await pixelsOf(photos, inputSide, decoder);
  await embedInto(values, kept.length / featureLength, pixels, backbone.graph);
  writeWhole(file, new Uint8Array(values.buffer));
  return values;
}

/** @returns uint8 [photos, side, side, 3] RGB; kept like the features, for other backbones take the same. */
async function pixelsOf(photos: PhotosOfClass, side: number, decoder: PhotoDecoder): Promise<Uint8Array> {
  const names = namesOf(photos);
  const pixelLength = side * side * 3;
  const folder = join(DATASETS_DIR, photos.dataset, photos.className);
  const file = join(KEPT_DIR, photos.dataset, `pixels-${side}`, `${photos.className}.u8`);
  const kept = new Uint8Array(readKept(file)).subarray(0, names.length * pixelLength);
  if (kept.length === names.length * pixelLength) return kept;
  const pixels = new Uint8Array(names.length * pixelLength);
  pixels.set(kept);
  const from = kept.length / pixelLength;
  const files = names.slice(from).map((name) => readFileSync(join(folder, name)));
  const decoded = await decoder.decode(files, side);
  decoded.forEach((square, at) => {
    pixels.set(square, (from + at) * pixelLength);
  });
  writeWhole(file, pixels);
  return pixels;
}

async function embedInto(values: Float32Array, from: number, pixels: Uint8Array, graph: FoldedGraph): Promise<void> {
  const { featureLength } = graph;
  const pixelLength = graph.inputSide ** 2 * 3;
  const count = values.length / featureLength;
  const embedder = createEmbedder(graph, 'wasm');
  embedder.setBatchSize(BATCH);
  try {
    for (let start = from; start < count; start += BATCH) {
      const images = Array.from({ length: Math.min(BATCH, count - start) }, (_, at) =>
        pixels.subarray((start + at) * pixelLength, (start + at + 1) * pixelLength),
      );
      const rows = await embedder.embed(images);
      images.forEach((_, row) => {
        const kept = unpackRow(packRow(rows.slice(row * featureLength, (row + 1) * featureLength)));
        values.set(kept, (start + row) * featureLength);
      });
    }
  } finally {
    embedder.dispose();
  }
}
