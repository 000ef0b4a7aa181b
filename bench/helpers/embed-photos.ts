import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmbedder } from '../../src/engine/embedder.ts';
import * as tf from '../../src/engine/tf.ts';
import type { Features } from '../../src/engine/training/features.ts';
import { readModel } from '../../src/graph/read-model.ts';
import { readBackboneManifest } from '../../src/schemas/backbone-manifest.ts';
import { BACKBONES_DIR } from './datasets.ts';

/** True when the network lies beside the checkout; says so when it does not. */
export function haveNetwork(id: string): boolean {
  if (existsSync(join(BACKBONES_DIR, id))) return true;
  console.log(`not measured: no network ${id}`);
  return false;
}

/** Starts wasm in Node. */
export async function startWasm(): Promise<void> {
  tf.setWasmPaths(fileURLToPath(new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
  await tf.setBackend('wasm');
}

/**
 * Features of images by a network of the shared folder, run at another side than its own where one is given.
 * @param images uint8 [side, side, 3] RGB each.
 * @returns one row an image.
 */
export async function embedAll(id: string, side: number, images: readonly Uint8Array[]): Promise<Features> {
  const dir = join(BACKBONES_DIR, id);
  const manifest = readBackboneManifest(JSON.parse(readFileSync(join(dir, 'backbone.json'), 'utf8')));
  // The side stands once in the topology, as the input's shape.
  const text = readFileSync(join(dir, 'model.json'), 'utf8');
  const model = JSON.parse(
    text.replace(/"batch_input_shape":\[null,\d+,\d+,3\]/, `"batch_input_shape":[null,${side},${side},3]`),
  );
  const shards = readdirSync(dir)
    .filter((file) => file.endsWith('.bin'))
    .sort();
  const weights = new Uint8Array(Buffer.concat(shards.map((file) => readFileSync(join(dir, file))))).buffer;
  const embedder = createEmbedder(readModel(model, weights, { ...manifest, inputSide: side }), 'wasm');
  const values = new Float32Array(images.length * embedder.featureLength);
  for (let from = 0; from < images.length; from += embedder.batchSize) {
    values.set(await embedder.embed(images.slice(from, from + embedder.batchSize)), from * embedder.featureLength);
  }
  embedder.dispose();
  return { values, featureLength: embedder.featureLength };
}
