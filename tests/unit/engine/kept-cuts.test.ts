import { expect, test } from 'vitest';
import { ActivationMemory } from '../../../src/engine/fine-tune/activation-memory.ts';
import { activationBytes } from '../../../src/engine/fine-tune/activation-store.ts';
import { cutNetwork } from '../../../src/engine/fine-tune/cut.ts';
import { KeptCuts } from '../../../src/engine/fine-tune/kept-cuts.ts';
import type { FoldedGraph, FoldedNode } from '../../../src/graph/folded-graph.ts';

const filter = { strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;

const block = (name: string, input: string): FoldedNode => ({
  op: 'conv',
  name,
  inputs: [input],
  shape: [1, 1, 2],
  groups: 1,
  kernel: { shape: [1, 1, 2, 2], values: new Float32Array(4) },
  bias: { shape: [2], values: new Float32Array(2) },
  ...filter,
  activation: 'relu',
});

/** Cuts of a network of four blocks; a row of values at any of them is two numbers. */
const NETWORK: FoldedGraph = {
  inputSide: 1,
  pixels: '[0,1]',
  featureLength: 2,
  nodes: [
    { op: 'input', name: 'image', inputs: [], shape: [1, 1, 2] },
    block('block_1', 'image'),
    block('block_2', 'block_1'),
    block('block_3', 'block_2'),
    block('block_4', 'block_3'),
    { op: 'globalAveragePool', name: 'pool', inputs: ['block_4'], shape: [2] },
  ],
};
const cuts = [1, 2, 3].map((stageCount) => cutNetwork(NETWORK, stageCount));
const [shallow = cutNetwork(NETWORK, 1), middle = shallow, deep = shallow] = cuts;
const PLACE = { featureKey: 'network', mode: 'crop' } as const;

const row = (name: string) => ({ name, values: Float32Array.of(1, 2) });
const noDisk = () => Promise.reject(new Error('memory is enough'));
const roomFor = (rowCount: number) => new KeptCuts(noDisk, new ActivationMemory(rowCount * activationBytes(2)));

test('values at several cuts stay as long as memory has room for them', async () => {
  const kept = roomFor(4);
  for (const cut of [shallow, middle]) {
    const store = kept.storeFor(PLACE, cut);
    kept.makeRoom(store, 2);
    await store.put([row('a'), row('b')]);
  }
  expect(kept.storeFor(PLACE, shallow).missing(['a', 'b'])).toEqual([]);
  expect(kept.storeFor(PLACE, middle).missing(['a', 'b'])).toEqual([]);
  expect(kept.below(PLACE, 1).map(({ cut }) => cut.stageCount)).toEqual([1, 2]);
  expect(kept.below(PLACE, 2).map(({ cut }) => cut.stageCount)).toEqual([2]);
});

test('the cut used longest ago makes room for another', async () => {
  const kept = roomFor(5);
  await kept.storeFor(PLACE, shallow).put([row('a'), row('b')]);
  await kept.storeFor(PLACE, middle).put([row('a'), row('b')]);
  kept.storeFor(PLACE, shallow);
  const store = kept.storeFor(PLACE, deep);
  kept.makeRoom(store, 2);
  await store.put([row('a'), row('b')]);
  expect(kept.below(PLACE, 1).map(({ cut }) => cut.stageCount)).toEqual([1, 3]);
  expect(kept.storeFor(PLACE, middle).missing(['a'])).toEqual(['a']);
});

test('forgotten images give their memory back', async () => {
  const kept = roomFor(2);
  const store = kept.storeFor(PLACE, shallow);
  await store.put([row('a'), row('b')]);
  kept.forget(new Set(['a']));
  await store.put([row('c')]);
  expect(store.missing(['a', 'b', 'c'])).toEqual(['a']);
});

test('another network, or another way to make images square, drops everything', async () => {
  const kept = roomFor(2);
  for (const place of [PLACE, { ...PLACE, mode: 'pad' }, { ...PLACE, featureKey: 'other' }] as const) {
    expect(kept.below(place, 1)).toEqual([]);
    await kept.storeFor(place, shallow).put([row('a'), row('b')]);
    expect(kept.below(place, 1)).toHaveLength(1);
  }
});
