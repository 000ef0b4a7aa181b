import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onBeat } from '../../../src/domain/beat.ts';
import { letKernelsBeat } from '../../../src/engine/beating-kernels.ts';
import { createEmbedder } from '../../../src/engine/embedder.ts';
import { trainAnyHead } from '../../../src/engine/heads/train-any-head.ts';
import * as tf from '../../../src/engine/tf.ts';
import { chainGraph } from '../../helpers/sample-graph.ts';
import { makeRun, useBackend } from './train-setup.ts';

const LAYER_COUNT = 9;

let beatCount = 0;

beforeAll(async () => {
  letKernelsBeat('wasm');
  letKernelsBeat('cpu');
  onBeat(() => {
    beatCount += 1;
  });
  await useBackend('wasm');
});
afterAll(() => onBeat(() => {}));

async function beatsOf(act: () => Promise<unknown>): Promise<number> {
  const before = beatCount;
  await act();
  return beatCount - before;
}

describe.each(['wasm', 'cpu'] as const)('a network on %s', (backend) => {
  it('gives a sign of life at every layer it computes', async () => {
    await useBackend(backend);
    const tensorCount = tf.memory().numTensors;
    const embedder = createEmbedder(chainGraph(LAYER_COUNT), backend);
    const image = new Uint8Array(8 * 8 * 3).fill(100);
    const beats = await beatsOf(() => embedder.embed([image]));
    embedder.dispose();
    expect(beats).toBeGreaterThanOrEqual(LAYER_COUNT);
    expect(tf.memory().numTensors).toBe(tensorCount);
    await useBackend('wasm');
  });
});

describe('a head', () => {
  it.each(['network', 'logistic', 'prototypes', 'neighbours'] as const)('%s gives signs of life', async (head) => {
    const { options, events } = makeRun({ settings: { head } });
    const beats = await beatsOf(() => trainAnyHead(options));
    expect(beats).toBeGreaterThanOrEqual(events.length);
    // One at the start would not do: the least of them goes through all rows.
    expect(beats).toBeGreaterThanOrEqual(20);
  });
});
