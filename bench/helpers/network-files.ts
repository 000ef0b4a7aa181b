import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from '../../scripts/prepare.ts';
import * as tf from '../../src/engine/tf.ts';
import type { FoldedGraph } from '../../src/graph/folded-graph.ts';
import { readModel } from '../../src/graph/read-model.ts';
import { readBackboneManifest } from '../../src/schemas/backbone-manifest.ts';
import { BACKBONES_DIR } from './datasets.ts';

/** Starts tfjs on wasm in Node: one thread. */
export async function startWasm(): Promise<void> {
  tf.setWasmPaths(fileURLToPath(new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
  await tf.setBackend('wasm');
}

/** A network of the shared folder, or the bundled one; null, and a line that says so, where it is not there. */
export async function readNetwork(id: string): Promise<FoldedGraph | null> {
  await prepare(process.cwd());
  const dir = [join(BACKBONES_DIR, id), resolve('public/backbones', id)].find(existsSync);
  if (dir === undefined) {
    console.log(`not measured: no network ${id}`);
    return null;
  }
  const manifest = readBackboneManifest(JSON.parse(readFileSync(join(dir, 'backbone.json'), 'utf8')));
  const shards = readdirSync(dir)
    .filter((file) => file.endsWith('.bin'))
    .sort();
  const weights = new Uint8Array(Buffer.concat(shards.map((file) => readFileSync(join(dir, file))))).buffer;
  return readModel(JSON.parse(readFileSync(join(dir, 'model.json'), 'utf8')), weights, manifest);
}
