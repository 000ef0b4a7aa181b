import type { Part } from '../../src/domain/dataset.ts';
import type { HeadWeights } from '../../src/domain/head.ts';
import { DEFAULT_SETTINGS, resolveSettings } from '../../src/domain/settings.ts';
import type { Teaching } from '../../src/domain/teaching.ts';
import { createEmbedder } from '../../src/engine/embedder.ts';
import { predictProbabilities } from '../../src/engine/head.ts';
import * as tf from '../../src/engine/tf.ts';
import { trainHead } from '../../src/engine/train.ts';
import type { Features } from '../../src/engine/training/features.ts';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';

const BATCH = 8;

/** Rows to train a head on; one entry a row of the features. */
export interface LabelledRows {
  readonly features: Features;
  readonly classIndices: readonly number[];
  readonly parts: readonly Part[];
  readonly classCount: number;
}

/** @param pictures uint8 [side, side, 3] RGB each. @returns one row a picture. */
export async function embedPictures(graph: FoldedGraph, pictures: readonly Uint8Array[]): Promise<Features> {
  const embedder = createEmbedder(graph, 'wasm');
  embedder.setBatchSize(BATCH);
  const values = new Float32Array(pictures.length * graph.featureLength);
  for (let from = 0; from < pictures.length; from += BATCH) {
    values.set(await embedder.embed(pictures.slice(from, from + BATCH)), from * graph.featureLength);
  }
  embedder.dispose();
  return { values, featureLength: graph.featureLength };
}

/** A head with the default settings. @param seed of its weights and of the order of the rows. */
export async function trainPlainHead(
  { features, classIndices, parts, classCount }: LabelledRows,
  seed: number,
  teaching: Teaching | null = null,
): Promise<HeadWeights> {
  const classCounts = Array.from(
    { length: classCount },
    (_, classIndex) => classIndices.filter((other, row) => other === classIndex && parts[row] === 'train').length,
  );
  const { head } = await trainHead({
    features,
    rows: { hashes: classIndices.map(String), classIndices, parts },
    classCount,
    settings: resolveSettings({ ...DEFAULT_SETTINGS, seed }, { classCounts }),
    teaching,
    signal: new AbortController().signal,
    stopRequested: () => false,
    emit: () => {},
    now: () => performance.now(),
    yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
  });
  return head;
}

/** float32 [rows, classCount]. */
export async function answersOf(head: HeadWeights, { values, featureLength }: Features): Promise<Float32Array> {
  const rows = tf.tensor2d(values, [values.length / featureLength, featureLength]);
  return predictProbabilities(rows, head).finally(() => rows.dispose());
}

/** How many rows are answered with their own class. */
export function correctCount(answers: Float32Array, classIndices: readonly number[], classCount: number): number {
  return classIndices.filter((classIndex, row) => {
    const own = answers.subarray(row * classCount, (row + 1) * classCount);
    return own.indexOf(Math.max(...own)) === classIndex;
  }).length;
}
