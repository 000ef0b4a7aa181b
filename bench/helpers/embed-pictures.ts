import { createEmbedder } from '../../src/engine/embedder.ts';
import type { Features } from '../../src/engine/training/features.ts';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';

const BATCH = 8;

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
