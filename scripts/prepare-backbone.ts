import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackboneManifest } from '../src/domain/backbone.ts';
import { readModel } from '../src/graph/read-model.ts';
import { writeLayersModel } from '../src/graph/write-layers-model.ts';
import { compareFeatures } from './backbone/compare-features.ts';
import { keepQuantisation } from './backbone/keep-quantisation.ts';
import { packagedVersion, readPackagedModel } from './backbone/nsfwjs-model.ts';

const ID = 'mobilenet_v2_1.4_224_bundled';
const INPUT_SIDE = 224;
const FEATURE_LENGTH = 1792;
const MAX_DIFFERENCE_RATIO = 1e-4;

/** Everything that decides what is written. */
const SOURCES = ['scripts/prepare-backbone.ts', 'scripts/backbone', 'src/graph'];

/**
 * Makes `public/backbones/` with the bundled network: the MobileNet v2 1.4 of `nsfwjs`, folded, cut at its feature
 * vector and kept in its 8-bit form. Does nothing when that is there already and intact.
 *
 * @param root the project's folder.
 * @throws Error when the features are not the original's; nothing is left behind then.
 */
export async function prepareBundledBackbone(root: string): Promise<void> {
  const dir = join(root, 'public', 'backbones');
  const stampFile = join(root, '.graft', 'bundled-backbone');
  const stamp = stampOf(root);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && isIntact(dir)) return;
  console.log('Preparing the bundled backbone.');
  const files = await makeFiles(root);
  rmSync(stampFile, { force: true });
  const model = join(dir, ID);
  mkdirSync(model, { recursive: true });
  for (const [name, content] of files) {
    // Moved into place whole, so that a server never hands out half a file.
    writeFileSync(join(model, `${name}.part`), content);
    renameSync(join(model, `${name}.part`), join(model, name));
  }
  const manifest: unknown = JSON.parse(readFileSync(join(model, 'backbone.json'), 'utf8'));
  writeFileSync(join(dir, 'index.json'), JSON.stringify({ bundled: [manifest] }));
  mkdirSync(join(root, '.graft'), { recursive: true });
  writeFileSync(stampFile, stamp);
}

async function makeFiles(root: string): Promise<Map<string, string | Uint8Array>> {
  const original = readPackagedModel(root);
  const facts = { inputSide: INPUT_SIDE, pixels: '[0,1]', featureLayer: null } as const;
  const graph = readModel(original.modelJson, original.weightData, facts);
  if (graph.featureLength !== FEATURE_LENGTH || graph.pixels !== '[-1,1]') {
    throw new Error(`The packaged network gave ${graph.featureLength} features of ${graph.pixels} pixels.`);
  }
  const made = keepQuantisation(writeLayersModel(graph, { head: null, pixelInput: 'graph' }), original);
  const difference = await compareFeatures(original, made, graph.featureSource, INPUT_SIDE);
  if (!(difference <= MAX_DIFFERENCE_RATIO)) {
    throw new Error(`The features of the bundled backbone differ from the original's by ${difference}.`);
  }
  const modelJson = JSON.stringify(made.modelJson);
  const weights = new Uint8Array(made.weightData);
  return new Map<string, string | Uint8Array>([
    ['model.json', modelJson],
    ['weights.bin', weights],
    ['backbone.json', JSON.stringify(describe(root, modelJson, weights))],
  ]);
}

function describe(root: string, modelJson: string, weights: Uint8Array): BackboneManifest {
  return {
    id: ID,
    name: 'MobileNet v2 1.4',
    family: 'mobilenet-v2',
    inputSide: INPUT_SIDE,
    pixels: '[-1,1]',
    featureLayer: null,
    licence: `MIT (npm package nsfwjs ${packagedVersion(root)}, Infinite Red)`,
    source: 'Google, MobileNet v2 1.4, 224 px, feature vector, with a short training for content moderation on top',
    sha256: createHash('sha256').update(modelJson).update(weights).digest('hex'),
    sizeBytes: Buffer.byteLength(modelJson) + weights.byteLength,
  };
}

function stampOf(root: string): string {
  const hash = createHash('sha256').update(packagedVersion(root));
  for (const source of SOURCES) for (const file of filesUnder(join(root, source))) hash.update(readFileSync(file));
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(path, name));
}

/** True when the files are there and still have the hash their manifest names. */
function isIntact(dir: string): boolean {
  const paths = ['index.json', ...['backbone.json', 'model.json', 'weights.bin'].map((name) => join(ID, name))];
  if (!paths.every((path) => existsSync(join(dir, path)))) return false;
  const read = (name: string) => readFileSync(join(dir, ID, name));
  const hash = createHash('sha256').update(read('model.json')).update(read('weights.bin')).digest('hex');
  return read('backbone.json').includes(hash);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await prepareBundledBackbone(process.cwd());
}
