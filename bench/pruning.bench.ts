import type { HeadWeights } from '../src/domain/head.ts';
import type { ChannelMoments, LayerInputs } from '../src/domain/layer-inputs.ts';
import { inputsOf } from '../src/engine/compression/layer-inputs.ts';
import { compressModel } from '../src/graph/compress-model.ts';
import type { FoldedGraph } from '../src/graph/folded-graph.ts';
import { haveDataset, readPhotos } from './helpers/datasets.ts';
import { embedPictures } from './helpers/embed-pictures.ts';
import { readNetwork, startWasm } from './helpers/network-files.ts';
import { shrinkPhotos } from './helpers/shrink-photos.ts';
import { answersTo, topClasses, trainOnPhotos } from './helpers/train-on-photos.ts';

interface Model {
  readonly graph: FoldedGraph;
  readonly head: HeadWeights;
}

interface Pictures {
  readonly pictures: readonly Uint8Array[];
  readonly classIndices: readonly number[];
}

/** Photos of every class to learn from, then so many to test on. */
const LEARNT_PER_CLASS = 60;
/** Photos, taken from all classes in turn, that tell what the layers are given. */
const LOOKED_AT = 16;

/**
 * `npm run bench pruning [data set] [backbone id] [tested a class] [shares set to zero ...]`: how many test photos are called right
 * by a head of default settings on a network of which a share of the weights is zero, or all weights are 8-bit steps. wasm in
 * Node. "One threshold" and "a share of each layer" are what Graft does not do, for comparison.
 */
