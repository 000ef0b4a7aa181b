import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareFeatures } from '../../../scripts/backbone/compare-features.ts';
import { keepQuantisation } from '../../../scripts/backbone/keep-quantisation.ts';
import { readPackagedModel } from '../../../scripts/backbone/nsfwjs-model.ts';
import { type ReadGraph, readModel } from '../../../src/graph/read-model.ts';
import { writeLayersModel } from '../../../src/graph/write-layers-model.ts';
import { summarise } from './support/tfjs-reference.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SIDE = 224;

describe('the bundled backbone', () => {
  const original = readPackagedModel(ROOT);
  let graph: ReadGraph;

  beforeAll(() => {
    graph = readModel(original.modelJson, original.weightData, {
      inputSide: SIDE,
      pixels: '[0,1]',
      featureLayer: null,
    });
  });

  it('is cut before its classification top and takes its input arithmetic into the pixels', () => {
    expect(graph.featureLength).toBe(1792);
    expect(graph.pixels).toBe('[-1,1]');
    expect(graph.featureSource).toMatch(/AvgPool$/);
    expect(new Set(graph.nodes.map((node) => node.op))).toEqual(
      new Set(['input', 'conv', 'depthwise', 'add', 'globalAveragePool']),
    );
    expect(graph.nodes.every((node) => !node.name.startsWith('StatefulPartitionedCall'))).toBe(true);
  });

  it('keeps its 8-bit weights to the last bit and gives the features of the original', async () => {
    const written = writeLayersModel(graph, { head: null, pixelInput: 'graph' });
    const kept = keepQuantisation(written, original);
    expect(kept.weightData.byteLength).toBeLessThan(written.weightData.byteLength / 3.9);
    const facts = { inputSide: SIDE, pixels: '[-1,1]', featureLayer: null } as const;
    const { nodes } = readModel(kept.modelJson, kept.weightData, facts);
    expect(summarise(nodes, false)).toEqual(summarise(graph.nodes, false));
    expect(await compareFeatures(original, kept, graph.featureSource, SIDE)).toBeLessThan(1e-4);
  });
});
