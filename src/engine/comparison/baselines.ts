import type { BackboneReport } from '../../domain/backbone.ts';
import { beat } from '../../domain/beat.ts';
import { randomStream } from '../../domain/random.ts';
import type { FoldedGraph, FoldedNode, Weight } from '../../graph/folded-graph.ts';
import type { BackendName } from '../contract.ts';
import { createEmbedder, type Embedder } from '../embedder.ts';
import { FEATURE_VERSION } from '../feature-version.ts';
import type { LoadedBackbone } from '../load-backbone.ts';

/** Input of the raw pixels, px: what most networks see, so that decoding costs the same. */
const PIXELS_INPUT_SIDE = 224;
/** Side of the averaged picture, px. */
const PIXELS_SIDE = 16;
const PIXELS_BATCH_SIZE = 16;
const SEED = 42;
/** To be raised when the random weights change, so that kept features are made anew. */
const UNTRAINED_VERSION = 1;

/** Numbers of an image averaged down to 16 x 16: what a head can do without any network. Channels last, row by row. */
export function pixelsGraph(): FoldedGraph {
  const side = PIXELS_INPUT_SIDE;
  const step = side / PIXELS_SIDE;
  const featureLength = PIXELS_SIDE * PIXELS_SIDE * 3;
  return {
    inputSide: side,
    pixels: '[-1,1]',
    featureLength,
    nodes: [
      { name: 'input', op: 'input', inputs: [], shape: [side, side, 3] },
      {
        name: 'average',
        op: 'averagePool',
        inputs: ['input'],
        shape: [PIXELS_SIDE, PIXELS_SIDE, 3],
        size: [step, step],
        strides: [step, step],
        padding: [
          [0, 0],
          [0, 0],
        ],
      },
      { name: 'numbers', op: 'flatten', inputs: ['average'], shape: [featureLength] },
    ],
  };
}

/**
 * The same network as before any training: weights normal with a variance of gain / inputs of a value (He et al., 2015;
 * gain 2 before an activation that cuts off the negative half, 1 elsewhere), biases 0, normalisation the identity.
 * Branches of a sum are damped by the number of sums, as in Fixup (Zhang et al., 2019), so that values keep their size
 * through many of them although there is no normalisation.
 */
export function untrainedGraph(graph: FoldedGraph): FoldedGraph {
  const sums = graph.nodes.filter(({ op }) => op === 'add');
  const summed = new Set(sums.flatMap(({ inputs }) => inputs));
  const nodes = graph.nodes.map((node): FoldedNode => {
    beat();
    switch (node.op) {
      case 'conv':
      case 'depthwise':
      case 'dense': {
        const isBranchEnd = node.activation === 'linear' && summed.has(node.name);
        const gain = (node.activation === 'linear' ? 1 : 2) / (isBranchEnd ? sums.length : 1);
        const deviation = Math.sqrt(gain / inputsOf(node));
        return { ...node, kernel: normalWeight(node.kernel, deviation, node.name), bias: constant(node.bias, 0) };
      }
      case 'affine':
        return { ...node, scale: constant(node.scale, 1), offset: constant(node.offset, 0) };
      default:
        return node;
    }
  });
  return { ...graph, nodes };
}

/** Values that one value of the output is the sum of. */
function inputsOf(node: Extract<FoldedNode, { op: 'conv' | 'depthwise' | 'dense' }>): number {
  const [first = 1, second = 1, third = 1] = node.kernel.shape;
  if (node.op === 'dense') return first;
  return node.op === 'conv' ? first * second * third : first * second;
}

function normalWeight({ shape, values }: Weight, deviation: number, name: string): Weight {
  const random = randomStream(SEED, name);
  return { shape, values: Float32Array.from(values, () => random.normal() * deviation) };
}

function constant({ shape, values }: Weight, value: number): Weight {
  return { shape, values: new Float32Array(values.length).fill(value) };
}

const NO_NETWORK: Omit<BackboneReport, 'id' | 'name' | 'inputSide' | 'featureLength'> = {
  parameterCount: 0,
  stages: [],
  sizeBytes: 0,
  sha256: '',
  licence: '',
  source: '',
  foldingErrorRatio: null,
  millisecondsPerImage: 0,
};

/** Raw pixels in the form of a network. The caller disposes it. */
export async function loadPixels(backend: BackendName): Promise<LoadedBackbone> {
  const graph = pixelsGraph();
  const report = { ...NO_NETWORK, id: 'pixels', name: 'Raw pixels' };
  return ready(graph, report, `baseline-pixels v${FEATURE_VERSION}`, createEmbedder(graph, backend), PIXELS_BATCH_SIZE);
}

/** A network with random weights in the place of those it came with. Takes over `base` and disposes it. The caller disposes the result. */
export async function loadUntrained(base: LoadedBackbone, backend: BackendName): Promise<LoadedBackbone> {
  const { batchSize } = base.embedder;
  base.dispose();
  const graph = untrainedGraph(base.graph);
  const report = { ...base.report, id: 'untrained', name: 'Untrained network' };
  const featureKey = `${base.featureKey} untrained ${UNTRAINED_VERSION}`;
  return ready(graph, report, featureKey, createEmbedder(graph, backend), batchSize);
}

async function ready(
  graph: FoldedGraph,
  facts: Omit<BackboneReport, 'inputSide' | 'featureLength'>,
  featureKey: string,
  embedder: Embedder,
  batchSize: number,
): Promise<LoadedBackbone> {
  embedder.setBatchSize(batchSize);
  const { inputSide, featureLength } = graph;
  return {
    graph,
    embedder,
    featureKey,
    report: { ...facts, inputSide, featureLength },
    dispose: () => embedder.dispose(),
  };
}
