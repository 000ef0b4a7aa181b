import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PixelScaling } from '../../../src/domain/backbone.ts';
import { createEmbedder } from '../../../src/engine/embedder.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { FoldedGraph } from '../../../src/graph/folded-graph.ts';

/** Averages its input over space: the feature is the scaled colour itself. */
function meanGraph(pixels: PixelScaling): FoldedGraph {
  return {
    inputSide: 2,
    pixels,
    featureLength: 3,
    nodes: [
      { op: 'input', name: 'in', inputs: [], shape: [2, 2, 3] },
      { op: 'globalAveragePool', name: 'out', inputs: ['in'], shape: [3] },
    ],
  };
}

/** A 2 x 2 picture of one colour. */
const colored = (red: number, green: number, blue: number) =>
  Uint8Array.from({ length: 12 }, (_, index) => [red, green, blue][index % 3] ?? 0);

/** Red 255, green 0, blue 51, worked out by hand from each convention's definition. */
const EXPECTED: readonly (readonly [PixelScaling, readonly [number, number, number]])[] = [
  ['0-255', [255, 0, 51]],
  ['[0,1]', [1, 0, 0.2]],
  ['[-1,1]', [1, -1, -0.6]],
  ['imagenet', [(1 - 0.485) / 0.229, (0 - 0.456) / 0.224, (0.2 - 0.406) / 0.225]],
  ['caffe', [51 - 103.939, 0 - 116.779, 255 - 123.68]],
  ['teachable-machine', [255 / 127 - 1, -1, 51 / 127 - 1]],
];

describe('the embedder', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  // The arithmetic is done here for one backend and on the device for the other; the device of this test is the same.
  it.each(EXPECTED)('scales pixels as %s says, in memory and on the device', async (pixels, wanted) => {
    for (const backend of ['cpu', 'webgpu'] as const) {
      const embedder = createEmbedder(meanGraph(pixels), backend);
      const feature = await embedder.embed([colored(255, 0, 51)]);
      wanted.forEach((value, channel) => {
        expect(feature[channel]).toBeCloseTo(value, 3);
      });
      embedder.dispose();
    }
  });

  it('gives one row per image, in order, whatever the size of the last batch', async () => {
    const embedder = createEmbedder(meanGraph('0-255'), 'wasm');
    embedder.setBatchSize(4);
    const features = await embedder.embed([colored(1, 2, 3), colored(4, 5, 6), colored(7, 8, 9)]);
    expect([...features]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    embedder.dispose();
  });
});
