import { cutNetwork } from '../../../src/engine/fine-tune/cut.ts';
import type { FineTuneOptions } from '../../../src/engine/fine-tune/train-fine-tuned.ts';
import { startGraph } from '../../../src/engine/interpreter.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { FoldedGraph, FoldedNode } from '../../../src/graph/folded-graph.ts';
import { noise } from './gradient-cases.ts';
import { makeRun } from './train-setup.ts';

/** How every convolution here passes over its input. */
export const filter = { strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;

const convNode = (name: string, input: string, side: number): FoldedNode => ({
  op: 'conv',
  name,
  inputs: [input],
  shape: [side, side, 4],
  groups: 1,
  kernel: { shape: [1, 1, 4, 4], values: noise(16) },
  bias: { shape: [4], values: noise(4) },
  ...filter,
  activation: 'relu',
});

/** Three blocks, of which the last two can be trained. */
export function network(): FoldedGraph {
  const nodes: FoldedNode[] = [
    { op: 'input', name: 'image', inputs: [], shape: [4, 4, 4] },
    convNode('block_1', 'image', 4),
    convNode('block_2', 'block_1', 4),
    convNode('block_3', 'block_2', 4),
    { op: 'globalAveragePool', name: 'pool', inputs: ['block_3'], shape: [4] },
  ];
  return { inputSide: 4, pixels: '[0,1]', nodes, featureLength: 4 };
}

/** Activations whose class shows in how two channels go together, which no average over space tells. */
export async function fineTuneRun(change: Parameters<typeof makeRun>[0] = {}, isTold = true) {
  const { options, events } = makeRun({ ...change, settings: { hiddenUnits: 0, dropout: 0, ...change.settings } });
  const cut = cutNetwork(network(), 2);
  const { classIndices } = options.rows;
  const values = noise(classIndices.length * 64).map((value, index) => {
    const classIndex = classIndices[Math.floor(index / 64)] ?? 0;
    return value + (isTold && index % 4 === classIndex ? 0.5 : 0);
  });
  const running = startGraph(cut.upper);
  const output = tf.tidy(() => running.run(tf.tensor4d(values, [classIndices.length, 4, 4, 4])));
  const features = { values: (await output.data<'float32'>()).slice(), featureLength: 4 };
  output.dispose();
  running.dispose();
  const activations = (rows: Int32Array) =>
    Float32Array.from([...rows].flatMap((row) => [...values.subarray(row * 64, (row + 1) * 64)]));
  const own: FineTuneOptions = { ...options, features, cut, activations };
  return { options: own, events, cut };
}

/** Settings with which much happens in few epochs. */
export const LIVELY = { fineTuneStages: 2, fineTuneRate: 1, fineTuneEpochs: 12, learningRate: 0.02, epochs: 4 };
