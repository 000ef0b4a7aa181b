import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackboneManifest } from '../src/domain/backbone.ts';
import { randomStream } from '../src/domain/random.ts';
import { DEFAULT_SETTINGS, type ResolvedSettings, resolveSettings } from '../src/domain/settings.ts';
import { ActivationStore } from '../src/engine/fine-tune/activation-store.ts';
import { type Cut, cutNetwork } from '../src/engine/fine-tune/cut.ts';
import { withoutOwnKernels } from '../src/engine/fine-tune/kernels/own-kernel.ts';
import { trainFineTuned } from '../src/engine/fine-tune/train-fine-tuned.ts';
import { createTunedStepper } from '../src/engine/fine-tune/tuned-stepper.ts';
import { startGraph } from '../src/engine/interpreter.ts';
import * as tf from '../src/engine/tf.ts';
import { headShapeOf, startingHead } from '../src/engine/training/head-shape.ts';
import type { PartRows } from '../src/engine/training/rows-by-part.ts';
import { readModel } from '../src/graph/read-model.ts';
import { BACKBONES_DIR } from './helpers/datasets.ts';

const BATCH = 16;
const CLASSES = 5;
const STAGES = [1, 2, 3] as const;

/**
 * `npm run bench finetune [rounds=6]`, on wasm in Node (one thread): a step of fine-tuning from cached activations, the same
 * without our own kernels for the backward pass, and one that computes the whole network, interleaved; then ten epochs on 500
 * cached images. All in processor time, which other work on the machine distorts less.
 */
export async function run(args: string[]): Promise<void> {
  const rounds = Number(args.find((arg) => arg.startsWith('rounds='))?.slice('rounds='.length) ?? 6);
  tf.setWasmPaths(fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
  await tf.setBackend('wasm');
  console.log(
    'network | stages | weights trained | cached ms/step | tfjs operations alone | times as long | whole network | times as long',
  );
  for (const id of ['mobilenet_v2_1.0_224_tf2_f16', 'mobilenet_v2_0.35_224']) {
    const graph = readBackbone(id);
    if (graph === null) continue;
    for (const stageCount of STAGES) compare(id, cutNetwork(graph, stageCount), rounds);
  }
  const small = readBackbone('mobilenet_v2_0.35_224');
  if (small === null) return;
  for (const stageCount of STAGES) await tenEpochs(cutNetwork(small, stageCount));
}

function readBackbone(id: string) {
  const folder = join(BACKBONES_DIR, id);
  if (!existsSync(folder)) {
    console.log(`not measured: ../shared/backbones/${id} is not there`);
    return null;
  }
  const manifest = JSON.parse(readFileSync(join(folder, 'backbone.json'), 'utf8')) as BackboneManifest;
  const modelJson = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
    readonly weightsManifest: readonly { readonly paths: readonly string[] }[];
  };
  const names = modelJson.weightsManifest.flatMap(({ paths }) => paths);
  if (!names.every((name) => readdirSync(folder).includes(name))) throw new Error(`${id} is not complete`);
  const weightData = new Uint8Array(Buffer.concat(names.map((name) => readFileSync(join(folder, name))))).buffer;
  return readModel(modelJson, weightData, manifest);
}

function noise(length: number, name: string): Float32Array {
  const random = randomStream(3, name);
  return Float32Array.from({ length }, () => random.uniform() * 2 - 1);
}

function settingsOf(change: Partial<ResolvedSettings>): ResolvedSettings {
  return resolveSettings(
    { ...DEFAULT_SETTINGS, batchSize: BATCH, patience: 0, ...change },
    { classCounts: Array.from({ length: CLASSES }, () => 80) },
  );
}