export async function run(args: string[]): Promise<void> {
  const [dataset = 'flowers5', id = 'mobilenet_v2_1.0_224_tf2_f16', perClass = '40', ...shares] = args;
  const ratios = shares.length > 0 ? shares.map(Number) : [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  if (!haveDataset(dataset)) return;
  await startWasm();
  const graph = await readNetwork(id);
  if (graph === null) return;
  const { learnt, tested, classCount } = await photos(dataset, graph.inputSide, Number(perClass));
  const parts = learnt.classIndices.map((_, row) => (row % 6 === 5 ? 'validation' : 'train'));
  const features = await embedPictures(graph, learnt.pictures);
  const head = await trainOnPhotos({ classIndices: learnt.classIndices, classCount }, features, parts, 42);
  const model = { graph, head };
  const inputs = await inputsOf(graph, inTurn(learnt, classCount), 'wasm', {
    signal: new AbortController().signal,
    yieldToEvents: () => Promise.resolve(),
  });
  if (inputs === null) throw new Error('no photo to look at');
  const judge = async (smaller: Model) => {
    const answers = await answersTo(await embedPictures(smaller.graph, tested.pictures), smaller.head);
    return topClasses(answers, classCount).filter((found, row) => found === tested.classIndices[row]).length;
  };
  console.log(`${id}, ${dataset}: ${await judge(model)} of ${tested.pictures.length} right as it is`);
  for (const encoding of ['uint8', 'uint8-per-channel'] as const) {
    for (const [known, words] of [
      [null, 'biases as they are'],
      [inputs, 'biases make up'],
    ] as const) {
      console.log(`${encoding}, ${words} | ${await judge(compressModel(model, { encoding, prunedRatio: 0 }, known))}`);
    }
  }
  console.log(`share set to zero | ${ratios.join(' | ')}`);
  for (const [words, prune] of waysOf(inputs)) {
    const cells: number[] = [];
    for (const ratio of ratios) cells.push(await judge(prune(model, ratio)));
    console.log(`${words} | ${cells.join(' | ')}`);
  }
}

type Way = readonly [words: string, prune: (model: Model, ratio: number) => Model];

function waysOf(inputs: LayerInputs): readonly Way[] {
  const ours = (known: LayerInputs | null) => (model: Model, prunedRatio: number) =>
    compressModel(model, { encoding: 'float32', prunedRatio }, known);
  return [
    ['one threshold for all weights', (model, ratio) => underThresholds(model, ratio, onePool)],
    ['the same share of each layer', (model, ratio) => underThresholds(model, ratio, (all) => all)],
    ['what a layer can spare, by weights alone', ours(null)],
    ['by weights and what they are given', ours(withoutMeans(inputs))],
    ['and biases make up for it', ours(inputs)],
  ];
}

/** Every layer's threshold is that of all weights together. */
function onePool(magnitudes: readonly Float32Array[][]): readonly (readonly Float32Array[])[] {
  const all = magnitudes.flat();
  return magnitudes.map(() => all);
}

/** @param pools of magnitudes that each layer's threshold is taken from, by layer. */
function underThresholds(
  { graph, head }: Model,
  ratio: number,
  pools: (magnitudes: readonly Float32Array[][]) => readonly (readonly Float32Array[])[],
): Model {
  const kernels = [
    ...graph.nodes.flatMap((node) => ('kernel' in node ? [node.kernel.values] : [])),
    ...head.layers.map(({ kernel }) => kernel),
  ];
  const thresholds = new Map<readonly Float32Array[], number>();
  const byKernel = pools(kernels.map((values) => [values.map(Math.abs)]));
  const prune = (values: Float32Array) => {
    const pool = byKernel[kernels.indexOf(values)] ?? [];
    const threshold = thresholds.get(pool) ?? rankOf(pool, ratio);
    thresholds.set(pool, threshold);
    return values.map((value) => (Math.abs(value) < threshold ? 0 : value));
  };
  const nodes = graph.nodes.map((node) =>
    'kernel' in node ? { ...node, kernel: { shape: node.kernel.shape, values: prune(node.kernel.values) } } : node,
  );
  return {
    graph: { ...graph, nodes },
    head: { layers: head.layers.map((layer) => ({ ...layer, kernel: prune(layer.kernel) })) },
  };
}

function rankOf(pool: readonly Float32Array[], ratio: number): number {
  const all = new Float32Array(pool.reduce((count, values) => count + values.length, 0));
  pool.reduce((from, values) => {
    all.set(values, from);
    return from + values.length;
  }, 0);
  return all.sort()[Math.floor(all.length * ratio)] ?? 0;
}

/** Means of zero: no bias is changed. */
function withoutMeans({ nodes, features }: LayerInputs): LayerInputs {
  const without = ({ means, strengths }: ChannelMoments) => ({ means: means.map(() => 0), strengths });
  return { nodes: new Map([...nodes].map(([name, own]) => [name, without(own)])), features: without(features) };
}

function inTurn({ pictures }: Pictures, classCount: number): Uint8Array[] {
  const at = (index: number) => (index % classCount) * LEARNT_PER_CLASS + Math.floor(index / classCount);
  return Array.from({ length: LOOKED_AT }, (_, index) => pictures[at(index)] ?? []).filter(
    (own) => own instanceof Uint8Array,
  );
}

async function photos(dataset: string, side: number, testedPerClass: number) {
  const all = [...readPhotos(dataset, LEARNT_PER_CLASS + testedPerClass)];
  const names = [...new Set(all.map(({ className }) => className))];
  const shrunk = await shrinkPhotos(
    all.map(({ bytes }) => bytes),
    side,
  );
  const seen = new Map<string, number>();
  const learnt: { pictures: Uint8Array[]; classIndices: number[] } = { pictures: [], classIndices: [] };
  const tested: typeof learnt = { pictures: [], classIndices: [] };
  all.forEach(({ className }, index) => {
    const count = seen.get(className) ?? 0;
    seen.set(className, count + 1);
    const part = count < LEARNT_PER_CLASS ? learnt : tested;
    part.pictures.push(shrunk[index]?.halves ?? new Uint8Array(0));
    part.classIndices.push(names.indexOf(className));
  });
  return { learnt, tested, classCount: names.length };
}
