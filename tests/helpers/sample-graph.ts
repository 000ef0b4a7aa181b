import type { FoldedGraph, FoldedNode } from '../../src/graph/folded-graph.ts';

/** A network of so many convolutions one after another, 8 px and 4 channels, with the same weights every time. */
export function chainGraph(convCount: number): FoldedGraph {
  const shape = [8, 8, 4];
  const convs = Array.from({ length: convCount }, (_, index): FoldedNode => {
    const channels = index === 0 ? 3 : 4;
    return {
      op: 'conv',
      name: `conv${index}`,
      inputs: [index === 0 ? 'input' : `conv${index - 1}`],
      shape,
      groups: 1,
      kernel: {
        shape: [3, 3, channels, 4],
        values: Float32Array.from({ length: 36 * channels }, (_, at) => Math.sin(at + 1)),
      },
      bias: { shape: [4], values: new Float32Array(4) },
      strides: [1, 1],
      dilations: [1, 1],
      padding: 'same',
      activation: 'relu6',
    };
  });
  const nodes: FoldedNode[] = [
    { op: 'input', name: 'input', inputs: [], shape: [8, 8, 3] },
    ...convs,
    { op: 'globalAveragePool', name: 'pool', inputs: [`conv${convCount - 1}`], shape: [4] },
  ];
  return { inputSide: 8, pixels: '[-1,1]', nodes, featureLength: 4 };
}