function compare(id: string, cut: Cut, rounds: number): void {
  const side = cut.lower.inputSide;
  const images = tf.tensor4d(noise(BATCH * side * side * 3, 'images'), [BATCH, side, side, 3]);
  const below = startGraph(cut.lower);
  const atCut = () => {
    const values = below.run(images);
    const copy = values.dataSync<'float32'>().slice();
    values.dispose();
    return copy;
  };
  const store = new ActivationStore(id, cut.lower.featureLength, () => Promise.reject(new Error('memory is enough')));
  const hashes = Array.from({ length: BATCH }, (_, row) => String(row));
  const first = atCut();
  void store.put(
    hashes.map((hash, row) => ({
      name: hash,
      values: first.subarray(row * cut.lower.featureLength, (row + 1) * cut.lower.featureLength),
    })),
  );
  const cached = stepTimer(cut, () => store.gather(hashes));
  const whole = stepTimer(cut, atCut);
  const round = (_: unknown, index: number) => {
    const plain = () => withoutOwnKernels(cached.step);
    // Whoever comes after the whole network finds nothing of its own near the processor: they take turns.
    const firstMs = index % 2 > 0 ? cached.step() : plain();
    const secondMs = index % 2 > 0 ? plain() : cached.step();
    const [cachedMs, plainMs] = index % 2 > 0 ? [firstMs, secondMs] : [secondMs, firstMs];
    return { cachedMs, plainMs, wholeMs: whole.step() };
  };
  const times = Array.from({ length: rounds + 1 }, round).slice(1);
  const middle = (of: (time: ReturnType<typeof round>) => number) => median(times.map(of));
  const figures = [
    middle(({ cachedMs }) => cachedMs).toFixed(0),
    middle(({ plainMs }) => plainMs).toFixed(0),
    middle(({ plainMs, cachedMs }) => plainMs / cachedMs).toFixed(1),
    middle(({ wholeMs }) => wholeMs).toFixed(0),
    middle(({ wholeMs, cachedMs }) => wholeMs / cachedMs).toFixed(1),
  ];
  console.log([id, cut.stageCount, weightCount(cut), ...figures].join(' | '));
  cached.dispose();
  whole.dispose();
  below.dispose();
  images.dispose();
}

/** Processor time of this process up to now; everything measured here runs on one thread. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function weightCount({ upper }: Cut): number {
  return upper.nodes.reduce(
    (sum, node) => sum + ('kernel' in node ? node.kernel.values.length + node.bias.values.length : 0),
    0,
  );
}

/** Steps on one batch; each says what it took, in ms. */
function stepTimer(cut: Cut, activations: () => Float32Array) {
  const settings = settingsOf({ epochs: 1000 });
  const shape = headShapeOf(cut.upper.featureLength, CLASSES, settings);
  const rows: PartRows = {
    part: 'train',
    rowIndices: Int32Array.from({ length: BATCH }, (_, row) => row),
    classIndices: Int32Array.from({ length: BATCH }, (_, row) => row % CLASSES),
  };
  const stepper = createTunedStepper({
    graph: cut.upper,
    stageOf: cut.stageOf,
    activations,
    head: startingHead(shape, 1, null),
    train: rows,
    judge: rows,
    shape,
    settings,
  });
  return {
    step: () => {
      stepper.startEpoch();
      const startedMs = processorMs();
      stepper.step(0);
      return processorMs() - startedMs;
    },
    dispose: () => stepper.dispose(),
  };
}

/** The second phase, and the head before it, on 500 images whose activations are there. */
async function tenEpochs(cut: Cut): Promise<void> {
  const imageCount = 500;
  const { featureLength: rowLength } = cut.lower;
  const store = new ActivationStore('bench', rowLength, () => Promise.reject(new Error('memory is enough')));
  const hashes = Array.from({ length: imageCount }, (_, row) => String(row));
  for (const hash of hashes) await store.put([{ name: hash, values: noise(rowLength, hash) }]);
  // The head's epochs come first and do not count.
  let startedMs = processorMs();
  await trainFineTuned({
    features: {
      values: noise(imageCount * cut.upper.featureLength, 'features'),
      featureLength: cut.upper.featureLength,
    },
    rows: {
      hashes,
      classIndices: hashes.map((_, row) => row % CLASSES),
      parts: hashes.map((_, row) => (row < 425 ? 'train' : 'validation')),
    },
    classCount: CLASSES,
    settings: settingsOf({ epochs: 10, fineTuneStages: cut.stageCount, fineTuneEpochs: 10, batchSize: 32 }),
    cut,
    activations: (rows) => store.gather(Array.from(rows, (row) => hashes[row] ?? '')),
    signal: new AbortController().signal,
    stopRequested: () => false,
    emit: ({ epoch }) => {
      if (epoch.phase === 'head') startedMs = processorMs();
    },
    now: () => performance.now(),
    yieldToEvents: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const seconds = (processorMs() - startedMs) / 1000;
  console.log(
    `MobileNet v2 0.35, last ${cut.stageCount} ${cut.stageCount === 1 ? 'stage' : 'stages'}, 500 images (425 to learn from, 75 to judge), 10 epochs: ${seconds.toFixed(1)} s`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
