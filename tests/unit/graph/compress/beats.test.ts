import { afterEach, expect, it } from 'vitest';
import { onBeat } from '../../../../src/domain/beat.ts';
import { WEIGHT_ENCODINGS } from '../../../../src/domain/compression.ts';
import type { HeadWeights } from '../../../../src/domain/head.ts';
import { compressModel } from '../../../../src/graph/compress-model.ts';
import { writeLayersModel } from '../../../../src/graph/write-layers-model.ts';
import { chainGraph } from '../../../helpers/sample-graph.ts';

const LAYER_COUNT = 9;
const graph = chainGraph(LAYER_COUNT);
const head: HeadWeights = {
  layers: [
    {
      kernel: Float32Array.from({ length: 8 }, (_, at) => Math.cos(at)),
      bias: new Float32Array(2),
      inputLength: 4,
      outputLength: 2,
      activation: 'softmax',
    },
  ],
};

afterEach(() => onBeat(() => {}));

function countBeats(act: () => void): number {
  let beatCount = 0;
  onBeat(() => {
    beatCount += 1;
  });
  act();
  return beatCount;
}

it.each(WEIGHT_ENCODINGS)('%s: compression gives a sign of life at every layer', (encoding) => {
  const compress = (prunedRatio: number) => () => void compressModel({ graph, head }, { encoding, prunedRatio }, null);
  const plain = countBeats(compress(0));
  expect(plain).toBeGreaterThanOrEqual(LAYER_COUNT);
  // Energies, sorting, two rounds of counting and the pruning itself are work on every layer of their own.
  expect(countBeats(compress(0.5))).toBeGreaterThanOrEqual(plain + 5 * LAYER_COUNT);
});

it('writing a model gives a sign of life at every layer', () => {
  expect(countBeats(() => void writeLayersModel(graph, { head, pixelInput: 'graph' }))).toBeGreaterThanOrEqual(
    LAYER_COUNT,
  );
});
