import { expect, test } from 'vitest';
import type { FoldedGraph, FoldedNode } from '../../../src/graph/folded-graph.ts';
import { multiplyAddsOf } from '../../../src/graph/multiply-adds.ts';
import { parameterCountOf } from '../../../src/graph/parameter-count.ts';
import { splitAtStage } from '../../../src/graph/split-at-stage.ts';
import { trainableStagesOf } from '../../../src/graph/trainable-stages.ts';

function conv(name: string, input: string, side: number, inCount: number, outCount: number): FoldedNode {
  return {
    op: 'conv',
    name,
    inputs: [input],
    shape: [side, side, outCount],
    kernel: { shape: [1, 1, inCount, outCount], values: new Float32Array(inCount * outCount) },
    groups: 1,
    bias: { shape: [outCount], values: new Float32Array(outCount) },
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'same',
    activation: 'relu',
  };
}

const GRAPH: FoldedGraph = {
  inputSide: 32,
  pixels: '[0,1]',
  nodes: [
    { op: 'input', name: 'image', inputs: [], shape: [32, 32, 3] },
    conv('block_1', 'image', 16, 3, 2),
    conv('block_2', 'block_1', 8, 2, 4),
    conv('block_3', 'block_2', 8, 4, 6),
    { op: 'globalAveragePool', name: 'pool', inputs: ['block_3'], shape: [6] },
    {
      op: 'dense',
      name: 'embedding',
      inputs: ['pool'],
      shape: [5],
      kernel: { shape: [6, 5], values: new Float32Array(30) },
      bias: { shape: [5], values: new Float32Array(5) },
      activation: 'linear',
    },
  ],
  featureLength: 5,
};

test('the parts that can be trained come from the output on, what follows the last map counted to the last of them', () => {
  expect(trainableStagesOf(GRAPH)).toEqual([
    { name: 'block_3', shape: [8, 8, 6], parameterCount: 4 * 6 + 6 + 6 * 5 + 5 },
    { name: 'block_2', shape: [8, 8, 4], parameterCount: 2 * 4 + 4 },
  ]);
});

test('their weights are those above the cut that trains them', () => {
  const counts = trainableStagesOf(GRAPH).map(({ parameterCount }) => parameterCount);
  for (const stageCount of [1, 2]) {
    const sum = counts.slice(0, stageCount).reduce((one, other) => one + other, 0);
    expect(parameterCountOf(splitAtStage(GRAPH, stageCount).upper.nodes)).toBe(sum);
  }
});

test('the work of nodes is counted at every place of the map', () => {
  expect(multiplyAddsOf(GRAPH.nodes)).toBe(16 * 16 * 6 + 8 * 8 * 8 + 8 * 8 * 24 + 30);
});
