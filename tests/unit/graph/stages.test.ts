import { describe, expect, it } from 'vitest';
import type { FoldedGraph, FoldedNode } from '../../../src/graph/folded-graph.ts';
import { stagesOf } from '../../../src/graph/stages.ts';

const zeros = (...shape: number[]) => ({ shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) });

function conv(name: string, input: string, side: number, inCount = 2, outCount = 2): FoldedNode {
  return {
    op: 'conv',
    name,
    inputs: [input],
    shape: [side, side, outCount],
    kernel: zeros(1, 1, inCount, outCount),
    groups: 1,
    bias: zeros(outCount),
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'same',
    activation: 'relu',
  };
}

function add(name: string, a: string, b: string, side: number): FoldedNode {
  return { op: 'add', name, inputs: [a, b], shape: [side, side, 2], activation: 'relu' };
}

function graphOf(...nodes: FoldedNode[]): FoldedGraph {
  const input: FoldedNode = { op: 'input', name: 'image', inputs: [], shape: [32, 32, 3] };
  const last = nodes.at(-1)?.name ?? '';
  const pool: FoldedNode = { op: 'globalAveragePool', name: 'pool', inputs: [last], shape: [2] };
  return { inputSide: 32, pixels: '[0,1]', nodes: [input, ...nodes, pool], featureLength: 2 };
}

/** Weights of `conv` from 2 to 2 channels. */
const CONV_PARAMETERS = 6;

describe('the stages of a network', () => {
  it('end where nothing passes by: never inside a residual block', () => {
    const graph = graphOf(
      conv('stem', 'image', 16, 3),
      conv('layer1.0.conv1', 'stem', 16),
      conv('layer1.0.conv2', 'layer1.0.conv1', 16),
      add('layer1.0.add', 'stem', 'layer1.0.conv2', 16),
      conv('layer2.0.conv1', 'layer1.0.add', 8),
      conv('layer2.0.conv2', 'layer2.0.conv1', 8),
      conv('layer2.0.downsample', 'layer1.0.add', 8),
      add('layer2.0.add', 'layer2.0.conv2', 'layer2.0.downsample', 8),
    );
    expect(stagesOf(graph)).toEqual([
      { name: 'layer2.0', nodeName: 'layer2.0.add', shape: [8, 8, 2], parameterCountAbove: 0 },
      { name: 'layer1.0', nodeName: 'layer1.0.add', shape: [16, 16, 2], parameterCountAbove: 3 * CONV_PARAMETERS },
      { name: 'stem', nodeName: 'stem', shape: [16, 16, 2], parameterCountAbove: 5 * CONV_PARAMETERS },
    ]);
  });

  it('are every block of the two smallest resolutions, and the end of each one before', () => {
    const graph = graphOf(
      conv('block_1_a', 'image', 16, 3),
      conv('block_2_a', 'block_1_a', 16),
      conv('block_3_a', 'block_2_a', 8),
      conv('block_4_a', 'block_3_a', 8),
      conv('block_4_b', 'block_4_a', 8),
      conv('block_5_a', 'block_4_b', 4),
      conv('block_6_a', 'block_5_a', 4),
    );
    expect(stagesOf(graph).map(({ nodeName }) => nodeName)).toEqual([
      'block_6_a',
      'block_5_a',
      'block_4_b',
      'block_3_a',
      'block_2_a',
    ]);
  });

  it('are numbered from the input where the layers have made-up names', () => {
    const graph = graphOf(
      conv('conv2d', 'image', 8, 3),
      conv('conv2d_1', 'conv2d', 8),
      add('add', 'conv2d', 'conv2d_1', 8),
      conv('conv2d_2', 'add', 4),
      add('add_1', 'conv2d_2', 'conv2d_2', 4),
    );
    expect(stagesOf(graph).map(({ name }) => name)).toEqual(['stage 2', 'stage 1']);
  });

  it('are no more than the map itself in a network of one convolution, and none without a map', () => {
    expect(stagesOf(graphOf(conv('only', 'image', 4, 3)))).toEqual([
      { name: 'only', nodeName: 'only', shape: [4, 4, 2], parameterCountAbove: 0 },
    ]);
    const pixels: FoldedNode = { op: 'flatten', name: 'flat', inputs: ['image'], shape: [32 * 32 * 3] };
    const input: FoldedNode = { op: 'input', name: 'image', inputs: [], shape: [32, 32, 3] };
    expect(stagesOf({ inputSide: 32, pixels: '[0,1]', nodes: [input, pixels], featureLength: 3072 })).toEqual([]);
  });
});
